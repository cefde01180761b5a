"""The screens of the terminal with their tables and acts: those of the web console."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fanmill.screens import consumers, failure_acts, ledger_acts, worker_acts
from fanmill.screens.actions import actions_table
from fanmill.screens.acts import Act
from fanmill.screens.failures import find, groups_table
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


def _failures(reader: Reader) -> Sequence[Table]:
    return (groups_table(reader), find(reader, "").table)


def _actions(reader: Reader) -> Sequence[Table]:
    return (actions_table(reader),)


VIEWS: Final = (
    View("overview", "Overview", "o", lambda _: ()),
    View("ledger", "Ledger", "l", _ledger),
    View("workers", "Workers", "w", _workers),
    View("failures", "Failures", "f", _failures),
    View("actions", "Actions", "a", _actions),
    View("consumers", "Readers", "r", consumers.consumers),
)
ACTS: Final[Mapping[tuple[str, str], Act]] = {
    (act.table, act.action): act
    for act in (*ledger_acts.ACTS, *worker_acts.ACTS, *failure_acts.ACTS, *consumers.ACTS)
}
"""Acts by table and action."""
