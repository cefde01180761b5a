"""`fanmill index merge`: whole records, killed merges, and a service that goes on."""

import json
import signal

import pytest
import zstandard

from backfill.conftest import written
from backfill_corpus import entries, write_runs
from builders import PLAIN, Mill, RedisStores, ingested
from builders.outcomes import record
from dedup_texts import edited, text
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.settings import Settings
from fanmill.steps import Functions
from fanmill.stores.keys import Keys
from fanmill_contracts import DocumentResult
from polling import until

PARAMETERS = DedupParameters()
REAL = Functions(fingerprint=Fingerprinter, summarize=PLAIN.summarize, tag=PLAIN.tag)


def lines(folder):
    found = []
    for path in sorted(folder.glob("*.zst")):
        data = zstandard.ZstdDecompressor().stream_reader(path.read_bytes()).read()
        found += data.splitlines()
    return found


@pytest.fixture
def live(server, namespace):
    """Return the environment of a service on the server of the tests."""
    return {"FANMILL_REDIS_URL": server.url, "FANMILL_NAMESPACE": namespace}


def test_records_get_their_verdicts_and_the_service_goes_on(shell, tmp_path, rows, redis, live):
    written(tmp_path / "in.jsonl", rows)
    shell("backfill", "in.jsonl", "out", "--workers", "1", "--part-bytes", "9000")
    found = shell("index", "merge", "out", "--out", "merged", "--load", "--json", **live)
    assert (found["documents"], found["records"], found["loaded"]) == (40, 40, 40)
    whole = lines(tmp_path / "merged/records")
    records = [DocumentResult.model_validate_json(each) for each in whole]
    assert [each.document_id for each in records] == [row["id"] for row in rows]
    assert records[30].deduplication.verdict == "exact"
    assert records[30].deduplication.duplicate_of == "d5"
    assert sum(each.deduplication.verdict == "unique" for each in records) == 39
    assert all(each.statistics and each.tagging and each.summary for each in records)

    service = Mill(RedisStores(redis, Keys(Settings(**_names(live)).streams)), functions=REAL)
    service.stores.ledger.open()
    service.publish(
        ingested("new-exact", rows[7]["text"]),
        ingested("new-near", edited(rows[8]["text"], 1, 3)),
        ingested("new", text("unseen", 100)),
    )
    service.run()
    names = ("new-exact", "new-near", "new")
    judged = {name: record(service, name).deduplication for name in names}
    assert (judged["new-exact"].verdict, judged["new-exact"].duplicate_of) == ("exact", "d7")
    assert (judged["new-near"].verdict, judged["new-near"].duplicate_of) == ("near", "d8")
    assert judged["new"].verdict == "unique"


def _names(environment) -> dict[str, str]:
    return {name.removeprefix("FANMILL_").lower(): value for name, value in environment.items()}


def test_a_killed_merge_goes_on_and_gives_the_same_verdicts(shell, tmp_path):
    documents = [(f"d{n}", text(("k", n % 1900), 60)) for n in range(2200)]
    write_runs(tmp_path / "out", entries(documents, PARAMETERS), 500, PARAMETERS)
    verdicts = tmp_path / "killed" / "verdicts" / "current.jsonl"
    process = shell.start("index", "merge", "out", "--out", "killed")
    until(lambda: process.poll() is not None or (verdicts.exists() and verdicts.stat().st_size))
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert "merged" not in json.loads((tmp_path / "killed" / "merge.json").read_text())
    shell("index", "merge", "out", "--out", "killed", "--json")
    whole = shell("index", "merge", "out", "--out", "whole", "--json")
    assert lines(tmp_path / "killed/verdicts") == lines(tmp_path / "whole/verdicts")
    assert whole["verdicts"] == {"unique": 1900, "exact": 300}


def test_a_back_fill_that_is_not_finished_is_not_merged(shell, tmp_path, rows):
    written(tmp_path / "in.jsonl", rows[:8])
    half = ("--shard", "0/2", "--part-bytes", "2000")
    shell("backfill", "in.jsonl", "out", "--workers", "1", *half)
    said = shell("index", "merge", "out", "--out", "merged", code=2)
    assert "parts are missing" in said
    assert json.loads((tmp_path / "out" / "backfill.json").read_text())["files"]
