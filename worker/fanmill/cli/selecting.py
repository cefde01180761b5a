"""The documents that a source or a query selects, wherever they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fanmill.core.filters import Filter
    from fanmill.ports import Store
    from fanmill.wiring import Wiring

_CONTENT: Final = frozenset(
    {"text", "title", "url", "document", "duplicate-of", "event", "digest", "tag", None}
)
"""Keys whose values may be content of a document, or its id."""


def selected(
    wirings: list[Wiring], store: Store | None, source: str | None, where: str | None
) -> list[str]:
    """Return the documents of a source, or those whose record matches, in order of their ids.

    Searched in the order in which documents move: a document that ends meanwhile is found later.

    Raises:
        FilterError: The query cannot be read.
    """
    wanted = selection(source, where)
    found: set[str] = set()
    if source is not None:
        found |= _without_record(wirings, store, source)
    found |= set(_with_record(wirings, store, wanted))
    if source is not None:
        # A replay brings a rejection back to the ledger.
        found |= _in_ledger(wirings, source)
    return sorted(found)


def selection(source: str | None, where: str | None) -> Filter:
    """Return the filter over records that a source or a query means.

    Raises:
        FilterError: The query cannot be read.
    """
    from fanmill.core.filters import Filter, equal_to, parse_filter
    from fanmill.core.filters.record_keys import RECORD_KEYS

    if source is not None:
        return Filter((equal_to("source", source),))
    return parse_filter(where or "", RECORD_KEYS)


def without_content(wanted: Filter) -> str:
    """Return a filter for the history of actions: values that may be content are left out."""
    return " ".join(
        f"{'-' if term.negated else ''}{term.key or 'text'}:(not kept)"
        if term.key in _CONTENT
        else str(term)
        for term in wanted.terms
    )


def _with_record(wirings: list[Wiring], store: Store | None, wanted: Filter) -> Iterator[str]:
    from pydantic_core import from_json

    from fanmill.export.server_rows import ServerPartition, ServerRows

    partitions = [ServerPartition("", each.records, each.rejections) for each in wirings]
    for record in ServerRows(partitions, wanted).records(0):
        yield record.document_id
    if store is not None:
        for saved in store.scan(wanted):
            yield from_json(saved.result_json)["document_id"]


def _without_record(wirings: list[Wiring], store: Store | None, source: str) -> set[str]:
    """Return the documents of a source that wait, are in flight, or were rejected."""
    from fanmill.core.filters import Filter, equal_to

    found: set[str | None] = set(_in_ledger(wirings, source))
    for wiring in wirings:
        for entry in wiring.rejections.entries():
            if entry.event.data.source == source:
                found.add(entry.event.data.document_id)
    if store is not None:
        for saved in store.scan_rejections(Filter((equal_to("source", source),))):
            found.add(saved.event.data.document_id)
    return {each for each in found if each is not None}


def _in_ledger(wirings: list[Wiring], source: str) -> set[str]:
    from fanmill.core.claimed_ids import claimed_ids
    from fanmill.stores.event_field import event_body
    from fanmill.stores.redis.erasure_places import entries_of

    found: set[str] = set()
    for wiring in wirings:
        for _, fields in entries_of(wiring.redis, wiring.keys.ingested):
            named = {name.decode(errors="replace"): value for name, value in fields.items()}
            ids = claimed_ids(event_body(named) or b"")
            if ids.source == source and ids.document_id is not None:
                found.add(ids.document_id)
    return found
