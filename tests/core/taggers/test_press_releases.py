"""The lines above the title of a press release."""

# ruff: noqa: RUF001 (letters of other scripts look like Latin ones)

import pytest

from fanmill.core.document import Document
from fanmill.core.taggers.document_metadata import find_metadata

PROSE = "The choir sang on the green until the church bells rang for the evening service."


def titles(text: str) -> list[str]:
    return [each.value for each in find_metadata(Document("d", text), "") if each.field == "title"]


@pytest.mark.parametrize(
    "line",
    [
        "FOR IMMEDIATE RELEASE",
        "Embargoed until 6 May 2021",
        "PRESSEMITTEILUNG Nr. 12/2021",
        "Communiqué de presse – 3 mai 2021",
        "Tisková zpráva",
        "Δελτίο Τύπου, 6/5/2021",
        "Пресс-релиз",
        "プレスリリース",
        "보도자료",
        "بيان صحفي",
    ],
)
def test_the_line_above_a_press_release_is_no_title(line: str) -> None:
    assert titles(f"{line}\n\nSongs of May\n\n{PROSE}") == ["Songs of May"]


def test_a_title_may_begin_with_the_words_of_a_press_release() -> None:
    title = "Press Release Distribution Compared"
    assert titles(f"{title}\n\n{PROSE}") == [title]
