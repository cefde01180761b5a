"""The account of a rehearsal: what came in against what came out of the servers and the store."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from redis import Redis

from fanmill.core.filters import Filter
from fanmill.stores.keys import Keys
from fanmill.stores.opening import open_store
from fanmill_contracts import DocumentIngested, DocumentProcessed, DocumentRejected, decode
from fanmill_contracts.streams import EVENT_FIELD


@dataclass(slots=True)
class Outcomes:
    """How often each event ended, by place: event ids of records, entry ids of rejections."""

    records: Counter[str] = field(default_factory=Counter)
    rejections: Counter[str] = field(default_factory=Counter)
    originals: Counter[str] = field(default_factory=Counter)
    """How many documents of a text are unique, by the digest of the text."""


def announced(servers: Iterable[Redis], keys: Keys) -> Outcomes:
    """Return the outcomes in the streams of all partitions."""
    found = Outcomes()
    for redis in servers:
        for stream in (keys.processed, keys.rejected):
            entries: Any = redis.xrange(stream)
            for _, fields in entries:
                event = decode(fields[EVENT_FIELD.encode()])
                if isinstance(event, DocumentRejected):
                    found.rejections[event.id] += 1
                else:
                    assert isinstance(event, DocumentProcessed)
                    found.records[event.data.event.id] += 1
                    unique = event.data.deduplication.verdict == "unique"
                    found.originals[event.data.text_sha256] += unique
    return found


def stored(url: str) -> Outcomes:
    """Return the outcomes in the store of record."""
    found = Outcomes()
    store = open_store(url)
    try:
        for record in store.scan(Filter(())):
            found.records[record.result.event.id] += 1
            unique = record.result.deduplication.verdict == "unique"
            found.originals[record.result.text_sha256] += unique
        for each in store.scan_rejections(Filter(())):
            found.rejections[each.event.id] += 1
    finally:
        store.close()
    return found


def faults(
    place: str, found: Outcomes, accepted: Mapping[str, DocumentIngested], refused: Iterable[str]
) -> list[str]:
    """Return what is wrong with the outcomes of a place; empty if each event ended once.

    Args:
        place: Name of the place, for the text of faults.
        found: Its outcomes.
        accepted: Events that a server accepted, by id.
        refused: Entry ids of the events that must be rejected; two partitions may use one id.
    """
    said: list[str] = []
    for kind, outcomes, expected in (
        ("records", found.records, Counter(accepted.keys())),
        ("rejections", found.rejections, Counter(refused)),
    ):
        surplus = outcomes - expected
        for fault, ids in (
            ("lost", set(expected - outcomes)),
            ("from nowhere", surplus.keys() - expected.keys()),
            ("doubled", surplus.keys() & expected.keys()),
        ):
            if ids:
                said.append(f"{place}: {len(ids)} {kind} {fault}, such as {sorted(ids)[:5]}")
    wrong = [digest for digest, number in found.originals.items() if number != 1]
    if wrong:
        said.append(f"{place}: {len(wrong)} texts have no original or several")
    return said
