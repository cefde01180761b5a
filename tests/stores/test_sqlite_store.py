"""The store on SQLite: plans of its queries, its file, and errors of the database."""

import sqlite3
import threading
from datetime import UTC, datetime

import pytest

from fanmill.ports import StoreError
from fanmill.stores.record_blob import RecordCoder
from fanmill.stores.sqlite import SqliteStore, connection
from fanmill.stores.sqlite.query import query_of
from fanmill.stores.sqlite.reading import Page, count_statement, statement
from fanmill.stores.sqlite.store import (
    RECORD_COLUMNS,
    RECORDS,
    REJECTION_COLUMNS,
    REJECTIONS,
)
from store_samples import NOW_MS, completed, rejected, where, where_rejected


@pytest.fixture
def path(tmp_path):
    return tmp_path / "results.sqlite"


@pytest.fixture
def filled(path):
    store = SqliteStore(path, clock=lambda: NOW_MS)
    store.save([completed(f"d{number}", number, duplicate_of="o") for number in range(200)])
    store.save([rejected(number) for number in range(200)])
    store._database.connection.execute("ANALYZE")
    yield store
    store.close()


def plan(store, sql, parameters):
    return [
        row[3]
        for row in store._database.connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
    ]


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize(("edge", "end"), [(None, None), (5, None), (5, 3), (None, 9)])
@pytest.mark.parametrize(
    "text",
    ["lang:zh", "-lang:zh", "words:>505 lang:zh", "age:<1h", "-completed:2026-11-01", "mill",
     "text:能源 -topic:sport completed:>2026-11-01 source:/x", "tag:keyphrase/x", "failed:c4"],
)  # fmt: skip
def test_the_index_drives_each_search_in_the_order_of_positions(
    filled, text, edge, end, newest_first
):
    page = Page(newest_first, edge, end)
    query = query_of(where(text), RECORD_COLUMNS, NOW_MS)
    edges = [each for each in (edge, end) if each is not None]
    for expression in filter(None, (query.sure, query.open)):
        steps = plan(
            filled,
            statement(RECORDS, query, expression, page),
            (expression, *edges, *query.parameters),
        )
        assert steps[0].startswith("SCAN s VIRTUAL TABLE INDEX"), steps
        assert steps[1:] == ["SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"]


@pytest.mark.parametrize("text", ["lang:zh", "words:>505 lang:zh", "age:<1h", "-lang:zh"])
def test_a_count_reads_the_index_and_the_table_only_for_times(filled, text):
    query = query_of(where(text), RECORD_COLUMNS, NOW_MS)
    steps = plan(filled, count_statement(RECORDS, query), (query.sure, *query.parameters, 9))
    assert "SCAN s VIRTUAL TABLE INDEX" in " ".join(steps)
    lookups = [step for step in steps if step.startswith("SEARCH r")]
    assert lookups == ["SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"] * text.startswith("age")


def test_no_other_query_scans_or_sorts(filled):
    everything = query_of(where(""), RECORD_COLUMNS, NOW_MS)
    rejections = query_of(where_rejected("reason:removed"), REJECTION_COLUMNS, NOW_MS)
    for sql, parameters in (
        (statement(RECORDS, everything, None, Page(newest_first=True, edge=9)), (9,)),
        (
            statement(REJECTIONS, rejections, rejections.sure, Page(newest_first=True)),
            (rejections.sure,),
        ),
    ):
        assert not any("TEMP B-TREE" in step for step in plan(filled, sql, parameters))
    seen: list[str] = []
    filled._database.connection.set_trace_callback(seen.append)
    filled.get_many(["d1", "d2"])
    filled.members("o", limit=3)
    filled.clusters()
    filled.tombstones(["d1"])
    filled.expire(datetime(2000, 1, 1, tzinfo=UTC))
    filled._database.connection.set_trace_callback(None)
    selects = [sql for sql in seen if sql.startswith("SELECT") and "fanmill_migrations" not in sql]
    assert len(selects) >= 6
    for sql in selects:
        steps = plan(filled, sql, ())
        assert not any("TEMP B-TREE" in step for step in steps), (sql, steps)
        assert not any(
            step.startswith("SCAN") and "json_each" not in step and "USING" not in step
            for step in steps
        ), (sql, steps)


def test_several_processes_may_write_and_read(path):
    stores = [SqliteStore(path) for _ in range(2)]

    def write(number) -> None:
        store = SqliteStore(path)
        for part in range(5):
            store.save([completed(f"{number}-{part}-{each}", each) for each in range(20)])
        store.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        positions = [each.position for each in stores[0].scan(where(""))]
        assert positions == list(range(1, len(positions) + 1))
    for thread in threads:
        thread.join()
    assert stores[1].count(where("lang:en")).count == 300
    assert stores[1].check() == []
    for store in stores:
        store.close()


def test_a_locked_store_is_a_temporary_error(path, monkeypatch):
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.05)
    store = SqliteStore(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="in use: another process") as refused:
        store.save([completed("a", 1)])
    assert refused.value.temporary
    other.execute("ROLLBACK")
    other.close()
    assert store.save([completed("a", 1)]).stored == 1
    store.close()


def test_a_full_disk_is_a_temporary_error_and_nothing_is_half_stored(path):
    store = SqliteStore(path)
    pages = store._database.one("PRAGMA page_count")
    store._database.connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreError, match="the disk is full") as refused:
        store.save([completed(f"d{number}", number, title="x" * 900) for number in range(200)])
    assert refused.value.temporary
    assert store.info().records == 0
    store._database.connection.execute(f"PRAGMA max_page_count = {pages + 10_000}")
    assert store.save([completed("a", 1)]).stored == 1
    assert store.check() == []
    store.close()


def test_files_that_are_no_store_are_lasting_errors(tmp_path):
    path = tmp_path / "other.sqlite"
    path.write_bytes(b"something else " * 1000)
    with pytest.raises(StoreError, match="is no SQLite database") as refused:
        SqliteStore(path)
    assert not refused.value.temporary


def test_a_damaged_file_is_a_lasting_error(path, filled):
    filled.close()
    content = bytearray(path.read_bytes())
    content[4096 : len(content) // 2] = b"\xff" * (len(content) // 2 - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="is damaged") as refused:
        SqliteStore(path).search(where("lang:en"))
    assert not refused.value.temporary


def test_other_schemas_are_told_apart(path, filled):
    filled._database.connection.execute(
        "INSERT INTO fanmill_migrations VALUES ('0999_later', 'contract', 'x', '2030')"
    )
    with pytest.raises(StoreError, match="newer fanmill") as newer:
        SqliteStore(path).save([completed("a", 1)])
    assert not newer.value.temporary
    empty = path.with_name("empty.sqlite")
    sqlite3.connect(empty).close()
    with pytest.raises(StoreError, match="fanmill store migrate") as older:
        SqliteStore(empty, create=False).get("a")
    assert older.value.temporary


def test_forgotten_text_is_gone_from_the_file(path):
    store = SqliteStore(path)
    store.save([completed("a", 1, title="Xylophonist Quarrel"), completed("b", 2)])
    assert store.forget(["a"], actor="me", note="", at=datetime(2030, 1, 1, tzinfo=UTC)) == 1
    store.close()
    content = path.read_bytes()
    assert b"xylophonist" not in content
    assert b"Xylophonist" not in content


def test_a_record_survives_compression():
    coder = RecordCoder()
    for text in (b"{}", b'{"document_id":"a"}', b"{" + b"x" * 100_000):
        assert coder.decompressed(coder.compressed(text)) == text
    with pytest.raises(ValueError, match="damaged"):
        coder.decompressed(b"(\xb5/\xfd damaged")
