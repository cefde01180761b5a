"""All pages and acts of a console over two partitions in one server."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr
from redis import Redis
from starlette.testclient import TestClient

from action_builders import executor, reject_many
from builders import Mill, RedisStores, ingested, raw_body
from console.conftest import Opening
from console.test_failures import send
from fanmill.console.pages import PAGES
from fanmill.local.server import EmbeddedServer
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
from fanmill_contracts import DocumentIngested, partition_of

PATHS = [page.path for page in PAGES if "{" not in page.path]
NUMBERS = (0, 1)


@dataclass(frozen=True)
class Two:
    """Both partitions."""

    settings: Settings
    stores: tuple[RedisStores, RedisStores]
    mills: tuple[Mill, Mill]

    def publish(self, *events: DocumentIngested) -> None:
        for event in events:
            self.mills[partition_of(event.data.document_id, 2)].publish(event)

    def run(self) -> None:
        for mill in self.mills:
            mill.run()

    def carry_out(self) -> None:
        for stores in self.stores:
            worker = executor(stores)
            while worker.step():
                pass


@pytest.fixture
def two(server: EmbeddedServer, namespace: str, redis: Redis) -> Two:
    partitions = " ".join(f"{server.url}#{namespace}-{number}" for number in NUMBERS)
    settings = Settings(
        redis_url=server.url, namespace=f"{namespace}-0", partitions=SecretStr(partitions)
    )
    stores = []
    for own in settings.each_partition():
        stores.append(RedisStores(redis, Keys(own.streams)))
        stores[-1].ledger.open()
    first, second = stores
    return Two(settings, (first, second), (Mill(first), Mill(second)))


@pytest.fixture
def client(open_console: Opening, two: Two) -> TestClient:
    return open_console("admin", settings=two.settings)


def names_of(number: int, count: int = 3, prefix: str = "doc") -> list[str]:
    """Return names of documents that belong to a partition."""
    every = (f"{prefix}-{at}" for at in range(1000))
    own = (name for name in every if partition_of(name, 2) == number)
    return [next(own) for _ in range(count)]


def test_pages_show_both_and_tell_them_apart(client: TestClient, two: Two) -> None:
    documents = {number: names_of(number) for number in NUMBERS}
    for number, names in documents.items():
        two.publish(*(ingested(name, f"Text {name} of {number}.") for name in names))
    two.run()
    for number in NUMBERS:
        reject_many(two.stores[number], 2, first=10 * number)
        two.publish(ingested(names_of(number, 4)[3], "It waits."))
    for path in PATHS:
        assert client.get(path).status_code == 200, path
    listed = client.get("/documents").text
    for number, names in documents.items():
        for name in names:
            assert f'data-id="{name}"' in listed
            page = client.get(f"/documents/{name}").text
            assert f"partition {number} ·" in page
            assert "It is complete" in client.get(f"/documents/{name}").text
            assert "Completed: unique." in client.get(f"/trace/{name}").text
        waits = names_of(number, 4)[3]
        assert f"partition {number} ·" in client.get(f"/documents/{waits}").text
    ledger = client.get("/ledger").text
    for number in NUMBERS:
        assert f'data-label="Partition">{number}</td>' in ledger
    # The same group in both partitions is one group.
    failures = client.get("/failures").text
    assert "4 open rejections in 1 group." in failures
    assert ">4</td>" in client.get("/").text
    group = failures.split('<tr data-id="')[1].split('"')[0]
    for path in (f"/failures/{group}", "/rejections"):
        page = client.get(path).text
        for number in NUMBERS:
            assert page.count(f'data-label="Partition">{number}</td>') == 2, path


def test_a_bulk_replay_has_an_action_in_each_partition(client: TestClient, two: Two) -> None:
    for number in NUMBERS:
        reject_many(two.stores[number], 3 + number, first=10 * number)
    ids = [
        f"{number}:{entry.id}" for number in NUMBERS
        for entry in two.stores[number].rejections.entries()
    ]  # fmt: skip
    _, _, link = send(client, "rejections/replay", [("id", each) for each in ids[2:5]])
    assert "3 would be replayed." in client.get(link).text
    named = parse_qs(urlsplit(link).query)["ids"][0]
    status, _, link = send(client, "bulk/replay", [("ids", named), ("note", "try")])
    assert (status, link) == (200, "/actions")
    two.carry_out()
    assert [each.rejections.count() for each in two.stores] == [2, 2]
    assert "4 would be replayed." in client.get("/actions/new?kind=replay").text
    status, _, _ = send(client, "bulk/replay", [("where", "")])
    assert status == 200
    two.carry_out()
    assert [each.rejections.count() for each in two.stores] == [0, 0]
    page = client.get("/actions").text
    actions = [action for each in two.stores for action in each.actions.newest()]
    assert len(actions) == 4
    for action in actions:
        assert f'data-id="{action.id}"' in page
        shown = client.get(f"/actions/{action.id}").text
        assert "in partition" in shown
        assert "Done in" in shown


def test_an_action_without_a_part_in_a_partition_is_not_made_there(
    client: TestClient, two: Two
) -> None:
    reject_many(two.stores[1], 2)
    fields = [("where", "stage:tag"), ("word", "drop")]
    _, _, link = send(client, "bulk/drop", fields)
    (action,) = two.stores[1].actions.newest()
    assert link == f"/actions/{action.id}"
    assert two.stores[0].actions.newest() == []
    assert send(client, "actions/abort", [("id", action.id)])[0] == 200
    assert "Aborted" in client.get(link).text


def test_one_rejection_is_edited_where_it_is(client: TestClient, two: Two) -> None:
    (rejected,) = reject_many(two.stores[1], 1)
    path = f"/rejections/1/{rejected}"
    assert "in partition 1" in client.get(path).text
    assert client.get(f"/rejections/0/{rejected}").status_code == 404
    assert client.get(f"{path}/edit").status_code == 200
    fields = [("id", f"1:{rejected}"), ("data.title", "A title")]
    assert send(client, "rejection/edit", [("id", f"0:{rejected}"), *fields[1:]])[0] == 422
    assert send(client, "rejection/edit", fields)[0] == 200
    two.carry_out()
    assert two.stores[1].rejections.count() == 0


def test_documents_are_published_to_their_partition(client: TestClient, two: Two) -> None:
    for number in NUMBERS:
        (name,) = names_of(number, 1, "new")
        fields = [("document_id", name), ("text", f"Text of {name}.")]
        status, _, link = send(client, "publish/send", fields)
        assert status == 200
        assert "Waits at 1 of 1" in client.get(link).text
        assert len(two.stores[number].waiting()) == 1
    two.run()
    assert [len(each.processed()) for each in two.stores] == [1, 1]


def test_pauses_hold_everywhere_and_events_are_removed_by_partition(
    client: TestClient, two: Two, redis: Redis
) -> None:
    assert send(client, "ledger/pause", [("target", "tag"), ("note", "why")])[0] == 200
    page = client.get("/ledger").text
    assert page.count("<b>tag</b> is paused since") == 1
    redis.delete(two.stores[1].keys.controls)
    assert "<b>tag</b> is paused in partition 0 since" in client.get("/ledger").text
    assert send(client, "ledger/resume", [("target", "tag")])[0] == 200
    assert "is paused" not in client.get("/ledger").text
    entries = [each.add(raw_body(id=f"e{at}")) for at, each in enumerate(two.stores)]
    assert send(client, "waiting/remove", [("id", f"1:{entries[1]}")])[0] == 200
    assert [len(each.waiting()) for each in two.stores] == [1, 0]
    assert send(client, "waiting/remove", [("id", f"2:{entries[0]}")])[0] == 422


def test_readers_of_both_are_listed(client: TestClient, two: Two, redis: Redis) -> None:
    for number, each in enumerate(two.stores):
        redis.xgroup_create(each.keys.processed, f"search-{number}", id="0", mkstream=True)
    for number in NUMBERS:
        two.publish(*(ingested(name, f"Text {name}.") for name in names_of(number, 2 + number)))
    two.run()
    page = client.get("/consumers").text
    lags: list[Any] = [
        page.split(f"search-{number}</td>")[1].split('data-label="Not read">')[1].split("<")[0]
        for number in NUMBERS
    ]
    assert lags == ["2", "3"]
