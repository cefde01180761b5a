"""Behaviour of a task around its step: server failures, lost batches, services per process."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from textwrap import dedent

import pytest
from billiard.exceptions import SoftTimeLimitExceeded, TimeLimitExceeded, WorkerLostError
from redis.exceptions import OutOfMemoryError

from builders import PLAIN, Mill, QueueDispatcher, RedisStores, ingested, stage_result, taken_in
from fanmill.core.document import Document
from fanmill.core.record_members import RecordMembers
from fanmill.local.server import EmbeddedServer
from fanmill.ports import Batch
from fanmill.shell.continuing import Continuing
from fanmill.shell.tasks import perform, release_lost
from fanmill.shell.worker import PerProcess
from fanmill.steps import Functions, Services
from fanmill.stores.keys import Keys
from fanmill.stores.redis import connect
from fanmill_contracts import StreamNames

LONG = 3600.0

ALONE = Continuing(30)


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    with EmbeddedServer(tmp_path_factory.mktemp("tasks"), durable=False) as running:
        yield running


@pytest.fixture
def stores(own_server: EmbeddedServer, namespace: str) -> Iterator[RedisStores]:
    with connect(own_server.url, retry_seconds=0) as client:
        stores = RedisStores(client, Keys(StreamNames(namespace)))
        stores.ledger.open()
        yield stores
        client.config_set("maxmemory", 0)


def services(stores: RedisStores, functions: Functions = PLAIN) -> Services:
    return Services(stores.ledger, stores.index, QueueDispatcher(Mill().clock), functions)


def test_an_attempt_that_the_server_ended_is_not_the_documents(stores: RedisStores) -> None:
    (entry_id,) = taken_in(stores, ingested())

    def fill(document: Document) -> RecordMembers:
        stores.redis.config_set("maxmemory", 1)
        return PLAIN.tag(document)

    with pytest.raises(OutOfMemoryError):
        perform(
            services(stores, Functions(PLAIN.fingerprint, PLAIN.summarize, fill)),
            "tag",
            Batch("batch-1", (entry_id,)),
        )
    stores.redis.config_set("maxmemory", 0)
    (overdue,) = stores.ledger.overdue(0, 1)
    assert overdue.attempts["tag"] == 0
    assert "tag" in overdue.missing
    perform(services(stores), "tag", Batch("batch-1", (entry_id,), 2))
    (overdue,) = stores.ledger.overdue(0, 1)
    assert overdue.attempts["tag"] == 1
    assert "tag" not in overdue.missing


@pytest.mark.parametrize(
    ("error", "cause"),
    [(TimeLimitExceeded(30), "time-limit"), (WorkerLostError("signal 9"), "worker-lost")],
)
def test_the_batch_of_a_lost_process_is_given_back_at_once(error: Exception, cause: str) -> None:
    mill = Mill()
    ids = taken_in(mill.stores, ingested("a"), ingested("b"), ingested("c"))
    deduplicated(mill, ids, "abc")
    assert (
        release_lost(mill.stores.ledger, ALONE, "fanmill.tag", error, ["batch-1", ids[:2], 1])
        is True
    )
    overdue = mill.stores.ledger.overdue(LONG, 10)
    assert [(each.entry_id, each.causes, each.released) for each in overdue] == [
        (ids[0], {"tag": cause}, ("tag",)),
        (ids[1], {"tag": cause}, ("tag",)),
    ]


def deduplicated(mill: Mill, ids: Sequence[str], documents: str) -> None:
    """Commit the verdicts of entries."""
    done = [stage_result("deduplicate", *each) for each in zip(ids, documents, strict=True)]
    assert mill.stores.ledger.commit("deduplicate", done) == ["stored"] * len(done)


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (TimeLimitExceeded(90), "time-limit"),
        (WorkerLostError("Worker exited prematurely: signal 14 (SIGALRM) Job: 3."), "time-limit"),
        (WorkerLostError("Worker exited prematurely: signal 9 (SIGKILL) Job: 3."), "worker-lost"),
    ],
)
def test_each_document_of_a_process_that_went_on_returns_to_its_own_stage(
    error: Exception, cause: str
) -> None:
    mill = Mill()
    ids = taken_in(mill.stores, *(ingested(each) for each in "abc"))
    deduplicated(mill, ids[:2], "ab")
    mill.stores.ledger.start("summarize", ids[:2])
    done = stage_result("summarize", ids[0], "a")
    assert mill.stores.ledger.commit("summarize", [done]) == ["stored"]
    mill.stores.ledger.start("tag", ids[:1])
    went_on = Continuing(30, ("summarize", "tag"))
    arguments = ["batch-1", list(ids), 1]
    assert release_lost(mill.stores.ledger, went_on, "fanmill.deduplicate", error, arguments)
    overdue = {each.entry_id: each for each in mill.stores.ledger.overdue(LONG, 10)}
    assert {each: overdue[each].causes for each in ids} == {
        ids[0]: {"tag": cause},
        ids[1]: {"summarize": cause, "tag": cause},
        ids[2]: {"deduplicate": cause},
    }
    assert overdue[ids[1]].attempts.get("tag", 0) == 0, "it has not begun"


def test_a_lost_process_of_somebody_elses_task_gives_nothing_back() -> None:
    mill = Mill()
    (entry_id,) = taken_in(mill.stores, ingested())
    lost = WorkerLostError("signal 9")
    assert release_lost(mill.stores.ledger, ALONE, "shop.bill", lost, ["x", [entry_id], 1]) is False
    assert mill.stores.ledger.overdue(LONG, 10) == []


@pytest.mark.parametrize("error", [ValueError("x"), SoftTimeLimitExceeded(), KeyError("y")])
def test_other_failures_give_nothing_back(error: Exception) -> None:
    mill = Mill()
    (entry_id,) = taken_in(mill.stores, ingested())
    assert (
        release_lost(mill.stores.ledger, ALONE, "fanmill.tag", error, ["batch-1", [entry_id], 1])
        is False
    )
    assert mill.stores.ledger.overdue(LONG, 10) == []


def test_services_are_built_once_per_process_and_anew_after_a_fork() -> None:
    program = dedent(
        """
        import os
        from fanmill.shell.worker import PerProcess

        services = PerProcess(object)
        ours = services()
        assert services() is ours
        child = os.fork()
        if child == 0:
            theirs = services()
            os._exit(0 if theirs is not ours and services() is theirs else 1)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), services() is ours)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "0 True\n"


def test_services_are_not_built_before_they_are_asked_for() -> None:
    built: list[int] = []
    stores = Mill().services

    def build() -> Services:
        built.append(1)
        return stores

    services = PerProcess(build)
    assert built == []
    assert services() is services()
    assert built == [1]
