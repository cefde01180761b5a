"""Erasure and retention in a store of record that other processes use at the same time."""

import json
import signal
from datetime import UTC, datetime, timedelta

import pytest

from fanmill.ops.erasure_proof import search_store
from fanmill.ports import CompletedEntry
from fanmill.stores.opening import open_store
from polling import DEADLINE_SECONDS
from store_samples import EPOCH, completed, record

LATER = EPOCH + timedelta(seconds=100)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "postgresql":
        found = request.getfixturevalue("postgresql_url")
    else:
        found = f"sqlite:///{tmp_path}/results.sqlite"
        open_store(found, create=True).close()
    return found


def exported(path):
    if not path.exists():
        return []
    return [json.loads(line)["document_id"] for line in path.read_text().splitlines()]


def test_an_export_that_follows_goes_on_through_an_erasure(fanmill, tmp_path, url, wait_until):
    store = open_store(url)
    store.save([completed(name, number) for number, name in enumerate("abc")])
    out = tmp_path / "out.jsonl"
    command = ("export", "--store", url, "--output", "out.jsonl")
    process = fanmill.start(*command, "--follow")
    try:
        wait_until(lambda: exported(out) == ["a", "b", "c"], "all are written")
        # The newest one at the cursor of the export, too.
        store.forget(["b", "c"], actor="ada", note="asked", at=LATER)
        store.save([completed("d", 50), completed("c", 60), completed("c", 101)])
        wait_until(lambda: exported(out)[3:] == ["d", "c"], "new ones and new lives are written")
        store.forget(["a"], actor="ada", note="asked", at=LATER)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(DEADLINE_SECONDS)
    assert fanmill(*command, "--resume").code == 0
    # Files that were written are copies outside of fanmill.
    assert exported(out) == ["a", "b", "c", "d", "c"]
    assert fanmill("export", "--store", url, "--output", "new.jsonl").code == 0
    assert exported(tmp_path / "new.jsonl") == ["d", "c"]
    store.close()


def test_a_sink_with_a_retention_expires_old_records_and_keeps_the_others(fanmill, url, wait_until):
    store = open_store(url)
    now = datetime.now(UTC)
    for number, (name, days) in enumerate((("old", 3), ("fresh", 1)), 1):
        at = now - timedelta(days=days)
        kept = record(name, summary=f"The summary of the {name} one.").model_copy(
            update={"completed_at": at, "received_at": at}
        )
        entry = f"{round(at.timestamp() * 1000)}-{number}"
        store.save([CompletedEntry.of_result(entry, kept)])
    fanmill.environment.update(FANMILL_STORE_URL=url, FANMILL_STORE_RETENTION_DAYS="2")
    process = fanmill.start("sink")
    try:
        wait_until(lambda: store.get("old") is None, "the old record has expired")
    finally:
        process.terminate()
        assert process.wait(DEADLINE_SECONDS) == 0
    assert store.get("fresh") is not None
    found = search_store(store, ["old"], [("old", "The summary of the old one.")])
    assert found.traces == {}
    assert store.tombstones(["old"]) == [], "it may come again"
    assert store.check() == []
    store.close()
