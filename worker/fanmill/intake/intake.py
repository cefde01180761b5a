"""The loop between the ledger and the queues.

The loop knows a ledger and a dispatcher, neither Redis nor Celery. Several intakes
may run side by side: the consumer group gives each entry to one of them.
"""

from collections.abc import Callable
from threading import Event
from typing import Final

import structlog

from fanmill.intake.admission import Admitter
from fanmill.intake.ceiling import RejectionCeiling, UnstoredCeiling
from fanmill.intake.loss_watch import LossWatch
from fanmill.intake.pausing import LOOK_SECONDS, PauseWatch
from fanmill.intake.policy import IntakePolicy
from fanmill.intake.reclaiming import Reclaimer
from fanmill.ports import (
    Clock,
    Controls,
    Dispatcher,
    FingerprintIndex,
    Ledger,
    NoControls,
    NoTracing,
    Rejections,
    Tracing,
)
from fanmill.ports.outbox import Sinks
from fanmill_contracts import limits

log = structlog.get_logger("fanmill.intake")

RECLAIM_SECONDS: Final = 1.0
"""Pause between two looks for overdue entries: the maximum wait of a released document."""

_EXPIRE_SECONDS: Final = 30.0
"""Pause between two expiries of the index in idle hours. Judging expires entries too."""

_FULL_WAIT_SECONDS: Final = (0.01, 0.1)
"""Minimum and maximum wait for room; in between a quarter of the time that intake has waited."""

_READ_WAIT_SECONDS: Final = 1.0
"""Maximum wait for an event, and so the maximum wait of a stop signal."""

_READ_BYTES: Final = 8 * limits.MIB
"""Bytes of events after which a read stops: with the last event 13 MiB at most."""

_FAILURE_WAIT_SECONDS: Final = 1.0


class Intake:
    """An intake process.

    Args:
        name: Name in the consumer group, unique among the intakes that run.
        controls: Pauses of operators; None where nobody pauses.
        tracing: Receiver of spans; None for none.
        sinks: The registered sinks; None where there are none.
        failures: Errors of the server after which the loop tries again.
        is_final: Whether waiting has no effect after such an error; then `run` raises it.
    """

    def __init__(
        self,
        name: str,
        *,
        ledger: Ledger,
        index: FingerprintIndex,
        rejections: Rejections,
        dispatcher: Dispatcher,
        policy: IntakePolicy,
        clock: Clock,
        controls: Controls | None = None,
        tracing: Tracing | None = None,
        sinks: Sinks | None = None,
        failures: tuple[type[Exception], ...] = (),
        is_final: Callable[[Exception], bool] = lambda _: False,
    ) -> None:
        self._name = name
        self._ledger = ledger
        self._index = index
        self._policy = policy
        self._clock = clock
        self._failures = failures
        self._is_final = is_final
        tracing = tracing or NoTracing()
        self._admitter = Admitter(ledger, dispatcher, policy, tracing)
        self._reclaimer = Reclaimer(
            name,
            ledger=ledger,
            index=index,
            dispatcher=dispatcher,
            admitter=self._admitter,
            policy=policy,
            tracing=tracing,
            failures=failures,
        )
        self._losses = LossWatch(ledger, clock)
        self._pauses = PauseWatch(controls or NoControls(), clock)
        self._ceiling = RejectionCeiling(rejections, policy.max_rejected)
        self._unstored = UnstoredCeiling(sinks, policy.max_unstored)
        self._next_reclaim = 0.0
        self._next_expire = 0.0
        self._full_since: float | None = None

    def run(self, stop: Event, beat: Callable[[], None] = lambda: None) -> None:
        """Work until `stop` is set, then deregister; `beat` is called at every poll.

        The loop waits without limit for a server that cannot be reached: an intake
        that ended would need a supervisor to start it again.
        """
        opened = False
        while not stop.is_set():
            try:
                if not opened:
                    self._ledger.open()
                    opened = True
                beat()
                self.poll(stop)
            except self._failures as error:
                if self._is_final(error):
                    raise
                # The group may be gone with the data: open again.
                opened = False
                log.warning("server failed", error=str(error), retry_seconds=_FAILURE_WAIT_SECONDS)
                stop.wait(_FAILURE_WAIT_SECONDS)
        try:
            self._ledger.deregister(self._name)
        except self._failures as error:
            log.warning("could not deregister", error=str(error))

    def poll(self, stop: Event, wait_seconds: float = _READ_WAIT_SECONDS) -> int:
        """Reclaim overdue entries, read once, send batches; return how many entries were read."""
        if self._clock.monotonic() >= self._next_reclaim:
            self._next_reclaim = self._clock.monotonic() + RECLAIM_SECONDS
            self.reclaim()
            if self._clock.monotonic() >= self._next_expire:
                self._next_expire = self._clock.monotonic() + _EXPIRE_SECONDS
                self._index.expire()
        if self._pauses.look().intake_paused:
            stop.wait(min(wait_seconds, LOOK_SECONDS))
            return 0
        if self._ceiling.reached or self._unstored.reached:
            stop.wait(min(wait_seconds, RECLAIM_SECONDS))
            return 0
        room = self._policy.max_in_flight - self._ledger.in_flight()
        if room <= 0:
            stop.wait(min(wait_seconds, self._full_wait()))
            return 0
        self._full_since = None
        entries = self._ledger.read(
            self._name,
            min(room, self._policy.batch_max_documents),
            wait_seconds,
            _READ_BYTES,
        )
        if entries:
            self._admitter.take_in(entries, delivery=1)
        return len(entries)

    def _full_wait(self) -> float:
        """Return how long to wait for room, in seconds.

        A batch that has taken long so far is unlikely to end at the next moment, and each look
        costs the server. Room is noticed after at most a quarter more than the batch took.
        """
        now = self._clock.monotonic()
        if self._full_since is None:
            self._full_since = now
        shortest, longest = _FULL_WAIT_SECONDS
        return min(longest, max(shortest, (now - self._full_since) / 4))

    def reclaim(self) -> int:
        """Check ceilings and losses, reclaim overdue entries; return how many were dealt with."""
        self._ceiling.check()
        self._unstored.check()
        self._losses.look()
        return self._reclaimer.reclaim(self._pauses.look())
