"""The keys of the terminal, with their meaning for the help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.text import Text

from fanmill.screens.tables import Role, Table, may
from fanmill.watch.catalogue import VIEWS

KEYS: Final = (
    ("1 - 9, or g and a letter", "go to a screen"),
    ("j k, arrows", "next and previous row"),
    ("Tab", "next table"),
    ("Enter", "all of a row"),
    ("x, A", "choose a row, all rows"),
    ("/", "filter: word, key:value, -key:value, key:>5; Esc ends it"),
    ("p", "pause live updates"),
    ("R", "look now"),
    ("s", "other span of the overview: 1 h, 24 h, 30 d"),
    ("P", "pause or resume a part of the service"),
    ("t", "dark and light"),
    ("Q, Ctrl+C", "quit"),
)


def help_text(role: Role, tables: Sequence[Table]) -> Text:
    """Return the keys, those of the tables of a screen among them."""
    lines = [(f"g {view.key}, {at}", view.title) for at, view in enumerate(VIEWS, 1)]
    lines += KEYS
    for table in tables:
        for action in table.actions:
            less = "" if may(role, action.role) else f" (needs --role {action.role})"
            lines.append((action.key, f"{table.title}: {action.title}{less}"))
    return Text("\n".join(f"{key:<26}{meaning}" for key, meaning in lines))


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
        parts += ["g, 1-9 go", "s span", "p hold"]
    if filtered:
        parts.append("Esc ends the filter")
    return "  ".join([*parts, "Q quit"])
