"""Publishing that returns only when the events are on disk."""

import pytest
from redis import Redis

from builders import ingested
from contract_clients import Published, ledger, numbered
from fanmill.local.server import EmbeddedServer
from fanmill_contracts import (
    BacklogFull,
    NotDurable,
)


def test_durable_events_survive_a_server_that_is_killed(
    publish: Published, namespace: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("killed")
    events = numbered(300)
    with EmbeddedServer(folder, durable=True) as running:
        publish(*events, url=running.url, durable=True)
        publish(ingested("last"), one_by_one=True, url=running.url, durable=True)
        assert running._process is not None
        running._process.kill()
        running._process.wait()
    with EmbeddedServer(folder, durable=True) as again, Redis.from_url(again.url) as client:
        found = [event.data.document_id for _, event in ledger(client, namespace)]
    assert found == [*(f"doc-{number}" for number in range(300)), "last"]


def test_durable_publishing_returns_ids_and_numbers_as_usual(
    publish: Published, durable_server: EmbeddedServer, namespace: str
) -> None:
    how = {"url": durable_server.url, "durable": True}
    with Redis.from_url(durable_server.url) as client:
        ids = publish(*numbered(2), one_by_one=True, **how)
        assert publish(*numbered(3), **how) == 3
        written = ledger(client, namespace)
    assert [entry for entry, _ in written[:2]] == ids
    assert len(written) == 5


def test_a_full_ledger_refuses_durable_events_as_well(
    publish: Published, durable_server: EmbeddedServer, namespace: str
) -> None:
    with pytest.raises(BacklogFull) as caught:
        publish(*numbered(5), url=durable_server.url, durable=True, max_backlog=3)
    assert caught.value.accepted == 3


def test_a_server_without_append_only_file_is_not_durable_and_the_error_says_what_to_do(
    publish: Published, redis: Redis, namespace: str
) -> None:
    event = ingested()
    with pytest.raises(NotDurable, match="set appendonly yes on the server"):
        publish(event, one_by_one=True, durable=True)
    # Written all the same, as the error says; again would be the same event.
    assert [found for _, found in ledger(redis, namespace)] == [event]


def test_events_beside_refused_ones_are_not_passed_off_as_durable(
    publish: Published, redis: Redis, namespace: str
) -> None:
    with pytest.raises(NotDurable):
        publish(*numbered(3), durable=True, max_backlog=2)
    assert len(ledger(redis, namespace)) == 2
    with pytest.raises(BacklogFull):
        publish(*numbered(3), durable=True, max_backlog=2)
