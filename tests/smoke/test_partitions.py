"""Partitions with processes of their own: global verdicts, kills, and one that is added."""

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from fanmill.local.server import EmbeddedServer
from fanmill.stores.opening import open_store
from fanmill_contracts import (
    DocumentIngested,
    DocumentProcessed,
    PartitionedPublisher,
    decode,
    partition_of,
)
from fork_server import run

from .service import SWIFT, Service

pytestmark = pytest.mark.timeout(300)

WORDS = ("harbour", "bridge", "lantern", "copper", "meadow", "winter", "ferry", "signal")


def text_of(number: int) -> str:
    """Return a text of 40 words, unlike the text of any other number."""
    return " ".join(f"{WORDS[(number * 7 + at) % 8]}{number * 40 + at}" for at in range(40))


def documents(numbers: range, prefix: str = "doc") -> list[DocumentIngested]:
    return [
        DocumentIngested.create(f"{prefix}-{number}", text_of(number), source="/smoke")
        for number in numbers
    ]


class Partitions:
    """The processes of all partitions, in namespaces of one server."""

    def __init__(self, server: EmbeddedServer, folder: Path, count: int) -> None:
        self._server, self._folder = server, folder
        self._opened = ExitStack()
        self.url = server.url
        self.redis = Redis(port=server.port, socket_timeout=10)
        self.services: list[Service] = []
        for _ in range(count):
            self.add()

    def addresses(self, count: int) -> str:
        return " ".join(f"{self._server.url}#mill-{number}" for number in range(count))

    def add(self) -> None:
        """Start intake and worker of a further partition; the others keep their list."""
        number = len(self.services)
        settings = {
            **SWIFT,
            "FANMILL_PARTITIONS": self.addresses(number + 1),
            "FANMILL_PARTITION": str(number),
            "FANMILL_NAMESPACE": f"mill-{number}",
        }
        folder = self._folder / str(number)
        folder.mkdir()
        service = Service(self._server.url, folder, settings)
        self._opened.enter_context(service)
        self.services.append(service)
        service.await_ready(self.redis)

    def publish(self, events: list[DocumentIngested]) -> None:
        with PartitionedPublisher(self.addresses(len(self.services))) as publisher:
            assert publisher.publish_many(events) == len(events)

    def completed(self) -> list[Counter[str]]:
        return [service.completed(self.redis) for service in self.services]

    def await_completed(self, number: int) -> None:
        """Wait until so many documents are complete in all, each once."""
        self.services[0].until(lambda: sum(map(len, self.completed())) >= number, 90)
        for service, found in zip(self.services, self.completed(), strict=True):
            assert set(found.values()) <= {1}
            assert self.redis.xlen(service.streams.rejected) == 0

    def verdicts(self) -> dict[str, Any]:
        """Return the verdict of each document."""
        found = {}
        for service in self.services:
            entries: Any = self.redis.xrange(service.streams.processed)
            for _, fields in entries:
                event = decode(fields[b"event"])
                assert isinstance(event, DocumentProcessed)
                found[event.data.document_id] = event.data.deduplication
        return found

    def status(self) -> Any:
        """Return what `fanmill status` says of all partitions."""
        told = run(
            [sys.executable, "-m", "fanmill", "status", "--json"],
            env={**os.environ, "FANMILL_PARTITIONS": self.addresses(len(self.services))},
            capture_output=True,
            check=True,
        ).stdout
        return json.loads(told)

    def close(self) -> None:
        self._opened.close()
        self.redis.close()


@pytest.fixture
def partitions(tmp_path: Path) -> Iterator[Partitions]:
    with EmbeddedServer(tmp_path / "server", durable=False) as server:
        found = Partitions(server, tmp_path, 2)
        try:
            yield found
        finally:
            found.close()


def is_stored(partitions: Partitions, number: int) -> bool:
    """Tell whether the sink has stored all outcomes of a partition."""
    groups: Any = partitions.redis.xinfo_groups(partitions.services[number].streams.processed)
    return any(group["lag"] == 0 == group["pending"] for group in groups)


def test_verdicts_are_global_and_kills_lose_and_double_nothing(
    partitions: Partitions, tmp_path: Path
) -> None:
    partitions.publish(documents(range(60)))
    partitions.await_completed(60)
    # Copies under other ids: about half of them belong to the other partition.
    copies = documents(range(60), "copy")
    elsewhere = [
        number
        for number in range(60)
        if partition_of(f"doc-{number}", 2) != partition_of(f"copy-{number}", 2)
    ]
    assert 10 < len(elsewhere) < 50
    partitions.publish(copies)
    worker = partitions.services[1].processes["worker"]
    os.killpg(worker.pid, signal.SIGKILL)
    # The other partition goes on meanwhile.
    own = sum(partition_of(f"copy-{number}", 2) == 0 for number in range(60))
    first = sum(partition_of(f"doc-{number}", 2) == 0 for number in range(60))
    partitions.services[0].until(lambda: len(partitions.completed()[0]) == own + first, 60)
    partitions.services[1].restart("worker")
    partitions.await_completed(120)
    verdicts = partitions.verdicts()
    for number in range(60):
        assert verdicts[f"doc-{number}"].verdict == "unique"
        copy = verdicts[f"copy-{number}"]
        assert (copy.verdict, copy.duplicate_of) == ("exact", f"doc-{number}")
    store = f"sqlite:///{tmp_path}/results.sqlite"
    settings = {"FANMILL_PARTITIONS": partitions.addresses(2), "FANMILL_STORE_URL": store}
    settings["FANMILL_NAMESPACE"] = "mill-0"
    with Service(partitions.url, tmp_path, settings, roles=["sink"]) as sink:
        sink.await_ready(partitions.redis)
        sink.until(lambda: all(is_stored(partitions, each) for each in (0, 1)), 60)
        status = partitions.status()
        assert [each["name"].split(":")[0] for each in status["sinks"]] == ["0", "1"]
        assert sink.terminate()["sink"][0] == 0
    with closing(open_store(store)) as opened:
        assert opened.info().records == 120
    assert status["completed"] == status["results"] == 120
    assert {each["role"] for each in status["processes"]} >= {"intake", "worker"}


def test_a_partition_is_added_while_the_others_work(partitions: Partitions) -> None:
    partitions.publish(documents(range(40)))
    partitions.await_completed(40)
    # Processes of the new partition first, then publishers with the longer list.
    partitions.add()
    again = [
        DocumentIngested.create(f"doc-{number}", text_of(number + 100), source="/smoke")
        for number in range(40)
    ]
    partitions.publish(again)
    partitions.services[0].until(
        lambda: sum(found.total() for found in partitions.completed()) == 80, 90
    )
    moved = [number for number in range(40) if partition_of(f"doc-{number}", 3) == 2]
    assert moved
    assert set(partitions.completed()[2]) == {f"doc-{number}" for number in moved}
    for number in range(40):
        before, after = partition_of(f"doc-{number}", 2), partition_of(f"doc-{number}", 3)
        assert after in {before, 2}
