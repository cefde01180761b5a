"""Documents go through: one, a thousand, repeated, equal, malformed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from redis import Redis

from fanmill_contracts import DocumentIngested, Publisher
from polling import until

from .audit import audit
from .malformed import MALFORMED
from .mill import Mill
from .plan import NAMESPACE, SOURCE, SWIFT, event_of, log_count, text_of


def test_one_document_end_to_end(mill: Mill) -> None:
    (event,) = mill.publish([event_of(1)])
    account = audit(mill)
    result = account.processed[event.id].data
    assert result.deduplication.verdict == "unique"
    assert result.statistics is not None
    assert result.statistics.words > 30
    assert result.summary is not None
    assert result.summary.sentences
    assert result.tagging is not None
    assert result.tagging.language == "en"


def test_the_worker_answers_to_pytest_celery(mill: Mill) -> None:
    """The nodes are what pytest-celery takes them for: its own checks hold on them."""
    assert mill.setup.ready(ping=False, control=False, docker=True)
    pids = [row["pid"] for row in mill.worker.get_running_processes_info(["pid"])]
    assert pids == [mill.worker.pid, *(child.pid for child in mill.worker.pool())]
    assert len(pids) == 1 + mill.plan.concurrency
    assert mill.worker.container.exec_run("echo $FANMILL_NAMESPACE") == (0, b"smoke\n")


@pytest.mark.soak
def test_a_thousand_documents(mill: Mill) -> None:
    mill.publish(event_of(number) for number in range(1000))
    account = audit(mill)
    assert account.verdicts() == {"unique": 1000}
    assert log_count(mill.intakes, "entry redelivered") == 0


@pytest.mark.mill(workers=2, intakes=3)
def test_several_intakes_and_workers_side_by_side(mill: Mill) -> None:
    mill.publish(event_of(number) for number in range(600))
    account = audit(mill)
    assert account.verdicts() == {"unique": 600}
    assert log_count(mill.intakes, "entry redelivered") == 0
    assert log_count(mill.intakes, "server failed") == 0


@pytest.mark.mill(workers=3, queues=("deduplicate", "summarize", "tag"), concurrency=1)
def test_a_worker_for_each_queue(mill: Mill) -> None:
    mill.publish(event_of(number) for number in range(100))
    account = audit(mill)
    assert account.verdicts() == {"unique": 100}
    for worker, stage in zip(mill.workers, mill.plan.queues, strict=True):
        done = [line for line in worker.logs().splitlines() if '"batch done"' in line]
        assert done
        assert all(f'"stage": "{stage}"' in line for line in done)


def test_the_same_event_twice_is_one_result(mill: Mill) -> None:
    mill.publish([event_of(1)])
    mill.settle()
    mill.publish([event_of(1)])
    account = audit(mill, repeats=1)
    assert account.verdicts() == {"unique": 1}


@pytest.mark.mill(app="poison_app")
def test_the_same_event_while_the_first_is_in_flight_is_one_result(mill: Mill) -> None:
    event = event_of(1, mark="[[hold in summarize]]")
    mill.publish([event])
    (entry,) = mill.entry_ids()
    until(lambda: mill.attempts(entry, "summarize"), 30, "the first is being summarised")
    mill.publish([event] * 5)
    until(lambda: mill.waiting() == 1, 30, "the repeats are gone while the first is at work")
    mill.open_gate()
    account = audit(mill, repeats=5)
    assert account.verdicts() == {"unique": 1}


@pytest.mark.mill(workers=2, intakes=2)
def test_the_same_events_from_many_publishers_at_once(mill: Mill) -> None:
    events = [event_of(number) for number in range(100)]
    _publish_at_once(mill, [events] * 4)
    mill.published.update({event.id: event for event in events})
    account = audit(mill, repeats=300)
    assert account.verdicts() == {"unique": 100}


@pytest.mark.mill(workers=2, intakes=2, batch_max_documents=1)
def test_two_equal_documents_at_once_on_two_workers_are_never_both_unique(mill: Mill) -> None:
    pairs = 60
    # The n-th of each list have the same text, and leave at about the same instant, alone.
    lists = [
        [event_of(1000 * copy + number, text=text_of(number)) for number in range(pairs)]
        for copy in (1, 2)
    ]
    _publish_at_once(mill, lists)
    for events in lists:
        mill.published.update({event.id: event for event in events})
    account = audit(mill)
    assert account.verdicts() == {"unique": pairs, "exact": pairs}


def _publish_at_once(mill: Mill, lists: list[list[DocumentIngested]]) -> None:
    barrier = Barrier(len(lists))

    def publish(events: list[DocumentIngested]) -> None:
        with Redis.from_url(mill.url) as client:
            publisher = Publisher(client=client, namespace=NAMESPACE)
            barrier.wait()
            for event in events:
                publisher.publish(event)

    with ThreadPoolExecutor(len(lists)) as threads:
        list(threads.map(publish, lists))


@pytest.mark.mill(intakes=0, **SWIFT)
def test_malformed_events_are_rejected_each_with_its_cause_and_harm_no_other(mill: Mill) -> None:
    wanted = {}
    # Good and bad ones in turns, all of them in one reading of intake.
    for number, (name, bad) in enumerate(MALFORMED.items()):
        mill.publish([event_of(number)])
        wanted[mill.publish_raw(bad.fields)] = (name, bad)
    mill.start_intake()
    account = audit(mill)
    assert len(account.processed) == len(MALFORMED)
    for entry, (name, bad) in wanted.items():
        rejected = account.rejected[entry].data
        assert (name, rejected.reason) == (name, bad.reason)
        assert bad.word in rejected.error, name
        assert rejected.stage == "intake"
        assert rejected.attempts == 1
        assert account.rejected[entry].source == "/fanmill"
    assert log_count(mill.intakes, "entry redelivered") == 0
    assert SOURCE not in {event.source for event in account.rejected.values()}
