"""A ledger whose ids ran ahead of the clock moves to a new stream, and nothing is lost."""

import subprocess
import sys
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import ResponseError

from builders import Mill, RedisStores, completed, ingested, raw_body
from fanmill.local.server import EmbeddedServer
from fanmill.ops.repair import EntriesInFlight, repair_stream, seconds_ahead
from fanmill.stores.keys import Keys
from fanmill.stores.redis.losses import lost_unread
from fanmill_contracts import encode

LAST = f"{2**64 - 1}-{2**64 - 1}"


@pytest.fixture
def stores(redis: Redis, keys: Keys) -> RedisStores:
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    return stores


def test_a_ledger_that_follows_the_clock_is_not_ahead(stores: RedisStores) -> None:
    assert seconds_ahead(stores.redis, Keys(stores.keys.streams)) == 0
    stores.add(raw_body())
    assert seconds_ahead(stores.redis, stores.keys) == 0


@pytest.mark.parametrize("last", [LAST, "1763000000000000-0"])
def test_a_stream_at_its_end_is_repaired_and_takes_events_again(
    stores: RedisStores, last: str
) -> None:
    redis, keys = stores.redis, stores.keys
    completed(stores, ingested("earlier", event_id="earlier"))
    for number in range(5):
        stores.add(encode(ingested(f"doc-{number}", f"Text {number}.")))
    redis.xadd(keys.ingested, {"event": encode(ingested("last", "Other words."))}, id=last)
    assert seconds_ahead(redis, keys) > 10**9
    if last == LAST:
        with pytest.raises(ResponseError):
            stores.add(raw_body())
    assert list(repair_stream(redis, keys)) == [0, 1, 2, 3, 4, 5, 6]
    assert seconds_ahead(redis, keys) == 0
    stores.add(encode(ingested("new", "Quite new words.")))
    Mill(stores).run()
    assert [event.subject for event in stores.processed()] == [
        "earlier", *(f"doc-{number}" for number in range(5)), "last", "new",
    ]  # fmt: skip
    assert all(event.data.received_at is not None for event in stores.processed())
    assert lost_unread(redis, keys) == 0
    assert not redis.exists(keys.set_aside)


def test_entries_in_flight_stop_a_repair_and_nothing_changes(stores: RedisStores) -> None:
    mill = Mill(stores)
    stores.redis.xadd(stores.keys.ingested, {"event": raw_body()}, id=LAST)
    mill.poll()
    with pytest.raises(EntriesInFlight, match="entries of the ledger in flight: 1;"):
        list(repair_stream(stores.redis, stores.keys))
    mill.run()
    assert len(stores.processed()) == 1
    assert list(repair_stream(stores.redis, stores.keys)) == [0]


def test_an_interrupted_repair_goes_on_and_moves_each_entry_once(stores: RedisStores) -> None:
    for number in range(9):
        stores.add(encode(ingested(f"doc-{number}", f"Text {number}.")))
    stores.redis.xadd(stores.keys.ingested, {"event": encode(ingested("last"))}, id=LAST)
    repair = repair_stream(stores.redis, stores.keys)
    while next(repair) < 4:
        pass
    repair.close()
    stores.add(encode(ingested("meanwhile", "Written meanwhile.")))
    assert list(repair_stream(stores.redis, stores.keys))[-1] == 6
    Mill(stores).run()
    assert len({event.subject for event in stores.processed()}) == 11
    assert len(stores.processed()) == 11


def test_a_document_that_carried_a_later_id_has_newer_revisions_after_a_repair(
    stores: RedisStores,
) -> None:
    first = encode(ingested("doc-1", "First text.", event_id="first"))
    stores.redis.xadd(stores.keys.ingested, {"event": first}, id=LAST)
    Mill(stores).run()
    list(repair_stream(stores.redis, stores.keys))
    stores.add(encode(ingested("doc-1", "Second words.", event_id="second")))
    Mill(stores).run()
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert stored.result is not None
    assert (stored.state, stored.result.event.id) == ("complete", "second")


def test_the_command_repairs_and_says_what_it_did(
    stores: RedisStores, server: EmbeddedServer
) -> None:
    def intake() -> Any:
        return subprocess.run(
            [sys.executable, "-m", "fanmill", "intake", "--repair-stream"],
            env={
                "FANMILL_REDIS_URL": server.url,
                "FANMILL_NAMESPACE": stores.keys.streams.namespace,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert "nothing to repair" in intake().stderr
    stores.redis.xadd(stores.keys.ingested, {"event": raw_body()}, id=LAST)
    done = intake()
    assert (done.returncode, "moved 1 waiting entry" in done.stderr) == (0, True), done.stderr
    stores.redis.xadd(stores.keys.ingested, {"event": raw_body()}, id=LAST)
    Mill(stores).poll()
    refused = intake()
    assert (refused.returncode, "in flight" in refused.stderr) == (1, True), refused.stderr
