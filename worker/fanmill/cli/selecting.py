"""The documents that a source or a query selects, wherever they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fanmill.ports import Store
    from fanmill.wiring import Wiring


def with_record(
    wirings: list[Wiring], store: Store | None, source: str | None, where: str | None
) -> Iterator[str]:
    """Yield the documents whose record matches, in the store and on the servers.

    Raises:
        FilterError: The query cannot be read.
    """
    from pydantic_core import from_json

    from fanmill.core.filters import Filter, equal_to, parse_filter
    from fanmill.core.filters.record_keys import RECORD_KEYS
    from fanmill.export.server_rows import ServerPartition, ServerRows

    if source is not None:
        wanted = Filter((equal_to("source", source),))
    else:
        wanted = parse_filter(where or "", RECORD_KEYS)
    if store is not None:
        for saved in store.scan(wanted):
            yield from_json(saved.result_json)["document_id"]
    partitions = [ServerPartition("", each.records, each.rejections) for each in wirings]
    for record in ServerRows(partitions, wanted).records(0):
        yield record.document_id


def of_source(wirings: list[Wiring], store: Store | None, source: str) -> set[str]:
    """Return the documents of a source without a record: rejected, waiting or in flight."""
    from fanmill.core.claimed_ids import claimed_ids
    from fanmill.core.filters import Filter, equal_to
    from fanmill.ops.erasure import entries_of
    from fanmill.stores.event_field import event_body

    found: set[str | None] = set()
    if store is not None:
        for saved in store.scan_rejections(Filter((equal_to("source", source),))):
            found.add(saved.event.data.document_id)
    for wiring in wirings:
        for entry in wiring.rejections.entries():
            if entry.event.data.source == source:
                found.add(entry.event.data.document_id)
        for _, fields in entries_of(wiring.redis, wiring.keys.ingested):
            named = {name.decode(errors="replace"): value for name, value in fields.items()}
            ids = claimed_ids(event_body(named) or b"")
            if ids.source == source:
                found.add(ids.document_id)
    return {each for each in found if each is not None}
