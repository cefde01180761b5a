"""Parquet files with fingerprints, as engines of tables write them."""

from pathlib import Path

import pytest

from backfill_corpus import corpus, entries, write_runs
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.merge.backfills import find_runs
from fanmill.merge.order import merged
from fanmill.merge.table_runs import UnusableTable

PARAMETERS = DedupParameters()


@pytest.fixture
def write(tmp_path):
    """Return a function that writes rows to a Parquet file."""
    duckdb = pytest.importorskip("duckdb", reason="the extra parquet is not installed")

    def parquet(name: str, columns: str, rows: list[tuple[object, ...]]) -> Path:
        connection = duckdb.connect()
        connection.execute(f"create table t({columns})")
        places = ", ".join("?" * len(rows[0]))
        connection.executemany(f"insert into t values ({places})", rows)  # noqa: S608
        connection.execute(f"copy t to '{tmp_path / name}'")
        return tmp_path / name

    return parquet


def test_a_table_gives_the_documents_of_run_files_in_the_order_of_its_sequence(write, tmp_path):
    found = list(entries(corpus(30, seed=1), PARAMETERS))
    rows = [(e.document_id, "all", e.fingerprint, e.key.sequence) for e in reversed(found)]
    rows.append(("rejected", None, None, 99))
    columns = "document_id varchar, partition varchar, fingerprint blob, sequence bigint"
    path = write("t.parquet", columns, rows)
    runs, parts = find_runs([path], tmp_path / "work", PARAMETERS.signing_digest)
    (expected,) = write_runs(tmp_path / "runs", found, 30, PARAMETERS)
    assert list(merged(runs)) == list(merged([expected]))
    assert parts == []


def test_a_table_of_other_columns_is_refused(write, tmp_path):
    path = write("t.parquet", "document_id varchar", [("a",)])
    with pytest.raises(UnusableTable, match="fingerprint"):
        find_runs([path], tmp_path / "work", PARAMETERS.signing_digest)
