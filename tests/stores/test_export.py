"""Exports of a store: each format as other programs read it, kills, and new records."""

import csv
import gzip
import io
import json
import os
import signal
import subprocess
import sys

import pytest
import zstandard

from fanmill.core.filters import Filter
from fanmill.export.exporting import CHUNK_ROWS, Export
from fanmill.export.formats import encoder_of
from fanmill.export.output import ExportFiles, OtherExport, OutputExists
from fanmill.export.sources import StoreSource
from fanmill.ports import CompletedEntry
from fanmill.stores.sqlite import SqliteStore
from store_samples import completed, record, rejected, where

PLAN = {"format": "jsonl"}


def exported(store, path, query="", kind="jsonl", rows_per_file=None, *, resume=False):
    """Export a store to a file; return the lines as bytes."""
    files = ExportFiles(path, PLAN, split=rows_per_file is not None)
    (files.resume if resume else files.begin)()
    source = StoreSource(store, where(query), Filter(()) if kind == "jsonl" else None)
    Export(source, encoder_of(kind, fingerprints=True), files, rows_per_file).run()
    files.close()
    return files


def test_lines_are_the_records_and_what_an_import_needs(store, tmp_path):
    wanted = record("文档", title="Straße", topics=["sport"])
    store.save([CompletedEntry.of_result("1-1", wanted, b"\0print"), completed("b", 2)])
    store.save([rejected(9, "lost", error="it broke")])
    files = exported(store, tmp_path / "out.jsonl")
    first, second, third = map(json.loads, files.paths[0].read_bytes().splitlines())
    assert first["document_id"] == "文档"
    assert first["stored"] == {"entry_id": "1-1", "fingerprint": "AHByaW50"}
    assert set(second["stored"]) == {"entry_id"}
    assert third["rejected"]["document_id"] == "lost"
    assert third["stored"]["event"]["type"] == "fanmill.document.rejected.v1"
    assert (files.state.records, files.state.rejections) == (2, 1)


def test_csv_disarms_formulas_and_keeps_texts_whole(store, tmp_path):
    titles = ["=1+1", "+2", "-3", "@SUM(A1)", 'a\n"b", c', "文档", " x"]
    store.save([completed(f"doc-{n}", n, title=title) for n, title in enumerate(titles)])
    (path,) = exported(store, tmp_path / "out.csv", kind="csv").paths
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))
    assert [row["title"] for row in rows] == [
        "'=1+1", "'+2", "'-3", "'@SUM(A1)", 'a\n"b", c', "文档", " x",
    ]  # fmt: skip
    assert rows[0]["words"] == "100"
    assert rows[0]["completed_at"] == "2026-11-01T00:00:01.500Z"


def test_attributes_and_quality_signals_have_published_names_and_spans(store, tmp_path):
    store.save([completed("a", 1, topics=["sport"]), completed("b", 2, statistics=False)])
    (path,) = exported(store, tmp_path / "d.jsonl", kind="dolma").paths
    tags, _ = map(json.loads, path.read_bytes().splitlines())
    assert tags == {"id": "a", "attributes": {"fanmill__topic__sport": [[0, 600, 0.5]]}}
    (path,) = exported(store, tmp_path / "q.jsonl", kind="quality-signals").paths
    signals, without = map(json.loads, path.read_bytes().splitlines())
    assert signals["quality_signals"]["ccnet_length"] == [[0, 600, 600]]
    assert signals["quality_signals"]["rps_doc_word_count"] == [[0, 600, 0]]
    assert without["quality_signals"] == {}


def test_a_packed_export_of_nothing_is_a_valid_file(store, tmp_path):
    (path,) = exported(store, tmp_path / "out.jsonl.gz").paths
    assert gzip.decompress(path.read_bytes()) == b""
    (path,) = exported(store, tmp_path / "out.jsonl.zst").paths
    assert zstandard.ZstdDecompressor().decompress(path.read_bytes()) == b""


def test_several_files_hold_the_rows_in_order_each_with_its_head(store, tmp_path):
    store.save([completed(f"doc-{n}", n) for n in range(25)])
    files = exported(store, tmp_path / "out.csv", kind="csv", rows_per_file=10)
    assert [path.name for path in files.paths] == [f"out-0000{n}.csv" for n in range(3)]
    tables = [csv.DictReader(io.StringIO(path.read_bytes().decode())) for path in files.paths]
    assert [len(list(each)) for each in tables] == [10, 10, 5]


def test_a_resumed_export_appends_what_is_new(store, tmp_path):
    path = tmp_path / "out.jsonl"
    store.save([completed("a", 1), completed("b", 2)])
    exported(store, path)
    with pytest.raises(OutputExists, match="--resume"):
        exported(store, path)
    store.save([completed("a", 9), completed("c", 3)])
    exported(store, path, resume=True)
    ids = [json.loads(line)["document_id"] for line in path.read_bytes().splitlines()]
    assert ids == ["a", "b", "a", "c"]
    with pytest.raises(OtherExport, match="format was 'jsonl' and is 'csv'"):
        ExportFiles(path, {"format": "csv"}, split=False).resume()
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(OtherExport, match="cut or removed"):
        exported(store, path, resume=True)


KILLED = """
import os, signal, sys
from pathlib import Path
from fanmill.core.filters import Filter
from fanmill.export.exporting import Export
from fanmill.export.formats import encoder_of
from fanmill.export.output import ExportFiles
from fanmill.export.sources import StoreSource
from fanmill.stores.sqlite import SqliteStore

class Killing(StoreSource):
    def rows(self, after):
        for number, each in enumerate(super().rows(after)):
            if number == int(sys.argv[3]):
                os.kill(os.getpid(), signal.SIGKILL)
            yield each

store = SqliteStore(Path(sys.argv[1]))
files = ExportFiles(Path(sys.argv[2]), {"format": "jsonl"}, split=True)
files.resume()
source = Killing(store, Filter(()), Filter(()))
Export(source, encoder_of("jsonl", fingerprints=True), files, 1700).run()
"""


def test_a_killed_export_ends_as_an_uninterrupted_one(tmp_path):
    ending = ".jsonl.zst"
    database = tmp_path / "results.sqlite"
    store = SqliteStore(database)
    store.save([completed(f"doc-{n}", n) for n in range(4 * CHUNK_ROWS)])
    store.save([rejected(9, "lost", error="it broke")])
    whole = exported(store, tmp_path / f"whole{ending}", rows_per_file=1700).paths
    path = tmp_path / f"killed{ending}"
    for rows in (0, 1500, 999, 10, 1100):
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(database), str(path), str(rows)], check=False
        )
        assert done.returncode == -signal.SIGKILL
        # The bytes of a chunk whose state was not saved.
        for each in tmp_path.glob(f"killed-*{ending}"):
            newest = each
        with newest.open("ab") as file:
            file.write(os.urandom(99))
    files = exported(store, path, rows_per_file=1700, resume=True)
    assert [each.read_bytes() for each in files.paths] == [each.read_bytes() for each in whole]
    store.close()
