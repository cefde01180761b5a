"""The screens of the terminal with their tables and acts: those of the web console."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from fanmill.core.filters import FilterError, parse_filter
from fanmill.core.filters.keys import Catalogue
from fanmill.core.filters.record_keys import RECORD_KEYS
from fanmill.core.filters.rejection_keys import REJECTION_KEYS
from fanmill.screens import consumers, failure_acts, ledger_acts, worker_acts
from fanmill.screens.actions import actions_table
from fanmill.screens.acts import Act
from fanmill.screens.clusters import NO_STORE, clusters_table
from fanmill.screens.documents import documents_table, search
from fanmill.screens.failures import find, groups_table
from fanmill.screens.filtering import filtered
from fanmill.screens.ledger import in_flight_table, waiting_table
from fanmill.screens.reading import Reader
from fanmill.screens.tables import Table
from fanmill.screens.trending import corpus_table, topics_table, trends_table
from fanmill.screens.workers import workers

_TREND_SPAN: Final = "2h"
_CORPUS_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class View:
    """A screen of the terminal.

    Attributes:
        name: Name in code, the same as of the page of the web console.
        title: Title in the first line.
        key: Letter after `g` that goes to it.
        tables: Reads its tables, with the filter if it searches; the overview has none.
        live: Whether it is read at each look; else on arrival, on `R` and for a filter.
        searches: Keys of a search of all that is stored; None if a filter is for the rows.
    """

    name: str
    title: str
    key: str
    tables: Callable[[Reader, str], Sequence[Table]]
    live: bool = True
    searches: Catalogue | None = None


def tables_of(reader: Reader, view: View, where: str) -> Sequence[Table]:
    """Return the tables of a screen with the rows that a filter matches.

    Raises:
        FilterError: It cannot be read.
        RedisError: A server does not answer.
        StoreError: The store cannot be used.
    """
    if view.searches is not None:
        parse_filter(where, view.searches)
        return view.tables(reader, where)
    found = view.tables(reader, "")
    return filtered(found, where) if found else found


def _ledger(reader: Reader, _: str) -> Sequence[Table]:
    return (in_flight_table(reader), waiting_table(reader))


def _workers(reader: Reader, _: str) -> Sequence[Table]:
    return (workers(reader),)


def _documents(reader: Reader, where: str) -> Sequence[Table]:
    found = search(reader, where)
    if found.fault:
        raise FilterError(where, found.position, found.fault)
    table = documents_table(found, texts=reader.settings.console_text)
    note = " ".join(part for part in (found.total and f"{found.total}.", found.note) if part)
    table = replace(table, title="Documents", note=note)
    return (replace(table, more=None if found.older else 0),)


def _clusters(reader: Reader, _: str) -> Sequence[Table]:
    if reader.has_store:
        return (clusters_table(reader, texts=reader.settings.console_text),)
    return (Table("clusters", "Largest clusters", (), empty=NO_STORE),)


def _failures(reader: Reader, where: str) -> Sequence[Table]:
    found = find(reader, where)
    more = None if found.next else 0
    return (groups_table(reader), replace(found.table, more=more))


def _actions(reader: Reader, _: str) -> Sequence[Table]:
    return (actions_table(reader),)


def _consumers(reader: Reader, _: str) -> Sequence[Table]:
    return consumers.consumers(reader)


def _trends(reader: Reader, _: str) -> Sequence[Table]:
    texts = reader.settings.console_text
    return (
        trends_table(reader, _TREND_SPAN, texts=texts),
        topics_table(reader),
        corpus_table(reader, _CORPUS_DAYS),
    )


VIEWS: Final = (
    View("overview", "Overview", "o", lambda _reader, _where: ()),
    View("ledger", "Ledger", "l", _ledger),
    View("workers", "Workers", "w", _workers),
    View("documents", "Documents", "d", _documents, live=False, searches=RECORD_KEYS),
    View("clusters", "Clusters", "c", _clusters, live=False),
    View("failures", "Failures", "f", _failures, searches=REJECTION_KEYS),
    View("actions", "Actions", "a", _actions),
    View("trends", "Trends", "t", _trends, live=False),
    View("consumers", "Readers", "r", _consumers),
)
ACTS: Final[Mapping[tuple[str, str], Act]] = {
    (act.table, act.action): act
    for act in (*ledger_acts.ACTS, *worker_acts.ACTS, *failure_acts.ACTS, *consumers.ACTS)
}
"""Acts by table and action."""
