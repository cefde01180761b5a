"""Worked examples: the amounts are in the sources or counted by hand, the scores follow."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_samples import SAMPLES
from core_texts import analysed, texts
from fanmill.core.statistics.plain_prose import plain_prose
from fanmill.core.statistics.readability import FORMULAS, Amounts, amounts, readability, scores
from fanmill.core.statistics.syllables import syllables_of
from fanmill.core.text.whitespace_words import split_words


def score(language: str, name: str, **of: int) -> float:
    defaults = {"words": 100, "sentences": 5, "characters": 450, "long_words": 20}
    found = scores({name: FORMULAS[language][name]}, Amounts(**{**defaults, **of}))
    value = getattr(found, name)
    assert isinstance(value, float)
    return value


def test_flesch_1948() -> None:
    # His scale: 1.27 syllables a word and 12 words a sentence are 'easy'.
    assert score("en", "flesch_reading_ease", words=1200, sentences=100, syllables=1524) == (
        pytest.approx(87.2, abs=0.05)
    )
    # `The cat sat on the mat.`: the often quoted 116.
    assert score("en", "flesch_reading_ease", words=6, sentences=1, syllables=6) == pytest.approx(
        116.145
    )


def test_kincaid_1975() -> None:
    assert score("en", "flesch_kincaid_grade", words=6, sentences=1, syllables=6) == pytest.approx(
        -1.45
    )
    # The lowest score there can be: sentences of one syllable.
    assert score("en", "flesch_kincaid_grade", words=1, sentences=1, syllables=1) == pytest.approx(
        -3.4
    )


def test_gunning_1952() -> None:
    # 100 words in 5 sentences, 10 of them hard: 0.4 (20 + 10).
    assert score("en", "gunning_fog", polysyllables=10) == pytest.approx(12.0)


def test_mclaughlin_1969() -> None:
    # 30 sentences with 30 polysyllabic words: 3 + 5.48 by the short form 3 + sqrt(30).
    value = score("en", "smog", sentences=30, polysyllables=30)
    assert value == pytest.approx(1.0430 * 30**0.5 + 3.1291)
    assert value == pytest.approx(3 + 30**0.5, abs=0.4)


def test_smog_needs_thirty_sentences() -> None:
    found = scores({"smog": FORMULAS["en"]["smog"]}, Amounts(300, 29, 1400, 60, 450, 40, 180))
    assert found.smog is None


def test_coleman_and_liau_1975() -> None:
    # 537 letters and 4.20 sentences in 100 words, as in their example: grade 14.5.
    value = score("en", "coleman_liau", words=10_000, sentences=420, characters=53_700)
    assert value == pytest.approx(0.0588 * 537 - 0.296 * 4.20 - 15.8)
    assert value == pytest.approx(14.5, abs=0.05)


def test_smith_and_senter_1967() -> None:
    assert score("en", "automated_readability", characters=500) == pytest.approx(
        4.71 * 5 + 0.5 * 20 - 21.43
    )


def test_amstad_1978() -> None:
    # 100 words in 5 sentences with 170 syllables: 180 - 20 - 99.45.
    assert score("de", "amstad", syllables=170) == pytest.approx(60.55)


def test_bamberger_and_vanecek_1984() -> None:
    value = score("de", "wiener_sachtext", polysyllables=20, monosyllables=50, long_words=30)
    assert value == pytest.approx(3.87 + 3.344 + 3.891 - 1.635 - 0.875)


def test_fernandez_huerta_1959() -> None:
    assert score("es", "fernandez_huerta", syllables=200) == pytest.approx(206.84 - 120 - 20.4)


def test_lucisano_and_piemontese_1988() -> None:
    # The constant, 300 a sentence less 10 a letter, by words.
    assert score("it", "gulpease") == pytest.approx(59.0)
    assert score("it", "gulpease", words=6, sentences=3, characters=20) == 100.0


def test_bjornsson_and_anderson() -> None:
    # 100 words in 5 sentences, 20 of them long: 20 + 20; four long words a sentence.
    assert score("sv", "lix") == pytest.approx(40.0)
    assert score("sv", "rix") == pytest.approx(4.0)


def count(words: str, language: str) -> dict[str, int]:
    return dict(zip(words.split(), syllables_of(words.split(), language).tolist(), strict=True))


ENGLISH = {
    1: """
    cat make stopped makes the through seemed hmm league vague quite square eyes played clothes
    """,
    2: """
    table wanted houses people naïve little handled special being quiet science player poem fuel
    something careful lovely safety hundred acre prism rhythm didn't couldnt colleague million ruin
    fashion every business creature café maybe
    """,
    3: """
    radio various Canada beautiful area idea museum video theory opinion familiar influence
    employee easier carrier advertise settlement element resumé recipe reliance interesting
    """,
    4: """
    January information experience society variety reality European actually initiate cooperate
    continuous advertisement biology catastrophe
    """,
    5: "association individual ambiguity simultaneous immediately",
}


@pytest.mark.parametrize("number", ENGLISH)
def test_english_syllables(number: int) -> None:
    assert count(ENGLISH[number], "en") == dict.fromkeys(ENGLISH[number].split(), number)


def test_german_syllables() -> None:
    expected = {"Haus": 1, "Bauer": 2, "neue": 2, "Theater": 3, "Bäume": 2, "Straßenbahn": 3}
    expected |= {"Quelle": 2, "Quark": 1, "bequem": 2, "Museum": 3, "Jubiläum": 4, "Ideen": 3}
    assert count(" ".join(expected), "de") == expected


def test_spanish_syllables() -> None:
    expected = {"día": 2, "ciudad": 2, "leer": 2, "aéreo": 4, "muy": 1, "que": 1, "países": 3}
    assert count(" ".join(expected), "es") == expected


def test_every_word_has_a_syllable() -> None:
    for language in ("en", "de", "es"):
        counted = syllables_of(["3.5", "??", "hmm", "-", "x"], language)
        assert np.array_equal(counted, np.ones(5))


def test_amounts_are_counted_on_words_and_sentences() -> None:
    found = amounts(analysed("The children wanted to see the elephants. They laughed at them."))
    assert found is not None
    assert (found.words, found.sentences, found.characters) == (11, 2, 51)
    assert (found.long_words, found.syllables, found.polysyllables) == (3, 15, 1)
    assert found.monosyllables == 8


def test_scores_are_those_of_the_language_and_of_no_other() -> None:
    for language, text in SAMPLES.items():
        found = {key for key, value in readability(analysed(text)).model_dump().items() if value}
        expected = set(FORMULAS.get(language, {})) - {"smog"}
        assert found - {"smog"} == expected, language


@pytest.mark.parametrize("text", ["", "一", "3.14", "a " * 5000])
def test_there_is_no_score_where_there_is_no_prose(text: str) -> None:
    found = readability(analysed(text))
    assert found.flesch_reading_ease is None
    assert found.automated_readability is None


PROSE = (
    "The mill sells flour to anyone who comes by. You can see the wheel turn at noon each day. "
    "A path leads up to the weir from there. Bring shoes that keep out the wet."
)


@pytest.mark.parametrize(
    "noise",
    [
        " Look at https://mill.example.org/visit/opening-hours/2024/index.html?lang=en first.",
        " Write to keeper.of.the.mill@visitors.example.org first.",
        ' The <a href="/wheel/pictures/overview.html" class="picture-link">wheel</a> is old.',
        " Run `systemctl restart millwheel-controller.service` if it stops.",
        " {{Cite web|url=https://mill.example.org|title=Millers of the upper valley}}",
        " The [[Waterwheel (engineering)|wheel]] is old.",
    ],
)
def test_addresses_code_and_markup_are_no_words(noise: str) -> None:
    plain = readability(analysed(PROSE)).flesch_kincaid_grade
    noisy = readability(analysed(PROSE + noise)).flesch_kincaid_grade
    assert plain is not None
    assert noisy is not None
    assert abs(plain - noisy) < 1


@pytest.mark.parametrize(
    "text",
    [
        "{{Infobox mill\n| name = Upper Mill\n| built = {{Start date|1790|4}}\n| use = Flour\n}}",
        "https://mill.example.org/a.html\nhttps://mill.example.org/b.html",
        "import os\nfor name in os.listdir('.'):\n    size = os.stat(name)\n    print(size)",
        '<div class="page"><img src="wheel.png" alt=""></div>',
    ],
)
def test_a_text_without_prose_has_no_score(text: str) -> None:
    found = readability(analysed(text))
    assert set(found.model_dump().values()) == {None}


@pytest.mark.parametrize("language", ["en", "de", "es"])
@given(text=texts, markup=st.sampled_from(["<b>bold</b>", "see(http://a.example/x)", "[[a|b c]]"]))
def test_words_are_those_of_the_text_without_markup(language: str, text: str, markup: str) -> None:
    whole = f"{SAMPLES[language]} {text}{markup}{text} {SAMPLES[language]}"
    analysis = analysed(whole)
    if analysis.language.code == language:
        words = split_words(plain_prose(whole, analysis.markup), language)
        found = amounts(analysis)
        assert found is not None
        assert found.words == len(words)
        assert found.characters == sum(map(len, words))
        assert found.syllables == syllables_of(words, language).sum()


@given(texts)
def test_markup_is_replaced_code_point_for_code_point(text: str) -> None:
    assert len(plain_prose(text)) == len(text)


@pytest.mark.parametrize(
    "thing",
    ["/usr/share/documentation/configuration", "information.example.org/catalogues/international"],
)
def test_paths_and_hosts_leave_the_grade_as_it_is(thing: str) -> None:
    text = "The cat sat on the mat by * and slept. The dog ran to the barn. It was a warm day."
    plain, with_thing = (
        readability(analysed(text.replace("*", each))).flesch_kincaid_grade
        for each in ("it", thing)
    )
    assert plain is not None
    assert with_thing == pytest.approx(plain, abs=0.5)
