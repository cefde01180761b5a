"""A server that is absent or full: a document that waits is not at fault."""

import pytest

from polling import until

from .audit import audit
from .mill import Mill
from .plan import event_of, log_count, watch

SHORT = {"redeliver_after_seconds": 2, "task_time_limit_seconds": 1.9, "max_deliveries": 2}


@pytest.mark.mill(**SHORT)
def test_no_worker_for_long_rejects_nothing_and_fills_no_queue(mill: Mill) -> None:
    assert mill.worker.terminate() == 0
    mill.publish(event_of(number) for number in range(100))
    until(lambda: mill.queued_documents("deduplicate") == 100, 30, "100 documents sent")
    first = mill.queued()
    assert first["deduplicate"] < 10
    watch(
        # More than `max_deliveries` times what a worker's silence may last.
        5,
        lambda: mill.rejected() == 0 and mill.queued() == first,
        "nothing is rejected and nothing sent twice while no worker runs",
    )
    assert log_count(mill.intakes, "entry redelivered") == 0
    mill.start_again(mill.worker)
    account = audit(mill)
    assert account.verdicts() == {"unique": 100}


@pytest.mark.mill(workers=2, **SHORT)
def test_a_full_server_ends_nobody_and_all_go_on_when_it_has_room_again(mill: Mill) -> None:
    pids = [node.pid for node in (mill.intake, *mill.workers)]
    mill.publish(event_of(number) for number in range(400))
    until(lambda: mill.completed() > 0, 30, "work has begun")
    mill.redis.config_set("maxmemory", 1)
    watch(3, lambda: mill.rejected() == 0, "nothing is rejected while there is no room")
    mill.redis.config_set("maxmemory", 0)
    account = audit(mill)
    assert account.verdicts() == {"unique": 400}
    nodes = [mill.intake, *mill.workers]
    assert [node.process.exit_codes for node in nodes] == [[0]] * 3, "all stayed up"
    assert len(set(pids)) == 3


@pytest.mark.mill(**SHORT)
def test_events_that_meet_a_full_server_are_not_given_up(mill: Mill) -> None:
    # Intake is paused, so that entries are written but not read until the server is full.
    mill.intake.kill("SIGSTOP")
    mill.publish(event_of(number) for number in range(3))
    mill.redis.config_set("maxmemory", 1)
    mill.intake.kill("SIGCONT")
    until(lambda: log_count(mill.intakes, "server failed"), 30, "a read with no room to admit it")
    watch(
        # Longer than `max_deliveries` times the redelivery interval.
        5,
        lambda: mill.rejected() == 0 and mill.held_by_intakes() == 0,
        "nothing is read or rejected while there is no room",
    )
    mill.redis.config_set("maxmemory", 0)
    account = audit(mill)
    assert account.verdicts() == {"unique": 3}
