# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

import pytest
from hypothesis import given

from core_texts import MEBIBYTE, analysed, texts
from fanmill.core.taggers.keyphrases import MAX_KEYPHRASES, keyphrases


def phrases(text: str) -> list[str]:
    return [found.phrase for found in keyphrases(analysed(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Climate change hurts the harvest. As climate change is fast, its cost is high.",
            "climate change",
        ),
        (
            "Der Klimawandel schadet der Ernte. Ohne den Klimawandel wäre es billiger.",
            "Klimawandel",
        ),
        ("气候变化影响农业。专家认为，气候变化很快。我们必须应对气候变化。", "气候变化"),
        ("気候変動は農業に影響する。専門家によると、気候変動は速い。", "気候変動"),
        (
            "Изменение климата вредит урожаю. Учёные изучают, как быстро идёт изменение климата.",
            "изменение климата",
        ),
        ("تغير المناخ يضر بالزراعة. يقول الخبراء إن تغير المناخ سريع.", "تغير المناخ"),
        ("जलवायु परिवर्तन से खेती को नुकसान है। जलवायु परिवर्तन तेज है।", "जलवायु परिवर्तन"),
    ],
)
def test_what_a_text_repeats_is_its_first_keyphrase(text: str, expected: str) -> None:
    assert phrases(text)[0] == expected


def test_thai_words_are_found_without_spaces() -> None:
    assert any("เกษตร" in found for found in phrases("เกษตรกรขาดน้ำ รัฐบาลช่วยเกษตรกร เกษตรกรดีใจ"))


def test_the_text_own_spelling_is_returned() -> None:
    assert "NATO" in phrases("NATO met on Monday. The members of NATO agreed.")


def test_hyphens_join_and_possessives_are_left_off() -> None:
    found = phrases("These are the self-driving cars of Berlin's and no others.")
    assert found == ["self-driving cars", "Berlin"]


def test_a_phrase_is_shown_as_it_is_meant_and_placed_where_it_stands() -> None:
    text = "The \uff2e\uff21\uff34\uff2f har\u00adbour is here. A NATO harbour is there."
    first = keyphrases(analysed(text))[0]
    assert first.phrase == "NATO harbour"
    assert text[first.start : first.end] == "\uff2e\uff21\uff34\uff2f har\u00adbour"


def test_decomposed_letters_are_the_words_they_make() -> None:
    composed = "Le caf\u00e9 de la place vend du caf\u00e9 noir."
    decomposed = composed.replace("\u00e9", "e\u0301")
    assert phrases(decomposed) == phrases(composed)


def test_a_spaced_hyphen_ends_a_phrase() -> None:
    found = phrases("We like harbour bridges - repair crews did too.")
    assert "harbour bridges repair crews" not in found
    assert "harbour bridges" in found


def test_an_elided_article_is_no_part_of_a_phrase() -> None:
    found = phrases("Il faut protéger l'environnement parce que l'environnement est fragile.")
    assert found[0] == "environnement"


@pytest.mark.parametrize("text", ["", " ", "the of and", "12 34 56", "!!!", "😀", "的了是"])
def test_function_words_and_numbers_have_no_keyphrases(text: str) -> None:
    assert phrases(text) == []


@given(texts)
def test_keyphrases_are_few_different_and_fall_in_score(text: str) -> None:
    found = keyphrases(analysed(text))
    assert len(found) <= MAX_KEYPHRASES
    assert len({one.phrase.casefold() for one in found}) == len(found)
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 < score <= 1.0 for score in scores)


@given(texts)
def test_the_same_text_gives_the_same_keyphrases(text: str) -> None:
    assert keyphrases(analysed(text)) == keyphrases(analysed(text))


@pytest.mark.parametrize("unit", ["a", "word another ", "x-", "中文", "Ab ", "\n"])
def test_a_mebibyte_of_anything_is_searched(unit: str) -> None:
    text = unit * (MEBIBYTE // len(unit.encode()))
    assert len(keyphrases(analysed(text))) <= MAX_KEYPHRASES
