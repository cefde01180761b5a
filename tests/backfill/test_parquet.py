"""Records of a back-fill and of a merge as Parquet files."""

import json
import signal

import pytest

from backfill.conftest import written
from backfill.test_backfill import records, tree
from fanmill_contracts import DocumentResult
from polling import until

duckdb = pytest.importorskip("duckdb", reason="the extra parquet is not installed")

OPTIONS = ("--part-bytes", "4000", "--format", "parquet", "--json")


def table(folder, columns):
    """Return columns of the records of a folder, in the order of the files and rows."""
    return duckdb.sql(
        f"select {columns} from read_parquet('{folder}/records/*.parquet', filename=true, "  # noqa: S608
        "file_row_number=true) order by filename, file_row_number"
    ).fetchall()


def test_a_killed_back_fill_into_parquet_goes_on_and_gives_the_same_files(shell, tmp_path, rows):
    written(tmp_path / "in.jsonl", rows)
    command = ("backfill", "in.jsonl", "killed", "--workers", "2", *OPTIONS)
    process = shell.start(*command)
    parts = tmp_path / "killed" / "parts"
    until(lambda: process.poll() is not None or len(list(parts.glob("*.json"))) >= 2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert shell(*command)["documents"] == 40
    shell("backfill", "in.jsonl", "whole", "--workers", "1", *OPTIONS)
    found = {k: v for k, v in tree(tmp_path / "killed").items() if not k.endswith(".tmp")}
    assert found == tree(tmp_path / "whole")
    shell("backfill", "in.jsonl", "lines", "--workers", "1", "--part-bytes", "4000")
    read = table(tmp_path / "whole", "record, document_id, words, verdict")
    assert [json.loads(record) for record, *_ in read] == records(tmp_path / "lines")
    assert [(name, words, verdict) for _, name, words, verdict in read] == [
        (row["id"], 100, None) for row in rows
    ]
    said = shell("backfill", "in.jsonl", "whole", "--part-bytes", "4000", code=2)
    assert "other records" in said


@pytest.mark.parametrize(("given", "wanted"), [("parquet", ()), ("jsonl", ("--format", "parquet"))])
def test_a_merge_writes_whole_records_as_parquet(shell, tmp_path, rows, given, wanted):
    """The format of the back-fill, or another that the command names."""
    written(tmp_path / "in.jsonl", rows)
    sized = ("--part-bytes", "9000", "--format", given)
    shell("backfill", "in.jsonl", "out", "--workers", "1", *sized)
    command = ("index", "merge", "out", "--out", "merged", *wanted, "--json")
    assert shell(*command)["records"] == 40
    files = tree(tmp_path / "merged" / "records")
    lost = min(files)
    (tmp_path / "merged" / "records" / lost).unlink()
    assert shell(*command)["records"] == 40
    assert tree(tmp_path / "merged" / "records") == files
    read = table(tmp_path / "merged", "record, document_id, verdict, duplicate_of")
    whole = [DocumentResult.model_validate_json(record) for record, *_ in read]
    assert [each.document_id for each in whole] == [row["id"] for row in rows]
    assert [(each.deduplication.verdict, each.deduplication.duplicate_of) for each in whole] == [
        (verdict, other) for *_, verdict, other in read
    ]
    assert read[30][2:] == ("exact", "d5")
