"""The keys of the terminal, with their meaning for the help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.text import Text

from fanmill.screens.tables import Role, Table, may
from fanmill.watch.catalogue import VIEWS

KEYS: Final = (
    ("j k, arrows", "next and previous row"),
    ("Tab", "next table"),
    ("Enter", "all of a row"),
    ("x, A", "choose a row, all rows"),
    ("/", "filter: word key:value -key:value age:>5m (Esc ends)"),
    ("p", "pause live updates"),
    ("R", "look now"),
    ("s", "other span of the overview"),
    ("P", "pause or resume a part of the service"),
    ("t", "dark and light"),
    ("Q, Ctrl+C", "quit"),
)
_KEY_WIDTH: Final = 24


def help_text(role: Role, tables: Sequence[Table]) -> Text:
    """Return the keys, those of the tables of a screen among them."""
    lines = []
    for table in tables:
        for action in table.actions:
            less = "" if may(role, action.role) else f" (needs --role {action.role})"
            lines.append((action.key, f"{table.title}: {action.title}{less}"))
    letters = " ".join(view.key for view in VIEWS)
    lines.append((f"1-{len(VIEWS)}, or g and {letters}", "go to a screen"))
    lines += KEYS
    return Text("\n".join(f"{key:<{_KEY_WIDTH}}{meaning}" for key, meaning in lines))


def footer(role: Role, table: Table | None, *, filtered: str) -> str:
    """Return the last line: the keys that matter now."""
    parts = ["? keys"]
    if table is not None:
        parts += ["j/k row", "Enter open", "/ filter", "x choose"]
        acts = [each for each in table.actions if may(role, each.role)]
        parts += [f"{action.key} {action.title}" for action in acts]
        if table.actions and not acts:
            parts.append("read-only")
    else:
        parts += [f"1-{len(VIEWS)} go", "s span", "p hold"]
    if filtered:
        parts.append("Esc ends the filter")
    return "  ".join([*parts, "Q quit"])
