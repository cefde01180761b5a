"""`fanmill forget`: selections, partitions, the store, proof and history of an erasure."""

import json

import pytest

from builders import Mill, RedisStores, ingested
from cli.conftest import CommandLine
from fanmill.sink.decoding import outcome_of
from fanmill.stores.index import RedisFingerprintIndex
from fanmill.stores.keys import Keys
from fanmill.stores.opening import open_store
from fanmill.stores.redis.outbox import RedisOutbox
from fanmill_contracts import StreamNames, encode, partition_of

OLD, NEW = "/crawler/old", "/crawler/new"
NAMES = ("held-a", "held-b", "held-c", "held-d", "free-a", "free-b")


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/results.sqlite"


@pytest.fixture
def mills(redis, namespace, url):
    """Two partitions over one store, each with documents of two sources in every place."""
    found = []
    store = open_store(url, create=True)
    for number in range(2):
        stores = RedisStores(redis, Keys(StreamNames(f"{namespace}-{number}")))
        stores.index = RedisFingerprintIndex(redis, f"{namespace}-0")
        stores.ledger.open()
        found.append(Mill(stores))
    for name in NAMES:
        source = OLD if name.startswith("held") else NEW
        mill = found[partition_of(name, 2)]
        title = f"The miller of {name} hides his flour"
        mill.publish(ingested(name, f"Text of {name} in his words.", source=source, title=title))
    for mill in found:
        outbox = RedisOutbox(mill.stores.redis, mill.stores.keys, "main", url, None)
        outbox.join()
        mill.run()
        entries = outbox.read("tests", 100, 0)
        store.save([outcome_of(each) for each in entries])
        outbox.ack(entries)
        # No sink runs: the command erases in the store it is given.
        mill.stores.redis.delete(mill.stores.keys.sinks)
    found[0].publish(ingested("held-waits", "It waits for an intake.", source=OLD))
    found[1].publish(ingested("held-flies", "It is in flight at last.", source=OLD))
    found[1].poll()
    found[1].publish(ingested("held-bad", "refused by tag, and so a rejection", source=OLD))
    found[1].run()
    store.close()
    return found


@pytest.fixture
def fanmill(tmp_path, environment, server, namespace, url):
    addresses = " ".join(f"{server.url}#{namespace}-{number}" for number in range(2))
    variables = {"FANMILL_PARTITIONS": addresses, "FANMILL_STORE_URL": url}
    return CommandLine(tmp_path, {**environment, **variables})


def stored(url):
    store = open_store(url)
    try:
        return sorted(name for name in (*NAMES, "held-waits") if store.get(name) is not None)
    finally:
        store.close()


def test_a_source_is_erased_in_all_partitions_and_the_store(fanmill, mills, url):
    done = fanmill(
        "forget", "--source", OLD, "--yes", "--verify", "--note", "licence ended", "--json"
    )
    (row,) = done.rows
    assert done.code == 0, row["traces"]
    assert (row["documents"], row["verified"], row["traces"]) == (7, True, {})
    assert row["phrases"] > 0
    assert row["searched"]["rows of records"] == 2
    assert len(row["actions"]) == 2
    assert stored(url) == ["free-a", "free-b"]
    for mill in mills:
        mill.run()
        assert {event.data.document_id for event in mill.stores.processed()} <= {"free-a", "free-b"}
        assert mill.stores.rejections.count() == 0
        assert mill.stores.waiting() == []
    again = fanmill("forget", "held-a", "held-waits", "--verify", "--json")
    assert (again.code, again.rows[0]["verified"], again.rows[0]["phrases"]) == (0, True, 0)


def test_a_query_is_erased_and_the_history_has_no_content(fanmill, mills, url, namespace):
    query = f'source:{OLD} text:"hides his flour"'
    tried = fanmill("forget", "--where", query, "--dry-run", "--json")
    assert (tried.code, tried.rows[0]["documents"]) == (0, 4)
    assert len(stored(url)) == 6
    done = fanmill("forget", "--where", query, "--yes", "--note", "asked", "--actor", "ada")
    assert done.code == 0, done.err
    assert stored(url) == ["free-a", "free-b"]
    actions = fanmill("actions", "list", "--json").rows
    assert [(each["kind"], each["state"], each["actor"]) for each in actions] == [
        ("forget", "done", "ada")
    ] * 2
    for each in actions:
        assert each["filter"] == f"source:{OLD} text:(not kept)"
        assert not any(name in json.dumps(each) for name in ("held", "flour"))
    shown = fanmill("actions", "list").out
    assert "4 documents" in shown
    redis = mills[0].stores.redis
    assert not list(redis.scan_iter(f"{namespace}-*:actions:*:documents"))


def test_a_trace_that_another_program_left_is_found_and_named(fanmill, mills, redis, namespace):
    assert fanmill("forget", "held-a", "--yes", "--note", "asked").code == 0
    redis.rpush(f"{namespace}-1:notes", json.dumps({"document_id": "held-a"}))
    done = fanmill("forget", "held-a", "--verify", "--json")
    assert (done.code, done.rows[0]["verified"]) == (1, False)
    assert done.rows[0]["traces"] == {"held-a": [f"partition 1: {namespace}-1:notes"]}


def test_without_a_reason_or_a_choice_nothing_is_erased(fanmill, mills, url):
    assert fanmill("forget", "held-a", "--yes").code == 2
    assert fanmill("forget", "--yes", "--note", "asked").code == 2
    # Before the search: an unknown document and a missing note are told apart.
    for options in ((), ("--yes",), ("--note", " "), ("--yes", "--detach")):
        refused = fanmill("forget", "nobody", *options)
        assert (refused.code, "--note" in refused.err) == (2, True), options
    assert fanmill("forget", "nobody", "--dry-run").code == 1
    assert fanmill("forget", "held-a", "--detach", "--verify", "--note", "asked").code == 2
    assert len(stored(url)) == 6


def test_a_detached_erasure_waits_for_an_intake_and_can_be_aborted(fanmill, mills, url):
    done = fanmill("forget", "held-a", "--yes", "--note", "asked", "--detach", "--json")
    assert (done.code, done.rows[0]["state"]) == (0, "running")
    action = done.rows[0]["actions"][0]
    assert "fanmill actions show" in done.err
    aborted = fanmill("actions", "abort", action)
    assert aborted.code == 0
    assert "it ends when" in aborted.err
    assert len(stored(url)) == 6


def test_ids_ahead_of_the_clock_are_named_before_an_erasure(fanmill, redis, namespace):
    del fanmill.environment["FANMILL_STORE_URL"]
    stores = RedisStores(redis, Keys(StreamNames(f"{namespace}-1")))
    stores.ledger.open()
    stores.add_as(f"{2**45}-0", encode(ingested("ahead")))
    done = fanmill("forget", "ahead", "--dry-run")
    assert done.code == 1
    assert f"ids of {namespace}-1:document.ingested are ahead of the clock" in done.err
    assert f"{namespace}-0:document.ingested" not in done.err
    # As the run book says: the repair gives it an id of today.
    assert fanmill("--partition", "1", "intake", "--repair-stream").code == 0
    assert "ahead" not in fanmill("forget", "nobody", "--dry-run").err
    assert fanmill("forget", "ahead", "--yes", "--note", "asked", "--verify").code == 0
    assert stores.waiting() == []
