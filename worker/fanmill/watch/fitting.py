"""Which columns of a table fit into a line, and how wide each is. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fanmill.screens.tables import Column, Kind

GAP: Final = 2
"""Spaces between two columns."""
_SHRINKS: Final[frozenset[Kind]] = frozenset({"text", "id"})
_EASY, _LEAST = 24, 8
"""Widths to which long texts shrink: before a wide column is left out, and after all are."""
_STEADY: Final[dict[Kind, int]] = {
    "moment": 10, "seconds": 10, "milliseconds": 8, "rate": 8, "bytes": 8, "share": 7, "count": 5,
}  # fmt: skip
"""Widths of numbers that change at each look: columns must not jump with them."""


def natural(column: Column, longest: int) -> int:
    """Return the width that a column wants, in cells.

    Args:
        column: The column.
        longest: Width of its longest value.
    """
    return max(len(column.title), longest, _STEADY.get(column.kind, 1))


def fit(columns: Sequence[Column], widths: Sequence[int], room: int) -> list[tuple[int, int]]:
    """Return the positions of the columns to show, each with its width.

    Long texts are cut down to 24 cells first. Then wide columns are left out, from the last, and
    courses after them. Then texts shrink to 8 cells. If the rest is still too wide, it stays so,
    and the table scrolls sideways.

    Args:
        columns: All columns of a table.
        widths: The width that each wants; see `natural`.
        room: Width of the line in cells.
    """
    shown = list(range(len(columns)))
    while True:
        left_out = [at for at in shown if columns[at].wide] or [
            at for at in shown if columns[at].kind == "course"
        ]
        least = _EASY if left_out else _LEAST
        found = _shrunk(columns, widths, shown, room, least)
        total = sum(found.values()) + GAP * len(found)
        if total <= room or not left_out:
            return list(found.items())
        shown.remove(left_out[-1])


def _shrunk(
    columns: Sequence[Column], widths: Sequence[int], shown: Sequence[int], room: int, least: int
) -> dict[int, int]:
    found = {at: widths[at] for at in shown}
    excess = sum(found.values()) + GAP * len(found) - room
    while excess > 0:
        longest = max(
            (at for at in shown if columns[at].kind in _SHRINKS and found[at] > least),
            key=lambda at: found[at], default=None,
        )  # fmt: skip
        if longest is None:
            break
        found[longest] -= 1
        excess -= 1
    return found
