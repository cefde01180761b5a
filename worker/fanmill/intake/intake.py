"""The loop between the ledger and the queues.

It knows the ledger and a dispatcher, neither Redis nor Celery by name. Several
intakes may run side by side: the consumer group deals the entries out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Final
from uuid import uuid4

import structlog

from fanmill.intake.batching import batches
from fanmill.intake.redelivery import GiveUp, Readmit, Resend, decide, explain
from fanmill.intake.validation import validate
from fanmill.ports import (
    STAGES,
    Admission,
    Batch,
    Clock,
    Dispatcher,
    Entry,
    FingerprintIndex,
    Ledger,
    Overdue,
    Rejection,
    Rejections,
)
from fanmill_contracts.results import Stage

log = structlog.get_logger("fanmill.intake")

RECLAIM_SECONDS: Final = 1.0
"""Pause between two looks for overdue entries: what a released document waits at the most."""

_EXPIRE_SECONDS: Final = 30.0
"""Pause between two small cleanings of the index; judging cleans too, this is for idle hours."""

_RECLAIM_ENTRIES: Final = 256
_FULL_WAIT_SECONDS: Final = 0.01
_READ_WAIT_SECONDS: Final = 1.0
"""Longest wait for an event; also what a stop signal may have to wait."""

_FAILURE_WAIT_SECONDS: Final = 1.0
_MAX_FAILURES: Final = 3
"""Entries of one reclaim after which it is the server that fails, not the entry."""


@dataclass(frozen=True, slots=True)
class IntakePolicy:
    """The numbers intake keeps to; see `fanmill.settings` for their meaning."""

    batch_max_documents: int
    batch_max_bytes: int
    max_in_flight: int
    max_rejected: int | None
    max_deliveries: int
    redeliver_after_seconds: float
    redacts_personal_data: bool = False


class Intake:
    """One intake process.

    Args:
        name: Its name in the consumer group; no two at the same time alike.
        failures: Errors of the server after which the loop goes on trying.
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
        failures: tuple[type[Exception], ...] = (),
    ) -> None:
        self._name = name
        self._ledger = ledger
        self._index = index
        self._rejections = rejections
        self._dispatcher = dispatcher
        self._policy = policy
        self._clock = clock
        self._failures = failures
        self._next_reclaim = 0.0
        self._next_expire = 0.0
        self._blocked = False

    def run(self, stop: Event, beat: Callable[[], None] = lambda: None) -> None:
        """Work until `stop` is set, then deregister; `beat` is called at every poll.

        A server that cannot be reached is waited for, without end: an intake
        that gives up would need somebody to start it again.
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
                # The group may be gone with the data: open again.
                opened = False
                log.warning("server failed", error=str(error), retry_seconds=_FAILURE_WAIT_SECONDS)
                stop.wait(_FAILURE_WAIT_SECONDS)
        try:
            self._ledger.deregister(self._name)
        except self._failures as error:
            log.warning("could not deregister", error=str(error))

    def poll(self, stop: Event, wait_seconds: float = _READ_WAIT_SECONDS) -> int:
        """Bring back what is overdue, read once, dispatch; return how many entries were read."""
        if self._clock.monotonic() >= self._next_reclaim:
            self._next_reclaim = self._clock.monotonic() + RECLAIM_SECONDS
            self.reclaim()
            if self._clock.monotonic() >= self._next_expire:
                self._next_expire = self._clock.monotonic() + _EXPIRE_SECONDS
                self._index.expire()
        if self._blocked:
            stop.wait(min(wait_seconds, RECLAIM_SECONDS))
            return 0
        room = self._policy.max_in_flight - self._ledger.in_flight()
        if room <= 0:
            stop.wait(min(wait_seconds, _FULL_WAIT_SECONDS))
            return 0
        entries = self._ledger.read(
            self._name, min(room, self._policy.batch_max_documents), wait_seconds
        )
        if entries:
            self._take_in(entries, delivery=1)
        return len(entries)

    def reclaim(self) -> int:
        """Bring back overdue entries, each alone; return how many were dealt with."""
        self._check_ceiling()
        silent = self._ledger.overdue(self._policy.redeliver_after_seconds, _RECLAIM_ENTRIES)
        if not silent:
            return 0
        waiting = {stage: self._dispatcher.oldest_waiting_seconds(stage) for stage in STAGES}
        done = 0
        failed: list[Exception] = []
        for overdue in silent:
            try:
                done += self._deal_with(overdue, waiting)
            except self._failures as error:
                # One entry that the server cannot deal with must not hold up the others.
                failed.append(error)
                if len(failed) == _MAX_FAILURES:
                    break
        if failed:
            raise failed[0]
        return done

    def _deal_with(self, overdue: Overdue, waiting: Mapping[Stage, float]) -> int:
        decision = decide(
            overdue,
            redeliver_after_seconds=self._policy.redeliver_after_seconds,
            max_deliveries=self._policy.max_deliveries,
            oldest_waiting_seconds=waiting,
        )
        match decision:
            case GiveUp():
                return self._give_up(overdue, decision)
            case Readmit():
                return self._again(overdue, None)
            case Resend(stages):
                return self._again(overdue, stages)
            case _:
                return 0

    def _check_ceiling(self) -> None:
        limit = self._policy.max_rejected
        count = 0 if limit is None else self._rejections.count()
        blocked = limit is not None and count >= limit
        if blocked and not self._blocked:
            log.error("too many rejections, reading stopped", rejected=count, max_rejected=limit)
        if self._blocked and not blocked:
            log.info("reading again", rejected=count, max_rejected=limit)
        self._blocked = blocked

    def _take_in(self, entries: Sequence[Entry], delivery: int) -> None:
        admissions: list[Admission] = []
        rejections: list[Rejection] = []
        sizes = {entry.id: len(entry.body or b"") for entry in entries}
        for entry in entries:
            judged = validate(entry, redacts=self._policy.redacts_personal_data)
            if isinstance(judged, Admission):
                admissions.append(judged)
            else:
                rejections.append(judged)
        for rejection, was_there in zip(rejections, self._ledger.reject(rejections), strict=True):
            if was_there:
                log.warning(
                    "event rejected",
                    stage="intake",
                    entry_id=rejection.entry_id,
                    delivery=delivery,
                    reason=rejection.reason,
                    error=rejection.error,
                )
        going: list[tuple[str, int]] = []
        for admission, answer in zip(admissions, self._ledger.admit(admissions), strict=True):
            if answer in ("admitted", "known"):
                going.append((admission.entry_id, sizes[admission.entry_id]))
            elif answer == "repeated":
                log.info(
                    "event repeated",
                    stage="intake",
                    entry_id=admission.entry_id,
                    event_id=admission.event_id,
                    document_id=admission.document_id,
                    delivery=delivery,
                )
        for group in batches(going, self._policy.batch_max_documents, self._policy.batch_max_bytes):
            batch = Batch(_batch_id(), group, delivery)
            self._dispatcher.dispatch("deduplicate", batch)
            log.debug("batch sent", stage="deduplicate", batch_id=batch.id, documents=len(group))

    def _again(self, overdue: Overdue, stages: Sequence[str] | None) -> int:
        # One entry is claimed by one intake: the claim restarts its idle time.
        entry = self._ledger.claim(
            self._name, overdue.entry_id, self._policy.redeliver_after_seconds
        )
        if entry is None:
            return 0
        delivery = overdue.deliveries + 1
        log.warning(
            "entry redelivered",
            entry_id=entry.id,
            stage="intake",
            delivery=delivery,
            idle_seconds=None if overdue.released else round(overdue.idle_seconds, 3),
            cause=next(iter(overdue.causes.values()), None),
        )
        if stages is None:
            self._take_in([entry], delivery)
            return 1
        batch = Batch(_batch_id(), (entry.id,), delivery)
        for stage in STAGES:
            if stage in stages:
                self._dispatcher.dispatch(stage, batch)
        return 1

    def _give_up(self, overdue: Overdue, decision: GiveUp) -> int:
        entry = self._ledger.claim(
            self._name, overdue.entry_id, self._policy.redeliver_after_seconds
        )
        if entry is None:
            return 0
        known = (
            validate(entry, redacts=self._policy.redacts_personal_data)
            if decision.stage is not None
            else None
        )
        admission = known if isinstance(known, Admission) else None
        rejection = Rejection(
            entry_id=entry.id,
            reason=decision.reason,
            place=decision.stage or "intake",
            error=explain(decision),
            document_id=admission.document_id if admission else None,
            event_id=admission.event_id if admission else None,
            attempts=decision.attempts,
        )
        if not self._ledger.reject([rejection])[0]:
            return 0
        if admission is not None:
            self._index.forget(admission.document_id, entry.id)
        log.error(
            "event rejected",
            stage=rejection.place,
            entry_id=entry.id,
            event_id=rejection.event_id,
            document_id=rejection.document_id,
            reason=rejection.reason,
            attempts=rejection.attempts,
            error=rejection.error,
        )
        return 1


def _batch_id() -> str:
    return uuid4().hex[:12]
