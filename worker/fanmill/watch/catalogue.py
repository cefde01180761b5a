"""The screens of the terminal with their tables and acts: those of the web console."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fanmill.screens import ledger_acts, worker_acts
from fanmill.screens.acts import Act
from fanmill.screens.ledger import in_flight_table, waiting_table
from fanmill.screens.reading import Reader
from fanmill.screens.tables import Table
from fanmill.screens.workers import workers

ROWS: Final = 200
"""Rows of a table of the ledger, for each partition."""


@dataclass(frozen=True, slots=True)
class View:
    """A screen of the terminal.

    Attributes:
        name: Name in code.
        title: Title in the first line.
        key: Letter after `g` that goes to it.
        tables: Reads its tables; the overview has none.
    """

    name: str
    title: str
    key: str
    tables: Callable[[Reader], Sequence[Table]]


def _ledger(reader: Reader) -> Sequence[Table]:
    return (in_flight_table(reader, ROWS), waiting_table(reader, ROWS))


def _workers(reader: Reader) -> Sequence[Table]:
    return (workers(reader),)


VIEWS: Final = (
    View("overview", "Overview", "o", lambda _: ()),
    View("ledger", "Ledger", "l", _ledger),
    View("workers", "Workers", "w", _workers),
)
ACTS: Final[Mapping[tuple[str, str], Act]] = {
    (act.table, act.action): act for act in (*ledger_acts.ACTS, *worker_acts.ACTS)
}
"""Acts by table and action."""
