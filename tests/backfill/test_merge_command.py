"""`fanmill index merge`: whole records, killed merges, and a service that goes on."""

import json
import signal

import pytest
import zstandard

from backfill.conftest import written
from backfill_corpus import entries, judged_live, write_runs
from builders import PLAIN, Mill, RedisStores, ingested
from builders.outcomes import record
from dedup_texts import edited, text
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.merge.index_file import load
from fanmill.settings import Settings
from fanmill.steps import Functions
from fanmill.stores.index import RedisFingerprintIndex
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


def test_partitions_go_on_with_a_back_fill_in_their_shared_index(shell, rows, redis, live):
    """The index goes to the server of partition 0; a copy in partition 1 is its duplicate."""
    url, namespace = live["FANMILL_REDIS_URL"], live["FANMILL_NAMESPACE"]
    addresses = {"FANMILL_PARTITIONS": " ".join(f"{url}#{namespace}-{n}" for n in range(2))}
    written(shell.folder / "in.jsonl", rows[:10])
    shell("backfill", "in.jsonl", "out", "--workers", "1")
    merge = ("index", "merge", "out", "--out", "merged", "--load", "--json")
    assert shell(*merge, **addresses)["loaded"] == 10
    settings = Settings(partitions=addresses["FANMILL_PARTITIONS"]).at_partition(1)
    stores = RedisStores(redis, Keys(settings.streams))
    stores.index = RedisFingerprintIndex(redis, settings.index_namespace, PARAMETERS)
    service = Mill(stores, functions=REAL)
    stores.ledger.open()
    service.publish(ingested("copy", rows[7]["text"]), ingested("new", text("unseen", 100)))
    service.run()
    copy, new = (record(service, name).deduplication for name in ("copy", "new"))
    assert (copy.verdict, copy.duplicate_of, new.verdict) == ("exact", "d7", "unique")


def test_a_load_of_several_parts_of_the_index_goes_on_and_refuses_before_it_writes(
    shell, rows, redis, namespace, live
):
    for number, row in enumerate(rows):
        row["language"] = ("de", "en")[number % 2]
    written(shell.folder / "in.jsonl", rows)
    divided = {**live, "FANMILL_DEDUP_PARTITION": "language"}
    shell("backfill", "in.jsonl", "out", "--workers", "1", **divided)
    merge = ("index", "merge", "out", "--out", "merged", "--json")
    assert shell(*merge, **divided)["partitions"] == 2
    index = RedisFingerprintIndex(redis, namespace, PARAMETERS)
    german, _ = sorted((shell.folder / "merged" / "index").iterdir())
    # The load was killed between the two.
    in_german = load(redis, index, german, replace=False)
    assert shell(*merge, "--load", **divided)["loaded"] == 40
    assert (in_german, index.partition("en").info().documents) == (20, 20)
    # A service was at work in one part: nothing is written to the other.
    index.partition("de").clear()
    judged_live(index.partition("en"), [("other", "1-0", text("other", 90))], "en")
    said = shell(*merge, "--load", code=2, **divided)
    assert "'en' holds 21 documents" in said
    assert index.partition("de").info().documents == 0


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
