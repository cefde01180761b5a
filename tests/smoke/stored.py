"""Counts a store of record against the outcomes of a test: each is there, exactly once."""

from collections import Counter
from collections.abc import Mapping
from typing import Protocol

from fanmill.core.filters import Filter
from fanmill.stores.opening import open_store
from fanmill_contracts import DocumentProcessed, DocumentRejected

from .mill import Mill


class Outcomes(Protocol):
    """Outcomes by event."""

    @property
    def processed(self) -> Mapping[str, DocumentProcessed]: ...

    @property
    def rejected(self) -> Mapping[str, DocumentRejected]: ...


def check_store(mill: Mill, account: Outcomes) -> None:
    """Assert that the store holds each outcome once, as announced, and nothing else."""
    store = open_store(mill.environment["FANMILL_STORE_URL"])
    try:
        records = list(store.scan(Filter(())))
        rejections = list(store.scan_rejections(Filter(())))
        assert store.check() == []
    finally:
        store.close()
    stored = {record.entry_id: record for record in records}
    assert len(stored) == len(records)
    announced = {event.id: event for event in account.processed.values()}
    assert stored.keys() == announced.keys(), _difference(set(announced), set(stored))
    for entry, record in stored.items():
        assert record.result == announced[entry].data
        assert record.fingerprint, f"no fingerprint of {entry}"
    assert Counter(each.event.id for each in rejections) == Counter(
        event.id for event in account.rejected.values()
    )
    assert mill.redis.hget(mill.keys.counters, f"sink-lost:{_sink(mill)}") is None
    assert not mill.redis.exists(mill.keys.unreadable)


def stored_events(mill: Mill) -> tuple[list[str], int]:
    """Return the event ids of all records, and the number of rejections."""
    store = open_store(mill.environment["FANMILL_STORE_URL"])
    try:
        records = [record.result.event.id for record in store.scan(Filter(()))]
        return records, sum(1 for _ in store.scan_rejections(Filter(())))
    finally:
        store.close()


def _sink(mill: Mill) -> str:
    (name,) = mill.redis.hkeys(mill.keys.sinks)
    return name.decode()


def _difference(expected: set[str], found: set[str]) -> str:
    return f"missing: {sorted(expected - found)[:9]}; from nowhere: {sorted(found - expected)[:9]}"
