"""The results client on a real server: get, wait, iterate."""

from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from redis import Redis

from builders import Mill, RedisStores, completed, ingested, taken_in
from contract_clients import ResultsClient, named
from fanmill.local.server import EmbeddedServer
from fanmill_contracts import (
    DocumentNotCompleted,
    DocumentResult,
    InvalidArgument,
    PositionLost,
    Publisher,
    Results,
    ResultTimeout,
    ServerUnreachable,
    StreamNames,
    encode,
)
from tcp_proxy import TcpProxy


def test_a_record_is_returned_when_it_is_complete(results: Any, stores: RedisStores) -> None:
    assert results.get("doc-1") is None
    assert results.status("doc-1") is None
    (waiting,) = taken_in(stores, ingested("doc-1"))
    assert results.get("doc-1") is None
    assert results.status("doc-1").state == "received"
    assert results.status("doc-1").newest == waiting
    entry_id = completed(stores, ingested("doc-2"))
    record = results.get("doc-2")
    assert isinstance(record, DocumentResult)
    assert record.document_id == "doc-2"
    status = results.status("doc-2")
    assert (status.state, status.revisions, status.entry, status.newest, status.rejection) == (
        "complete",
        1,
        entry_id,
        entry_id,
        None,
    )
    assert status.result == record
    # The layout is the same that fanmill's own store reads.
    stored = stores.records.get("doc-2")
    assert stored is not None
    assert stored.result == record


def test_waiting_returns_at_once_or_as_soon_as_the_document_is_complete(
    results: Any, stores: RedisStores
) -> None:
    completed(stores, ingested("doc-1"))
    assert results.wait("doc-1", 0).document_id == "doc-1"
    later = Thread(target=lambda: (sleep(0.5), completed(stores, ingested("doc-2"))))
    begin = monotonic()
    later.start()
    assert results.wait("doc-2", 20.0).document_id == "doc-2"
    assert 0.4 < monotonic() - begin < 20
    later.join()


def test_waiting_asks_little_while_nothing_happens(
    results: Any, stores: RedisStores, redis: Redis
) -> None:
    before = redis.info("commandstats").get("cmdstat_hmget", {}).get("calls", 0)
    with pytest.raises(ResultTimeout):
        results.wait("doc-1", 2.5)
    after = redis.info("commandstats").get("cmdstat_hmget", {}).get("calls", 0)
    assert after - before <= 6


def test_waiting_for_a_revision_is_not_answered_by_an_older_record(
    results: Any, stores: RedisStores
) -> None:
    old = completed(stores, ingested("doc-1", "The first text."))
    assert results.wait("doc-1", 0, entry_id=old).revision == 1
    newer = f"{int(old.partition('-')[0]) + 1}-0"
    with pytest.raises(ResultTimeout):
        results.wait("doc-1", 0.1, entry_id=newer)
    later = Thread(target=lambda: (sleep(0.3), completed(stores, ingested("doc-1", "Another."))))
    later.start()
    assert results.wait("doc-1", 20.0, entry_id=newer).revision == 2
    later.join()


def test_waiting_with_the_entry_that_the_publisher_returned(
    results: Any, stores: RedisStores, server: EmbeddedServer, namespace: str
) -> None:
    with Publisher(server.url, namespace=namespace) as publisher:
        entry_id = publisher.publish(ingested("doc-1"))
    Mill(stores).run()
    assert results.wait("doc-1", 5.0, entry_id=entry_id).document_id == "doc-1"


def test_a_rejected_document_ends_the_wait_with_its_reason(
    results: Any, stores: RedisStores, redis: Redis, namespace: str
) -> None:
    entry_id = stores.add(encode(ingested("doc-1", "A text refused by summarize.")))
    Mill(stores).run()
    assert results.get("doc-1") is None
    assert results.status("doc-1").state == "rejected"
    for how in ({}, {"entry_id": entry_id}):
        with pytest.raises(DocumentNotCompleted) as caught:
            results.wait("doc-1", 5.0, **how)
        assert caught.value.reason == "stage-failed"
        assert "cannot read doc-1" in caught.value.error
        assert caught.value.entry_id == results.status("doc-1").rejection
    # An operator drops the rejection; its reason goes with it.
    redis.delete(StreamNames(namespace).rejected)
    with pytest.raises(DocumentNotCompleted, match="unknown"):
        results.wait("doc-1", 5.0)
    # A rejected revision does not take the older record away, and is not taken for it.
    completed(stores, ingested("doc-2"))
    entry_id = stores.add(encode(ingested("doc-2", "A text refused by summarize.")))
    Mill(stores).run()
    assert results.wait("doc-2", 0).revision == 1
    with pytest.raises(DocumentNotCompleted, match="stage-failed"):
        results.wait("doc-2", 5.0, entry_id=entry_id)


def test_the_time_allowed_is_kept_and_the_state_told(results: Any, stores: RedisStores) -> None:
    begin = monotonic()
    with pytest.raises(ResultTimeout, match=r"has no result after 0\.3 s; its state is 'unknown'"):
        results.wait("doc-1", 0.3)
    taken_in(stores, ingested("doc-1"))
    with pytest.raises(TimeoutError, match="its state is 'received'"):
        results.wait("doc-1", 0.3)
    assert 0.6 <= monotonic() - begin < 20


def test_completed_documents_come_in_order_and_from_any_position(
    results: Any, stores: RedisStores
) -> None:
    assert results.completed() == []
    for number in range(5):
        completed(stores, ingested(f"doc-{number}"))
    found = results.completed()
    assert named(found) == [f"doc-{number}" for number in range(5)]
    assert results.completed(found[-1].position) == []
    assert named(results.completed(found[1].position)) == ["doc-2", "doc-3", "doc-4"]
    completed(stores, ingested("doc-5"))
    assert named(results.completed(found[-1].position)) == ["doc-5"]


def test_many_completed_documents_come_in_pages(
    results: Any, stores: RedisStores, redis: Redis, namespace: str
) -> None:
    stream = StreamNames(namespace).processed
    completed(stores, ingested("doc-0"))
    ((_, fields),) = redis.xrange(stream)  # type: ignore[misc]
    for _ in range(450):
        redis.xadd(stream, fields)
    assert len(results.completed()) == 451


def test_an_iteration_waits_for_further_documents(results: Any, stores: RedisStores) -> None:
    completed(stores, ingested("doc-0"))
    later = Thread(target=lambda: (sleep(0.3), completed(stores, ingested("doc-1"))))
    later.start()
    assert named(results.completed(wait_seconds=2.0)) == ["doc-0", "doc-1"]
    later.join()


def test_malformed_entries_are_skipped_and_counted(
    results: Any, stores: RedisStores, redis: Redis, namespace: str
) -> None:
    stream = StreamNames(namespace).processed
    redis.xadd(stream, {"event": "not JSON"})
    completed(stores, ingested("doc-0"))
    redis.xadd(stream, {"other": "x"})
    assert named(results.completed()) == ["doc-0"]
    assert results.results.malformed == 2


def test_a_position_whose_successors_may_be_trimmed_is_reported(
    results: Any, stores: RedisStores, redis: Redis, namespace: str
) -> None:
    stream = StreamNames(namespace).processed
    for number in range(5):
        completed(stores, ingested(f"doc-{number}"))
    found = results.completed()
    redis.xtrim(stream, maxlen=2, approximate=False)
    with pytest.raises(PositionLost) as caught:
        results.completed(found[1].position)
    assert caught.value.oldest == found[3].position
    # Nothing came after the last one: nothing was lost.
    redis.xtrim(stream, maxlen=0, approximate=False)
    assert results.completed(found[4].position) == []
    with pytest.raises(PositionLost):
        results.completed(found[3].position)
    redis.delete(stream)


def test_questions_are_repeated_over_lost_connections(
    kind: str, server: EmbeddedServer, stores: RedisStores, namespace: str
) -> None:
    completed(stores, ingested("doc-1"))
    with TcpProxy(server.port) as proxy:
        client = ResultsClient(kind, f"{proxy.url}?socket_timeout=2", namespace=namespace)
        assert client.get("doc-1") is not None
        later = Thread(target=lambda: (sleep(0.3), proxy.cut()))
        later.start()
        with pytest.raises(ResultTimeout):
            client.wait("doc-2", 1.5)
        later.join()
        proxy.silence()
        assert client.get("doc-1") is not None
        client.close()
    away = ResultsClient(kind, proxy.url, namespace=namespace, retry_seconds=0.3)
    with pytest.raises(ServerUnreachable, match="read results: the server"):
        away.get("doc-1")
    away.close()


@pytest.mark.parametrize("position", ["yesterday", "", "1-x", "-1"])
def test_a_position_that_is_no_entry_id_is_refused(results: Any, position: str) -> None:
    with pytest.raises(InvalidArgument, match="expected the id of an entry"):
        results.completed(position)
    with pytest.raises(InvalidArgument, match="expected the id of an entry"):
        results.wait("doc-1", 0, entry_id=position)


@pytest.mark.parametrize("seconds", [-1.0, float("nan")])
def test_a_negative_wait_is_refused(results: Any, seconds: float) -> None:
    with pytest.raises(InvalidArgument, match="wait_seconds is"):
        results.wait("doc-1", seconds)
    with pytest.raises(InvalidArgument, match="wait_seconds is"):
        results.completed(wait_seconds=seconds)


def test_answers_of_either_protocol_are_understood(
    server: EmbeddedServer, stores: RedisStores, namespace: str
) -> None:
    completed(stores, ingested("doc-1"))
    for how in ({"decode_responses": True}, {"protocol": 3}, {"protocol": 2}):
        with Redis.from_url(server.url, **how) as client:
            results = Results(client=client, namespace=namespace)
            assert results.wait("doc-1", 0).document_id == "doc-1"
            assert named(list(results.completed())) == ["doc-1"]
