"""Imports of exports: the same records in every kind of store, and the same duplicate index."""

import json

import pytest

from builders import Mill, RedisStores, ingested
from fanmill.core.filters import Filter
from fanmill.export.exporting import Export
from fanmill.export.formats import JsonLines
from fanmill.export.importing import Import, PlacedLine
from fanmill.export.output import ExportFiles
from fanmill.export.sources import StoreSource
from fanmill.ops.rebuild import Rebuild
from fanmill.ports import CompletedEntry
from fanmill.stores.index import RedisFingerprintIndex
from fanmill.stores.postgresql import PostgresqlStore
from fanmill.stores.sqlite import SqliteStore
from store_samples import completed, record, rejected

EVERYTHING = Filter(())


def exported(store, path):
    files = ExportFiles(path, {}, split=False)
    files.begin()
    Export(StoreSource(store, EVERYTHING, EVERYTHING), JsonLines(fingerprints=True), files).run()
    files.close()
    return path.read_bytes().splitlines()


def imported(store, lines, rebuild=None):
    faults = []
    work = Import(store, rebuild, lambda place, fault: faults.append((place, fault)))
    places = [PlacedLine(f"file:{number}", line) for number, line in enumerate(lines, 1)]
    for _ in work.run(places):
        pass
    return work.counts, faults


def test_records_move_between_kinds_of_stores_and_back(tmp_path, postgresql_url):
    source = SqliteStore(tmp_path / "source.sqlite")
    whole = record("文档", title="Straße\u0085", topics=["sport"], summary="A mill.")
    source.save([CompletedEntry.of_result("1-1", whole, b"\0print"), completed("b", 2)])
    source.save([completed("c", 3, duplicate_of="b"), completed("b", 9)])
    source.save([rejected(9, "lost", error="it broke"), rejected(11)])
    first = exported(source, tmp_path / "first.jsonl")
    middle = PostgresqlStore(postgresql_url)
    counts, faults = imported(middle, first)
    assert (counts.records, counts.rejections, faults) == (3, 2, [])
    second = exported(middle, tmp_path / "second.jsonl")
    assert list(map(json.loads, second)) == list(map(json.loads, first))
    last = SqliteStore(tmp_path / "last.sqlite")
    imported(last, second)
    assert exported(last, tmp_path / "third.jsonl") == second
    again, _ = imported(last, second)
    assert (again.records, again.rejections, again.repeated) == (0, 0, 5)
    for store in (source, middle, last):
        store.close()


def test_lines_that_are_no_export_are_named_and_the_others_imported(store, tmp_path):
    store.save([completed("a", 1), completed("b", 2)])
    good, other = exported(store, tmp_path / "good.jsonl")
    changed = json.loads(other)
    changed["document_id"] = "c"
    no_entry, no_record = json.loads(good), json.loads(good)
    no_entry["stored"] = {}
    del no_record["deduplication"]
    bad = [b"{", b"[]", b'{"document_id":"x"}', good[:-9], *map(as_json, (no_entry, no_record))]
    counts, faults = imported(store, [*bad, json.dumps(changed, indent=None).encode()])
    assert [place for place, _ in faults] == [f"file:{number}" for number in range(1, 7)]
    assert (counts.bad, counts.records) == (6, 1)
    assert store.get("c") is not None


def as_json(value):
    return json.dumps(value).encode()


TEXTS = {
    "first": "The old mill on the river grinds the corn of the whole valley every autumn. " * 9,
    "other": "A ferry leaves the harbour at eight and comes back with the evening tide. " * 9,
}


@pytest.mark.parametrize("text", ["first", "other"])
def test_a_later_copy_gets_the_verdict_that_it_would_have_got(redis, keys, tmp_path, text):
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    mill = Mill(stores)
    mill.publish(*(ingested(name, body) for name, body in TEXTS.items()))
    mill.run()
    lines = [
        JsonLines(fingerprints=True).line(row_of(kept)).rstrip() for kept in stores.records.kept()
    ]
    store = SqliteStore(tmp_path / "restored.sqlite")
    stores.index = RedisFingerprintIndex(redis, f"{keys.streams.namespace}-restored")
    counts, _ = imported(store, lines, Rebuild(stores.index))
    assert (counts.records, counts.fingerprints, counts.without_fingerprint) == (2, 2, 0)
    restored = Mill(stores)
    restored.publish(
        ingested("copy", TEXTS[text]),
        ingested("new", "Bread is baked before dawn in a small oven at the end of the lane. " * 9),
    )
    restored.run()
    assert stores.records.get("copy").result.deduplication.duplicate_of == text
    assert stores.records.get("copy").result.deduplication.verdict == "exact"
    assert stores.records.get("new").result.deduplication.verdict == "unique"
    store.close()


def row_of(kept):
    from fanmill.export.sources import RecordRow

    return RecordRow(kept.record, kept.entry_id, kept.fingerprint)
