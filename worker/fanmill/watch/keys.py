"""The keys of the terminal, with their meaning for the help and the last line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rich.text import Text

from fanmill.screens.tables import Role, Table, may
from fanmill.watch.catalogue import VIEWS

DO: Final[Mapping[str, str]] = {
    "g": "do_going", "j": "do_next", "k": "do_previous", "x": "do_choose",
    "*": "do_choose_all", "/": "do_filter", "escape": "do_no_filter", "p": "do_hold",
    "R": "look_now", "s": "do_span", "P": "do_pause", "t": "do_theme",
    "?": "do_help", "Q": "exit",
}  # fmt: skip
"""Methods of the application by key; no action of a table may have one of these keys."""
KEYS: Final = (
    ("j k, arrows", "next and previous row"),
    ("Tab", "next table"),
    ("Enter", "all of a row"),
    ("x, *", "choose a row, all rows"),
    ("/", "filter: word key:value -key:value age:>5m (Esc ends)"),
    ("p", "hold the numbers, or let them live again"),
    ("R", "look now"),
    ("s", "other span of the overview"),
    ("P", "pause or resume a part of the service"),
    ("t", "dark and light"),
    ("Q, Ctrl+C", "quit"),
)
_KEY_WIDTH: Final = 28
_GAP: Final = "  "


def help_text(role: Role, tables: Sequence[Table]) -> Text:
    """Return the keys, those of the tables of a screen among them."""
    lines = []
    for table in tables:
        for action in table.actions:
            less = "" if may(role, action.role) else f" (needs --role {action.role})"
            lines.append((action.key, f"{table.title}: {action.title}{less}"))
    letters = " ".join(view.key for view in VIEWS)
    lines.append((f"1-{len(VIEWS)}, g {letters}", "go to a screen"))
    lines += KEYS
    return Text("\n".join(f"{key:<{_KEY_WIDTH}}{meaning}" for key, meaning in lines))


def footer(role: Role, table: Table | None, room: int, *, filtered: str) -> str:
    """Return the last line: the keys that matter now, as many as have room, none of them cut.

    Args:
        role: Role of the viewer.
        table: The table with the cursor; None on the overview.
        room: Cells of the line.
        filtered: The filter; empty for none.
    """
    parts = ["? keys"]
    if filtered:
        parts.append("Esc ends the filter")
    if table is None:
        parts += [f"1-{len(VIEWS)} go", "P pause", "p hold", "s span", "t light or dark"]
    else:
        acts = [each for each in table.actions if may(role, each.role)]
        parts += [f"{action.key} {action.title}" for action in acts]
        if table.actions and not acts:
            parts.append("read-only")
        parts += ["Enter open", "/ filter"]
        parts += ["x choose"] if acts else []
        parts += ["j/k row", "p hold"]
    line = ""
    for part in [*parts, "Q quit"]:
        longer = f"{line}{_GAP}{part}" if line else part
        if len(longer) > room:
            break
        line = longer
    return line
