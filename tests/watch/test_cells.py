"""Cells and columns: escaped, cut by their width, chosen by the width of the terminal."""

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from fanmill.screens.tables import Column
from fanmill.watch.cells import cell, cut, cut_middle, exact, shown
from fanmill.watch.fitting import GAP, fit, natural

HOSTILE = "\x1b[2J\x1b]0;owned\x07[red]\u202eevil\n\u009b31m" + "long" * 40
TITLE, ID = Column("title", "Title"), Column("document", "Document", "id")
COUNT = Column("words", "Words", "count")
TABLE = (
    Column("rejection", "Rejection", "id"),
    Column("rejected", "Rejected", "moment"),
    Column("reason", "Reason"),
    Column("source", "Source", "id", wide=True),
    Column("trend", "24 hours", "course"),
    Column("error", "Error"),
    Column("bytes", "Original", "bytes", wide=True),
)


def test_control_characters_are_escapes_in_cells_and_details() -> None:
    seen = shown(HOSTILE, TITLE, 0)
    for text in (seen, exact(HOSTILE, TITLE, 0)):
        assert text.startswith("\\x1b[2J\\x1b]0;owned\\x07[red]\\u202eevil\\n\\x9b31m")
        assert text.isprintable()
    assert cell(seen, TITLE, 60).plain.endswith("…")
    assert not cell(seen, TITLE, 60).spans, "no markup is read"


@settings(max_examples=50)
@given(st.text(max_size=80), st.integers(1, 60))
def test_no_text_is_wider_than_its_cell(text: str, width: int) -> None:
    seen = shown(text, TITLE, 0)
    for short in (cut(seen, width), cut_middle(seen, width)):
        assert cell_len(short) <= width
        assert short.isprintable() or not seen.isprintable()
    if cell_len(seen) <= width:
        assert cut(seen, width) == cut_middle(seen, width) == seen


def test_wide_characters_count_as_two_and_composed_ones_as_one() -> None:
    assert cut("東京都庁舎", 6) == "東京…"
    assert cell_len(shown("re\u0301pe\u0300te", TITLE, 0)) == 6


def test_an_id_keeps_both_ends() -> None:
    assert cell("1795729131123-0", ID, 9).plain == "1795…23-0"
    assert cell("1795729131123-0", ID, 15).plain == "1795729131123-0"


def test_huge_numbers_are_exact() -> None:
    huge = 2**63 - 1
    assert shown(huge, COUNT, 0) == exact(huge, COUNT, 0) == "9,223,372,036,854,775,807"
    assert natural(COUNT, len(shown(huge, COUNT, 0))) == 25
    assert cell(shown(huge, COUNT, 0), COUNT, 25).plain == "9,223,372,036,854,775,807"


def names(room: int, *widths: int) -> list[str]:
    return [TABLE[at].name for at, _ in fit(TABLE, widths, room)]


def test_wide_columns_are_left_out_before_short_texts_shrink() -> None:
    widths = (15, 10, 15, 6, 24, 60, 8)
    assert names(200, *widths) == [column.name for column in TABLE]
    assert names(120, *widths) == [column.name for column in TABLE]
    assert names(115, *widths) == ["rejection", "rejected", "reason", "source", "trend", "error"]
    assert names(74, *widths) == ["rejection", "rejected", "reason", "error"]
    assert dict(fit(TABLE, widths, 74))[5] >= 10


@settings(max_examples=50)
@given(
    st.lists(st.integers(0, 120), min_size=len(TABLE), max_size=len(TABLE)), st.integers(50, 250)
)
def test_a_line_is_never_wider_than_the_terminal(longest: list[int], room: int) -> None:
    longest[1], longest[6] = longest[1] % 12, longest[6] % 12
    widths = [natural(column, each) for column, each in zip(TABLE, longest, strict=True)]
    fitted = fit(TABLE, widths, room)
    assert sum(width + GAP for _, width in fitted) <= room
    assert [at for at, _ in fitted] == sorted(at for at, _ in fitted)
    assert {0, 1, 2, 5} <= {at for at, _ in fitted}
    for at, width in fitted:
        assert width <= widths[at]
