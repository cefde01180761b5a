"""The decision about an entry that is overdue: wait, send again, or give up. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fanmill.ports import LATER_STAGES, Activity, Overdue
from fanmill_contracts import RejectionReason
from fanmill_contracts.terms import Stage


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing: the message of the entry may still wait in a queue."""


@dataclass(frozen=True, slots=True)
class Readmit:
    """Take the entry in again: the intake that read it did not admit it."""


@dataclass(frozen=True, slots=True)
class Resend:
    """Send the entry alone to these stages."""

    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Reject the entry: too many attempts at it have failed."""

    reason: RejectionReason
    stage: Stage | None
    """Stage of the last attempt; None for intake."""
    attempts: int


_ALL_ACTIVE: Final = Activity()

Decision = Wait | Readmit | Resend | GiveUp

_ERRORS: Final[Mapping[RejectionReason, str]] = {
    "time-limit": "ran over the time limit in {attempts} of {attempts} attempts",
    "worker-lost": "its worker process died in {attempts} of {attempts} attempts",
    "intake-failed": "intake died while reading it in {attempts} of {attempts} attempts",
}


def decide(
    overdue: Overdue,
    *,
    redeliver_after_seconds: float,
    max_deliveries: int,
    oldest_waiting_seconds: Mapping[Stage, float],
    activity: Activity = _ALL_ACTIVE,
) -> Decision:
    """Return what to do with an entry that has been silent for `redeliver_after_seconds`.

    An attempt counts when a worker set out on it, not when a message was sent:
    a document that only waits, because no worker runs, is never given up. And
    it is sent again only when it has been silent for longer than the oldest
    message in the queues it needs has waited: otherwise its own may be there.

    Time in which a stage was paused is not silence. Nothing is sent to a paused stage or given
    up there.
    """
    if not overdue.admitted:
        if overdue.deliveries >= max_deliveries:
            return GiveUp("intake-failed", None, overdue.deliveries)
        return Readmit()
    active = _active(overdue.released or overdue.missing, activity)
    # Other stages may be at work on a released entry right now.
    for stage in active:
        if overdue.attempts.get(stage, 0) >= max_deliveries:
            cause = overdue.causes.get(stage, "worker-lost")
            return GiveUp(cause, stage, overdue.attempts[stage])
    if overdue.released:
        return Resend(active) if active else Wait()
    stages = _active(_next(overdue), activity)
    # Without an active stage nothing but waiting is left.
    active_seconds = min(map(activity.active_seconds, stages), default=0.0)
    waited = max((oldest_waiting_seconds.get(stage, 0.0) for stage in stages), default=0.0)
    if min(overdue.idle_seconds, active_seconds) <= redeliver_after_seconds + waited:
        return Wait()
    return Resend(stages)


def explain(decision: GiveUp) -> str:
    """Return the error text of a rejection."""
    return _ERRORS.get(decision.reason, "failed in {attempts} attempts").format(
        attempts=decision.attempts
    )


def _active(stages: Sequence[Stage], activity: Activity) -> tuple[Stage, ...]:
    return tuple(stage for stage in stages if activity.active_seconds(stage) > 0)


def _next(overdue: Overdue) -> tuple[Stage, ...]:
    if "deduplicate" in overdue.missing:
        return ("deduplicate",)
    return tuple(stage for stage in LATER_STAGES if stage in overdue.missing)
