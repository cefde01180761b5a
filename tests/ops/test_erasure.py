"""Erasure: afterwards no key and no table holds the document, wherever it was."""

import json
from contextlib import suppress

import pytest

from builders import Mill, RedisStores, ingested
from fanmill.ops.erasure import Erasure, entries_of
from fanmill.ops.erasure_proof import search_keys
from fanmill.ops.process_registry import server_ms
from fanmill.ports import ActionOrder, CompletedEntry
from fanmill.sink.decoding import outcome_of
from fanmill.stores.redis.outbox import RedisOutbox
from fanmill.stores.sqlite import SqliteStore
from fanmill_contracts.stored_records import decompressed

ID = "secret-document-4711"
TITLE = "Confidential matters of the miller"
TEXT = "Nobody may read that the miller of the upper valley hides his flour in a well. " * 9
NEEDLES = (ID.encode(), TITLE.encode(), TEXT[:60].encode())


@pytest.fixture
def stores(redis, keys):
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    return stores


def erase(redis, keys, stores, *, dry_run=False):
    work = Erasure(redis, keys, stores.index, [ID], server_ms(redis) + 1, dry_run=dry_run)
    work.ledger(0)
    work.rest()
    return work.erased.counts


def everything(redis, keys):
    """Yield every key and value of the namespace, records also unpacked."""
    for key in redis.scan_iter(match=f"*{keys.streams.namespace}*"):
        kind = redis.type(key).decode()
        values = {
            "string": lambda key=key: [redis.get(key)],
            "hash": lambda key=key: [*redis.hgetall(key), *redis.hgetall(key).values()],
            "list": lambda key=key: redis.lrange(key, 0, -1),
            "set": lambda key=key: redis.smembers(key),
            "zset": lambda key=key: redis.zrange(key, 0, -1),
            "stream": lambda key=key: [
                value for _, fields in entries_of(redis, key.decode()) for value in fields.values()
            ],
        }[kind]()  # fmt: skip
        yield key, key
        for value in values:
            yield key, value
            with suppress(ValueError):
                yield key, decompressed(value)


def traces(redis, keys):
    return sorted(
        {
            key.decode().removeprefix(f"{keys.streams.namespace}:")
            for key, value in everything(redis, keys)
            if any(needle in value for needle in NEEDLES)
        }
    )


def secret(event_id):
    return ingested(ID, TEXT, title=TITLE, event_id=event_id)


def scatter(redis, keys, stores):
    """Leave the document in every place that there is."""
    mill = Mill(stores)
    outbox = RedisOutbox(redis, keys, "main", "sqlite:///a", None)
    outbox.join()
    mill.publish(secret("one"), ingested("other", "The ferry leaves at eight o'clock."))
    mill.run()
    # Dead letters: malformed, replayed with an edit, and the order of that edit.
    for number in range(3):
        event = json.loads(secret(f"bad-{number}").model_dump_json())
        redis.xadd(keys.ingested, {"event": json.dumps({**event, "specversion": "9"})})
    mill.run()
    first, second, _ = [entry.id for entry in stores.rejections.entries()]
    whole = secret("bad-0").model_dump_json(exclude_none=True)
    for order in (
        ActionOrder(kind="edit", actor="a@b", ids=(first,), event=whole),
        ActionOrder(kind="drop", actor="a@b", ids=(second,)),
    ):
        from fanmill.actions.executor import ActionExecutor

        action = stores.actions.create(order)
        executor = ActionExecutor("tests", stores.actions, stores.rejections)
        while stores.actions.get(action.id).state == "running":
            executor.step(action.id)
    # In flight, and waiting.
    mill.publish(secret("two"))
    mill.poll()
    mill.publish(secret("three"))
    redis.xadd(keys.unreadable, {"event": redis.xrange(keys.processed)[0][1][b"event"]})
    return outbox


def test_no_key_holds_an_erased_document_but_the_tombstone(redis, keys, stores):
    scatter(redis, keys, stores)
    before = traces(redis, keys)
    assert {"document.processed", "document.rejected", "document.ingested"} <= set(before)
    expected = erase(redis, keys, stores, dry_run=True)
    assert traces(redis, keys) == before
    done = erase(redis, keys, stores)
    assert traces(redis, keys) == [f"forgotten:{ID}"]
    assert set(expected) <= set(done)
    assert done["ledger"] >= 2
    proof = search_keys(redis, keys, stores.index, [ID])
    assert proof.traces == {}
    assert proof.searched["stream"] >= 2
    assert stores.records.get("other") is not None
    assert erase(redis, keys, stores) == {}


def test_what_the_search_finds_before_is_named(redis, keys, stores):
    scatter(redis, keys, stores)
    found = search_keys(redis, keys, stores.index, [ID, "nobody"])
    assert set(found.traces) == {ID}
    for name in (keys.processed, keys.rejected, keys.ingested, keys.document(ID), keys.results):
        assert name in found.traces[ID]


def test_nothing_in_flight_comes_back_and_a_later_event_does(redis, keys, stores, tmp_path):
    mill = Mill(stores)
    mill.publish(secret("one"))
    mill.poll()
    store = SqliteStore(tmp_path / "results.sqlite")
    outbox = RedisOutbox(redis, keys, "main", "sqlite:///a", None)
    outbox.join()
    work = Erasure(redis, keys, stores.index, [ID], server_ms(redis) + 1)
    work.ledger(0)
    store.forget([ID], actor="ada", note="asked", at=work.at)
    work.rest()
    # The queues still have the batch that was in flight.
    mill.run()
    assert traces(redis, keys) == [f"forgotten:{ID}"]
    assert stores.records.get(ID) is None
    mill.publish(secret("later"))
    mill.run()
    assert stores.records.get(ID).result.deduplication.verdict == "unique"
    held = [outcome_of(each) for each in outbox.read("tests", 10, 0)]
    counts = store.save([each for each in held if isinstance(each, CompletedEntry)])
    assert (counts.stored, counts.forgotten) == (1, 0)
    store.close()


def test_a_sink_that_held_the_outcome_stores_nothing_and_misses_nothing(
    redis, keys, stores, tmp_path
):
    outbox = scatter(redis, keys, stores)
    held = [outcome_of(each) for each in outbox.read("tests", 2, 0)]
    store = SqliteStore(tmp_path / "results.sqlite")
    work = Erasure(redis, keys, stores.index, [ID], server_ms(redis) + 1)
    work.ledger(0)
    store.forget([ID], actor="ada", note="asked", at=work.at)
    work.rest()
    counts = store.save(held)
    assert counts.forgotten >= 1
    assert store.get(ID) is None
    assert all(needle not in (tmp_path / "results.sqlite").read_bytes() for needle in NEEDLES[1:])
    while outbox.read("tests", 10, 0):
        pass
    assert not any(name.startswith(b"sink-lost") for name in redis.hgetall(keys.counters))
    (tomb,) = store.tombstones([ID])
    assert (tomb.actor, tomb.note) == ("ada", "asked")
    store.close()
