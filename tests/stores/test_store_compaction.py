"""Compaction of the store of record, in every kind of database."""

from datetime import timedelta

from store_samples import EPOCH, completed, where


def test_compacting_keeps_what_is_left(store):
    store.compact()
    store.save([completed(f"d{each}", each, title=f"mill {each}") for each in range(20)])
    later = EPOCH + timedelta(days=1)
    store.forget([f"d{each}" for each in range(10)], actor="me", note="", at=later)
    store.compact()
    assert store.count(where("mill")).count == 10
    assert store.check() == []
