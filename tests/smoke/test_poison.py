"""Documents that kill, hang or raise: each is rejected alone, with its cause."""

from collections.abc import Sequence

import pytest

from fanmill_contracts import RejectionReason

from .audit import Account, audit
from .mill import Mill
from .plan import event_of

MAX_DELIVERIES = 3

STAGES = ("deduplicate", "summarize", "tag")


def _in_one_batch(mill: Mill, marks: Sequence[str]) -> list[str]:
    """Publish thirty documents, some of them marked, as one batch; return the marked ones' ids."""
    places = {7 + 5 * at: mark for at, mark in enumerate(marks)}
    events = mill.publish(event_of(number, mark=places.get(number, "")) for number in range(30))
    # Only now: intake finds all of them waiting and sends them together.
    mill.start_intake()
    return [events[place].id for place in places]


def _assert_rejected(
    account: Account, bad: Sequence[str], reason: RejectionReason, attempts: int
) -> None:
    assert set(account.rejected) == set(bad)
    assert len(account.processed) == 30 - len(bad)
    for event_id, stage in zip(bad, STAGES, strict=False):
        rejected = account.rejected[event_id].data
        assert (rejected.stage, rejected.reason) == (stage, reason)
        assert rejected.attempts == attempts
        assert rejected.error


@pytest.mark.mill(
    app="poison_app",
    intakes=0,
    max_deliveries=MAX_DELIVERIES,
    # Celery may take 5 s to see that a child is dead; the limit is not to come first.
    task_time_limit_seconds=9,
    redeliver_after_seconds=10,
)
def test_documents_that_kill_their_process_are_rejected_and_their_batch_goes_on(
    mill: Mill,
) -> None:
    bad = _in_one_batch(mill, [f"[[die in {stage}]]" for stage in STAGES])
    account = audit(mill)
    _assert_rejected(account, bad, "worker-lost", MAX_DELIVERIES)
    assert mill.worker.process.exit_codes == [0], "the worker itself stayed up"


@pytest.mark.mill(
    app="poison_app",
    intakes=0,
    max_deliveries=2,
    # Documents wait behind those that hang; a redelivery for silence would be a further attempt.
    task_time_limit_seconds=2,
    redeliver_after_seconds=20,
)
def test_documents_that_hang_are_rejected_after_the_time_limit_and_their_batch_goes_on(
    mill: Mill,
) -> None:
    bad = _in_one_batch(mill, [f"[[hang in {stage}]]" for stage in STAGES])
    account = audit(mill)
    _assert_rejected(account, bad, "time-limit", 2)


@pytest.mark.mill(app="poison_app", intakes=0)
def test_documents_that_make_a_stage_raise_are_rejected_alone_at_once(mill: Mill) -> None:
    bad = _in_one_batch(mill, [f"[[raise in {stage}]]" for stage in STAGES])
    account = audit(mill)
    _assert_rejected(account, bad, "stage-failed", 1)
    assert all("this text is poison" in event.data.error for event in account.rejected.values())
