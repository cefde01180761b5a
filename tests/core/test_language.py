import sys
from pathlib import Path
from subprocess import run

import pytest
from hypothesis import given

from fanmill.core.language import NO_LANGUAGE, LangidDetector, detect

from .texts import PARAGRAPHS, texts


@pytest.mark.parametrize("language", sorted(PARAGRAPHS))
def test_a_paragraph_is_told_by_its_language(language: str) -> None:
    assert detect(PARAGRAPHS[language]).code == language


@pytest.mark.parametrize("text", ["", " \n", "12 345", "!?", "😀", "\x00", "\ud800"])
def test_a_text_without_letters_is_undetermined(text: str) -> None:
    assert detect(text) == NO_LANGUAGE


@pytest.mark.parametrize("language", ["zh", "ja", "th", "ar", "hi", "ru"])
def test_an_english_header_does_not_hide_the_article(language: str) -> None:
    header = "Home News Sport Weather About us Contact Subscribe to our newsletter today. " * 14
    assert len(header) > 1000
    assert detect(header + PARAGRAPHS[language] * 40).code == language


def test_letters_between_pages_of_digits_are_found() -> None:
    digits = "0123456789 " * 500
    assert detect(f"{digits}The minister spoke to the farmers on Monday.{digits}").code == "en"


def test_nul_does_not_end_the_text() -> None:
    assert detect("\x00" + PARAGRAPHS["de"]).code == "de"


def test_confidence_grows_with_the_text() -> None:
    assert detect("Hello").confidence < detect(PARAGRAPHS["en"]).confidence


def test_a_single_letter_is_no_evidence() -> None:
    assert detect("x").confidence < 0.2


@given(texts)
def test_any_text_has_a_code_and_a_confidence_in_range(text: str) -> None:
    language = detect(text)
    assert language.code
    assert 0.0 <= language.confidence <= 1.0
    assert (language == NO_LANGUAGE) == (language.code == "und")


def test_the_second_detector_answers_in_the_same_terms() -> None:
    detector = LangidDetector()
    for code, text in PARAGRAPHS.items():
        language = detector.judge(text)
        assert language.code == code
        assert 0.0 < language.confidence <= 1.0
    assert detector.judge("a\ud800b\x00").confidence <= 1.0


def test_without_eldc_the_second_detector_is_chosen(tmp_path: Path) -> None:
    (tmp_path / "eldc.py").write_text("raise ImportError\n")
    script = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from fanmill.core.language import detect, detector\n"
        "print(detector().library.split()[0], detect('Der Minister sprach am Montag.').code)\n"
    )
    answer = run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["py3langid", "de"]


def test_a_detector_made_before_a_fork_works_behind_it() -> None:
    script = (
        "import os\nfrom fanmill.core.language import detect\n"
        "detect('Hello world, how are you?')\n"
        "child = os.fork()\n"
        "if not child: os._exit(0 if detect('Wie geht es dir heute?').code == 'de' else 1)\n"
        "raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    assert run([sys.executable, "-c", script], check=False).returncode == 0
