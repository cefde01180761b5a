import pytest

from fanmill.core.taggers.topic_stems import Stems

TERMS = ["wahl-", "wahlkampf-", "wahl", "entraîn-", "öl"]


@pytest.mark.parametrize(
    ("word", "term"),
    [
        ("wahl", "wahl"),
        ("wahlen", "wahl-"),
        ("wahlkampfauftakt", "wahlkampf-"),
        ("auswahl", ""),
        ("l'entraîneur", "entraîn-"),
        ("lorsqu’entraînés", "entraîn-"),  # noqa: RUF001
        ("öl", "öl"),
        ("ölpreis", ""),
        ("", ""),
        ("w" * 10_000, ""),
    ],
)
def test_a_word_stands_for_the_longest_term_it_begins_with(word: str, term: str) -> None:
    assert Stems(TERMS)[word] == term


def test_it_forgets_before_it_grows_without_end() -> None:
    stems = Stems(TERMS)
    for number in range(Stems.MOST + 10):
        assert stems[f"x{number}"] == ""
    assert len(stems) <= Stems.MOST + 1
