"""The second look at entries in flight: send again, give up, or end what was lost."""

from collections.abc import Mapping, Sequence
from typing import Final

import structlog

from fanmill.core.trace_context import traced
from fanmill.intake.admission import Admitter
from fanmill.intake.lost_entry import lost_entry
from fanmill.intake.policy import IntakePolicy
from fanmill.intake.redelivery import GiveUp, Readmit, Resend, decide, explain
from fanmill.intake.spans import subject_of
from fanmill.ports import (
    STAGES,
    Activity,
    Admission,
    Dispatcher,
    Facts,
    FingerprintIndex,
    Ledger,
    Overdue,
    Rejection,
    SpanRecord,
    Tracing,
)
from fanmill_contracts.terms import Stage

log = structlog.get_logger("fanmill.intake")

_RECLAIM_ENTRIES: Final = 256
_MAX_FAILURES: Final = 3
"""Entries of one reclaim after which it is the server that fails, not the entry."""


class Reclaimer:
    """Deals with entries that are overdue, released or lost.

    Args:
        name: Name of the intake in the consumer group.
        failures: Errors of the server; one entry that meets one does not hold up the others.
    """

    def __init__(
        self,
        name: str,
        *,
        ledger: Ledger,
        index: FingerprintIndex,
        dispatcher: Dispatcher,
        admitter: Admitter,
        policy: IntakePolicy,
        tracing: Tracing,
        failures: tuple[type[Exception], ...],
    ) -> None:
        self._name = name
        self._ledger = ledger
        self._index = index
        self._dispatcher = dispatcher
        self._admitter = admitter
        self._policy = policy
        self._tracing = tracing
        self._failures = failures

    def reclaim(self, activity: Activity) -> int:
        """Deal with overdue entries, each alone; return how many changed."""
        silent = self._ledger.overdue(self._policy.redeliver_after_seconds, _RECLAIM_ENTRIES)
        if not silent:
            return 0
        waiting = {stage: self._dispatcher.oldest_waiting_seconds(stage) for stage in STAGES}
        done = 0
        failed: list[Exception] = []
        for overdue in silent:
            try:
                done += self._deal_with(overdue, waiting, activity)
            except self._failures as error:
                # An entry that the server cannot deal with must not hold up the others.
                failed.append(error)
                if len(failed) == _MAX_FAILURES:
                    break
        if failed:
            raise failed[0]
        return done

    def _deal_with(
        self, overdue: Overdue, waiting: Mapping[Stage, float], activity: Activity
    ) -> int:
        if overdue.lost:
            return self._end_lost(overdue)
        decision = decide(
            overdue,
            redeliver_after_seconds=self._policy.redeliver_after_seconds,
            max_deliveries=self._policy.max_deliveries,
            oldest_waiting_seconds=waiting,
            activity=activity,
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

    def _again(self, overdue: Overdue, stages: Sequence[Stage] | None) -> int:
        began_ns = self._tracing.now_ns()
        # Only one intake claims an entry: the claim restarts its idle time.
        entry = self._ledger.claim(
            self._name, overdue.entry_id, self._policy.redeliver_after_seconds
        )
        if entry is None:
            return 0
        delivery = overdue.deliveries + 1
        cause = next(iter(overdue.causes.values()), None)
        log.warning(
            "entry redelivered",
            entry_id=entry.id,
            document_id=lost_entry(overdue).document_id,
            stage="intake",
            delivery=delivery,
            idle_seconds=None if overdue.released else round(overdue.idle_seconds, 3),
            cause=cause,
            **traced(overdue.traceparent),
        )
        if stages is None:
            self._admitter.take_in([entry], delivery)
            return 1
        self._admitter.send([stage for stage in STAGES if stage in stages], (entry.id,), delivery)
        self._record_redelivery(overdue, delivery, cause or "silence", began_ns)
        return 1

    def _record_redelivery(
        self, overdue: Overdue, delivery: int, cause: str, began_ns: int
    ) -> None:
        if self._tracing.enabled:
            facts: Facts = {"delivery": delivery, "cause": cause}
            subject = subject_of(lost_entry(overdue), overdue.span)
            ended_ns = self._tracing.now_ns()
            self._tracing.record([SpanRecord("redeliver", subject, began_ns, ended_ns, facts)])

    def _record_rejection(self, rejection: Rejection, span: str | None, began_ns: int) -> None:
        if self._tracing.enabled:
            facts: Facts = {
                "outcome": "rejected",
                "stage": rejection.place,
                "attempt": rejection.attempts,
            }
            subject, ended_ns = subject_of(rejection, span), self._tracing.now_ns()
            self._tracing.record(
                [SpanRecord("reject", subject, began_ns, ended_ns, facts, rejection.reason)]
            )

    def _end_lost(self, overdue: Overdue) -> int:
        began_ns = self._tracing.now_ns()
        rejection = lost_entry(overdue)
        if not self._ledger.reject([rejection])[0]:
            return 0
        if rejection.document_id is not None:
            self._index.forget(rejection.document_id, rejection.entry_id)
        self._record_rejection(rejection, overdue.span, began_ns)
        log.warning(
            "event rejected",
            stage="intake",
            entry_id=rejection.entry_id,
            event_id=rejection.event_id,
            document_id=rejection.document_id,
            reason=rejection.reason,
            error=rejection.error,
            **traced(rejection.traceparent),
        )
        return 1

    def _give_up(self, overdue: Overdue, decision: GiveUp) -> int:
        began_ns = self._tracing.now_ns()
        entry = self._ledger.claim(
            self._name, overdue.entry_id, self._policy.redeliver_after_seconds
        )
        if entry is None:
            return 0
        known = self._admitter.validated(entry) if decision.stage is not None else None
        admission = known if isinstance(known, Admission) else None
        rejection = Rejection(
            entry_id=entry.id,
            reason=decision.reason,
            place=decision.stage or "intake",
            error=explain(decision),
            document_id=admission.document_id if admission else None,
            event_id=admission.event_id if admission else None,
            source=admission.source if admission else None,
            attempts=decision.attempts,
            traceparent=(admission.traceparent if admission else None) or overdue.traceparent,
        )
        if not self._ledger.reject([rejection])[0]:
            return 0
        if admission is not None:
            self._index.forget(admission.document_id, entry.id)
        self._record_rejection(rejection, overdue.span, began_ns)
        log.error(
            "event rejected",
            stage=rejection.place,
            entry_id=entry.id,
            event_id=rejection.event_id,
            document_id=rejection.document_id,
            reason=rejection.reason,
            attempts=rejection.attempts,
            error=rejection.error,
            **traced(rejection.traceparent),
        )
        return 1
