"""kill -9 of every process while it works: nothing is lost, nothing is present twice."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from threading import Event
from time import monotonic, sleep

import pytest

from fanmill_contracts import DocumentIngested
from polling import until

from .audit import audit
from .mill import Mill
from .plan import SWIFT, event_of, log_count, soak_rounds, text_of

PATIENT = {**SWIFT, "max_deliveries": 20}
"""No document of these tests is to blame, so none may be rejected, however often it is hit."""

MANY = 400


def _held(mill: Mill, number: int = 20) -> str:
    """Publish a batch whose tags wait for the gate; return the entry that holds them up.

    On return that entry is summarized and the same process has begun to tag it.
    """
    mill.publish(event_of(one, mark="[[hold in tag]]" if one == 7 else "") for one in range(number))
    entry = mill.entry_ids()[7]
    mill.start_intake()
    until(lambda: mill.part_stored(entry, "summarize"), 30, "summarized")
    until(lambda: mill.attempts(entry, "tag"), 30, "at work on the tags")
    assert mill.completed() == 0
    return entry


@pytest.mark.mill(app="poison_app", intakes=0, **PATIENT)
def test_a_worker_killed_in_the_middle_of_a_batch(mill: Mill) -> None:
    _held(mill)
    mill.kill(mill.worker)
    mill.open_gate()
    mill.start_again(mill.worker)
    account = audit(mill)
    assert account.verdicts() == {"unique": 20}


@pytest.mark.mill(app="poison_app", intakes=0, **PATIENT)
def test_a_worker_whose_main_process_is_killed_takes_its_pool_along(mill: Mill) -> None:
    _held(mill)
    pool = mill.worker.pool()
    assert len(pool) == mill.plan.concurrency
    mill.kill_leader(mill.worker)
    until(lambda: not any(one.is_running() for one in pool), 30, "the pool ended")
    mill.open_gate()
    mill.start_again(mill.worker)
    account = audit(mill)
    assert account.verdicts() == {"unique": 20}


@pytest.mark.mill(app="poison_app", intakes=0, **PATIENT)
def test_the_pool_killed_in_the_middle_of_a_batch(mill: Mill) -> None:
    _held(mill)
    before = mill.worker.pid
    mill.kill_pool(mill.worker)
    mill.open_gate()
    mill.settle()
    assert mill.worker.pid == before, "the worker itself stayed up"
    account = audit(mill, pool_killed=True)
    assert account.verdicts() == {"unique": 20}
    assert mill.worker.process.exit_codes == [0, 0]


def _kill_intake_when(
    mill: Mill, condition: Callable[[], bool], numbers: Iterator[int], batch: int
) -> None:
    """Publish until an intake is caught in a moment that lasts milliseconds, and kill it there.

    It is stopped first and killed when it was in that moment for sure. Otherwise a
    fresh one follows: the first batch, before which it connects, takes longest.
    """

    def caught() -> bool:
        mill.publish(event_of(next(numbers), text=None) for _ in range(batch))
        deadline = monotonic() + 2
        while monotonic() < deadline:
            if condition():
                mill.intake.kill("SIGSTOP")
                # A signal is not there at once.
                until(lambda: _stopped(mill.intake.pid), 60, "stopped")
                if condition():
                    return True
                mill.intake.kill("SIGCONT")
            if not mill.held_by_intakes() and mill.pending() == mill.waiting():
                return False
        return False

    def caught_or_fresh() -> bool:
        if caught():
            return True
        mill.kill(mill.intake)
        mill.start_again(mill.intake)
        return False

    until(caught_or_fresh, 90, "an intake caught in the moment")
    mill.kill(mill.intake)


def _stopped(pid: int) -> bool:
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:  # noqa: PTH123
        return stat.read().rpartition(")")[2].split()[0] in "Tt"


@pytest.mark.mill(**PATIENT)
def test_an_intake_killed_between_reading_and_admission(mill: Mill) -> None:
    numbers = count()
    _kill_intake_when(mill, lambda: mill.held_by_intakes() > 0, numbers, 64)
    caught = mill.held_by_intakes()
    assert caught > 0
    mill.start_again(mill.intake)
    account = audit(mill)
    assert account.verdicts() == {"unique": len(mill.published)}
    assert mill.intake.logs().count("entry redelivered") >= caught


@pytest.mark.mill(**PATIENT)
def test_an_intake_killed_between_admission_and_dispatch(mill: Mill) -> None:
    # No worker: what is dispatched stays to be seen in the queue.
    assert mill.worker.terminate() == 0
    sizes: dict[str, int] = {}

    def admitted_not_sent() -> bool:
        sizes["lost"] = mill.counter("admitted") - mill.queued_documents("deduplicate")
        return sizes["lost"] > 0

    _kill_intake_when(mill, admitted_not_sent, count(), 64)
    lost = sizes["lost"]
    mill.start_again(mill.intake)
    mill.start_again(mill.worker)
    account = audit(mill)
    assert account.verdicts() == {"unique": len(mill.published)}
    assert mill.intake.logs().count("entry redelivered") >= lost > 0


@contextmanager
def _load(mill: Mill, seconds: float, *, durable: bool) -> Iterator[Callable[[], bool]]:
    """Publish documents for so long from a thread; yields whether it still does."""
    stop = Event()
    # A confirmation from disk takes as long for ten as for one.
    size = 10 if durable else 1

    def publish() -> None:
        deadline = monotonic() + seconds
        numbers = count()
        while not stop.is_set() and (len(mill.published) < MANY or monotonic() < deadline):
            events = [_fifth_copied(next(numbers)) for _ in range(size)]
            mill.publish_through(events, durable=durable)
            sleep(0.002 * size)

    with ThreadPoolExecutor(1) as thread:
        done: Future[None] = thread.submit(publish)
        try:
            yield lambda: not done.done()
        finally:
            stop.set()
            done.result()


def _fifth_copied(number: int) -> DocumentIngested:
    """Return the event of a number; every fifth has the text of the one before."""
    return event_of(number, text=text_of(number - 1) if number and number % 5 == 0 else None)


def _strike_at_random(mill: Mill, seconds: float, strikes: list[str], seed: int) -> None:
    dice = random.Random(seed)
    with _load(mill, seconds, durable="server" in strikes) as loading:
        while loading():
            # Moments without a pattern, not a wait for anything.
            sleep(dice.uniform(0.05, 0.8))
            match dice.choice(strikes):
                case "intake":
                    one = dice.choice(mill.intakes)
                    mill.kill(one)
                    one.process.restart()
                case "worker":
                    other = dice.choice(mill.workers)
                    mill.kill(other)
                    other.process.restart()
                case "leader":
                    other = dice.choice(mill.workers)
                    mill.kill_leader(other)
                    # Its orphans get a moment to write what they have.
                    sleep(dice.uniform(0.0, 0.2))
                    other.process.restart()
                case "pool":
                    mill.kill_pool(dice.choice(mill.workers))
                case "server":
                    mill.kill_server()
            # Celery 5.7 ends a worker that loses the server and a pool process at once.
            mill.restart_dead()
    mill.settle(supervised=True)


def _assert_all_complete(mill: Mill, seed: int) -> None:
    account = audit(mill, repeats=None, pool_killed=True)
    assert not account.rejected, f"seed {seed}"
    copies = sum(number % 5 == 0 for number in range(5, len(mill.published)))
    assert account.verdicts()["exact"] == copies, f"seed {seed}"


@pytest.mark.soak
@pytest.mark.mill(intakes=2, **PATIENT)
def test_intakes_killed_again_and_again_under_load(mill: Mill) -> None:
    seed = random.randrange(2**32)
    _strike_at_random(mill, 3, ["intake"], seed)
    _assert_all_complete(mill, seed)


@pytest.mark.soak
@pytest.mark.mill(workers=2, intakes=2, appendfsync="always", **PATIENT)
def test_everything_killed_at_random_under_load(mill: Mill) -> None:
    seed = random.randrange(2**32)
    _strike_at_random(mill, 4, ["intake", "worker", "leader", "pool", "server"], seed)
    _assert_all_complete(mill, seed)


@pytest.mark.soak
@pytest.mark.timeout(300)
@pytest.mark.mill(workers=2, intakes=2, appendfsync="always", **PATIENT)
@pytest.mark.parametrize("seed", range(soak_rounds(20)))
def test_soak_everything_killed_at_random(mill: Mill, seed: int) -> None:
    _strike_at_random(mill, 20, ["intake", "worker", "leader", "pool", "server"], seed)
    _assert_all_complete(mill, seed)


@pytest.mark.mill(workers=2, intakes=2, redeliver_after_seconds=6, task_time_limit_seconds=5.5)
def test_the_server_killed_under_load_and_back_with_its_file(mill: Mill) -> None:
    pids = [node.pid for node in (*mill.intakes, *mill.workers)]
    with _load(mill, 3, durable=True):
        for wanted in (20, 100):
            until(lambda wanted=wanted: mill.completed() >= wanted, 60, f"{wanted} complete")
            mill.kill_server()
    account = audit(mill, repeats=None, forgetful=True)
    assert not account.rejected
    nodes = [*mill.intakes, *mill.workers]
    assert [node.process.exit_codes for node in nodes] == [[0]] * 4, "all stayed up"
    assert len(set(pids)) == 4


@pytest.mark.mill(app="poison_app")
def test_sigterm_under_load_leaves_nothing_behind(mill: Mill) -> None:
    mill.publish(event_of(number, mark="[[slow in summarize]]") for number in range(300))
    until(lambda: mill.completed() > 0, 30, "work has begun")
    assert mill.intake.terminate() == 0
    assert mill.held_by_intakes() == 0, "intake has handed on what it had read"
    assert mill.worker.terminate() == 0
    assert mill.redis.hlen(mill.keys.processes) == 0, "both have signed out"
    done = mill.completed()
    assert done + mill.waiting() == 300
    assert mill.waiting() > 0, "it was in the middle of it"
    mill.start_again(mill.worker)
    mill.start_again(mill.intake)
    account = audit(mill)
    assert account.verdicts() == {"unique": 300}
    assert log_count(mill.intakes, "entry redelivered") == 0, (
        "the worker has handed back what it had reserved"
    )
    assert mill.intake.process.exit_codes == [0, 0]
    assert mill.worker.process.exit_codes == [0, 0]
