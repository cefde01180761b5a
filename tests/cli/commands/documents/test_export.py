"""`fanmill export` on a store and on Redis."""

import csv
import gzip
import io
import json

import pytest

from builders import Mill, RedisStores, ingested
from fanmill.stores.opening import open_store, store_url_in
from store_samples import completed, rejected


@pytest.fixture
def data(tmp_path):
    """A folder of `fanmill up --data` whose store has six records and a rejection."""
    store = open_store(store_url_in(tmp_path), create=True)
    store.save([completed(f"doc-{n}", n, lang="de" if n % 2 else "en") for n in range(6)])
    store.save([rejected(90, "lost", error="it broke")])
    store.close()
    return str(tmp_path)


def ids(text):
    return [json.loads(line)["document_id"] for line in text.splitlines()]


def test_the_name_of_the_file_tells_format_and_packing(fanmill, data):
    done = fanmill("export", "lang:de", "--data", data, "--output", "de.jsonl.gz", "--json")
    assert done.code == 0, done.err
    assert done.rows[0] | {"bytes": 0} == {
        "records": 3, "rejections": 0, "files": ["de.jsonl.gz"], "bytes": 0,
    }  # fmt: skip
    packed = (fanmill.folder / "de.jsonl.gz").read_bytes()
    assert ids(gzip.decompress(packed)) == ["doc-1", "doc-3", "doc-5"]
    done = fanmill("export", "--data", data, "--format", "csv")
    assert [row["document_id"] for row in csv.DictReader(io.StringIO(done.out))][-1] == "doc-5"


def test_a_file_is_neither_overwritten_nor_mixed(fanmill, data):
    command = ("export", "--data", data, "--output", "out.jsonl")
    assert fanmill(*command).code == 0
    assert fanmill(*command).code == 2
    done = fanmill(*command, "--resume", "--json")
    assert (done.code, done.rows[0]["records"]) == (0, 6)
    done = fanmill(*command, "--resume", "--fingerprints")
    assert done.code == 2
    assert "fingerprints was False and is True" in done.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--output", "out.txt"], "tells no format"),
        (["--output", "out.csv", "--rejections"], "needs the format jsonl"),
        (["--output", "out.csv", "--fingerprints"], "needs the format jsonl or parquet"),
        (["--format", "parquet"], "needs --output"),
        (["--output", "none/out.csv"], "there is no folder 'none'"),
        (["--resume"], "need --output"),
        (["colour:red"], "colour"),
        (["lang:de", "--where", "lang:en"], "once"),
    ],
)
def test_options_that_do_not_fit_are_named(fanmill, data, arguments, message):
    done = fanmill("export", "--data", data, *arguments)
    assert done.code == 2
    assert message in done.err


def test_parquet_holds_scalars_lists_and_whole_records(fanmill, data):
    duckdb = pytest.importorskip("duckdb")
    command = ("export", "--data", data, "--output", "out.parquet", "--fingerprints")
    assert fanmill(*command).code == 0
    rows = duckdb.execute(
        "SELECT document_id, words, year(completed_at), record->>'document_id' "
        "FROM read_parquet(?)",
        [str(fanmill.folder / "out.parquet")],
    ).fetchall()
    assert rows == [(f"doc-{n}", 100, 2026, f"doc-{n}") for n in range(6)]
    assert [path.name for path in fanmill.folder.glob("*out.parquet*")] == ["out.parquet"]
    assert fanmill(*command, "--resume").code == 2


def test_without_a_store_the_records_of_redis_are_exported(fanmill, redis, keys):
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    mill = Mill(stores)
    mill.publish(ingested(document_id="a", text="A queue is the plainest agreement."))
    mill.publish(ingested(document_id="b", text="A mill grinds slowly."))
    mill.run()
    command = ("export", "--output", "out.jsonl")
    assert fanmill(*command).code == 0
    mill.publish(ingested(document_id="c", text="Bread is made of flour."))
    mill.run()
    assert fanmill(*command, "--resume").code == 0
    lines = (fanmill.folder / "out.jsonl").read_text().splitlines()
    assert sorted(ids("\n".join(lines[:2]))) == ["a", "b"]
    assert ids(lines[2]) == ["c"]
    assert all("-" in json.loads(line)["stored"]["entry_id"] for line in lines)


def test_an_export_is_imported_into_an_empty_store_only(fanmill, data):
    command = ("export", "--data", data, "--output", "out.jsonl.zst", "--rejections")
    assert fanmill(*command).code == 0
    target = ("import", "out.jsonl.zst", "--store", "sqlite:///restored.sqlite", "--json")
    look = fanmill(*target, "--dry-run")
    assert (look.rows[0]["records"], look.rows[0]["rejections"]) == (6, 1)
    assert not (fanmill.folder / "restored.sqlite").exists()
    done = fanmill(*target)
    assert done.code == 0, done.err
    assert (done.rows[0]["records"], done.rows[0]["without_fingerprint"]) == (6, 6)
    again = fanmill(*target)
    assert again.code == 2
    assert "holds 6 records and 1 rejection" in again.err
    assert fanmill(*target, "--merge").rows[0]["repeated"] == 7
    first, second = (
        fanmill("export", "--rejections", *where).out
        for where in (("--data", data), ("--store", "sqlite:///restored.sqlite"))
    )
    assert first == second
    assert fanmill("import", "results.sqlite", "--store", "sqlite:///other.sqlite").code == 1


def test_parquet_restores_records_with_their_fingerprints(fanmill, data):
    command = ("export", "--data", data, "--output", "out.parquet", "--fingerprints")
    assert fanmill(*command).code == 0
    target = ("--store", "sqlite:///restored.sqlite")
    assert fanmill("import", "out.parquet", *target, "--no-index", "--json").rows[0]["records"] == 6
    first, second = (
        fanmill("export", "--fingerprints", *where).out for where in (("--data", data), target)
    )
    assert first == second
    plain = ("export", "--data", data, "--output", "plain.parquet")
    assert fanmill(*plain).code == 0
    again = fanmill("import", "plain.parquet", *target, "--no-index", "--merge", "--json")
    assert again.rows[0]["repeated"] == 6


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("csv", ()),
        ("dolma", ("--format", "dolma")),
        ("quality-signals", ("--format", "quality-signals")),
    ],
)
def test_formats_without_whole_records_are_refused_by_name(fanmill, data, name, options):
    file = "out.csv.gz" if name == "csv" else "out.jsonl.zst"
    assert fanmill("export", "--data", data, "--output", file, *options).code == 0
    done = fanmill("import", file, "--store", "sqlite:///restored.sqlite")
    assert done.code == 2
    assert f"in the format {name}" in done.err
    assert "jsonl (.jsonl, .jsonl.gz, .jsonl.zst) and parquet" in done.err
    assert not (fanmill.folder / "restored.sqlite").exists()


def test_a_parquet_file_of_another_program_is_refused(fanmill):
    import duckdb

    duckdb.execute(f"COPY (SELECT 1 AS id) TO '{fanmill.folder / 'other.parquet'}'")
    done = fanmill("import", "other.parquet", "--store", "sqlite:///restored.sqlite")
    assert (done.code, "other.parquet" in done.err, "record" in done.err) == (2, True, True)
