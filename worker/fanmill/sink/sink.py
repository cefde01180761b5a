"""The loop between the outbox and the store of record.

An outcome is acknowledged after the transaction that stored it, so any process may be killed at
any moment: the outcome is delivered again, and storing it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Final, Protocol

import structlog

from fanmill.ports.erasing import Erasure
from fanmill.ports.outbox import Outbox, OutboxEntry
from fanmill.ports.store import CompletedEntry, Outcome
from fanmill.sink.decoding import Unreadable, erasure_of, outcome_of
from fanmill.sink.policy import SinkPolicy
from fanmill.sink.saving import Saved, Saving, SinkStore
from fanmill.sink.trouble import TroubleWatch

log = structlog.get_logger("fanmill.sink")

JOIN_SECONDS: Final = 5.0
"""Time between two registrations, which also make consumer groups again that were removed."""

_READ_WAIT_SECONDS: Final = 1.0
_FAILURE_WAIT_SECONDS: Final = 1.0
_EXPIRE_SECONDS: Final = 60.0
_EXPIRE_SLICE: Final = 1000


class SinkClock(Protocol):
    """Time of this machine."""

    def monotonic(self) -> float:
        """Return seconds since some fixed moment."""

    def wall(self) -> float:
        """Return seconds since 1970."""


class Sink:
    """A process of a sink.

    Args:
        consumer: Name in the consumer group, unique among the processes that run.
        outbox: The outcomes to store.
        open_store: Opens the store; called again after each failure.
        policy: The numbers to keep to.
        clock: Time of this machine.
        failures: Errors of the outbox's server after which the loop tries again.
        is_final: Whether waiting has no effect after such an error; then `run` raises it.
    """

    def __init__(
        self,
        consumer: str,
        *,
        outbox: Outbox,
        open_store: Callable[[], SinkStore],
        policy: SinkPolicy,
        clock: SinkClock,
        failures: tuple[type[Exception], ...] = (),
        is_final: Callable[[Exception], bool] = lambda _: False,
    ) -> None:
        self._consumer = consumer
        self._outbox = outbox
        self._policy = policy
        self._clock = clock
        self._failures = failures
        self._is_final = is_final
        self.trouble = TroubleWatch(clock.monotonic)
        self._saving = Saving(open_store, policy, self.trouble, self._on_retry)
        self._held: Sequence[OutboxEntry] = ()
        # Whether a reply may have been lost: then outcomes are ours unseen.
        self._unsure = False
        self._paused = False
        self._full = False
        self._lost: int | None = None
        self._next_join = self._next_take_over = self._next_expire = float("-inf")

    def run(self, stop: Event, beat: Callable[[], None] = lambda: None) -> None:
        """Store outcomes until `stop` is set; `beat` is called at every poll.

        The loop waits without limit for a server or a store that cannot be reached.
        """
        while not stop.is_set():
            try:
                beat()
                self.poll(stop)
            except self._failures as error:
                if self._is_final(error):
                    raise
                self._unsure = True
                # The streams may be gone with the data: join again.
                self._next_join = float("-inf")
                log.warning("server failed", error=str(error), retry_seconds=_FAILURE_WAIT_SECONDS)
                stop.wait(_FAILURE_WAIT_SECONDS)
        self._saving.close()
        try:
            self._outbox.release(self._consumer, self._held)
            self._outbox.leave(self._consumer)
        except self._failures as error:
            log.warning("could not leave", error=str(error))

    def poll(self, stop: Event, wait_seconds: float = _READ_WAIT_SECONDS) -> int:
        """Read once and store what came; return how many outcomes were dealt with."""
        now = self._clock.monotonic()
        if now >= self._next_join:
            self._join()
            self._look_at_unreadable()
            self._next_join = now + JOIN_SECONDS
        if self._full:
            stop.wait(wait_seconds)
            return 0
        self._expire(now)
        found = self._next(now, wait_seconds)
        if found:
            self._deal_with(found, stop)
        else:
            self._look_at_pause(stop, wait_seconds)
        return len(found)

    def _next(self, now: float, wait_seconds: float) -> list[OutboxEntry]:
        size = self._policy.batch_max
        if self._unsure:
            found = self._outbox.pending(self._consumer, size)
            if found:
                return found
            self._unsure = False
        if now >= self._next_take_over:
            idle = self._policy.take_over_seconds
            found = self._outbox.take_over(self._consumer, idle, size)
            if found:
                log.warning("outcomes taken over", outcomes=len(found))
                return found
            self._next_take_over = now + min(JOIN_SECONDS, idle / 2)
        return self._outbox.read(self._consumer, size, wait_seconds)

    def _deal_with(self, entries: Sequence[OutboxEntry], stop: Event) -> None:
        self._held = entries
        erasures, others, damaged = _split(entries)
        outcomes, refused = self._decoded(others)
        refused.update(damaged)
        for erasure in erasures.values():
            removed = self._saving.forget(erasure, stop)
            if removed is None:
                return
            log.info("documents erased", documents=len(erasure.document_ids), records=removed)
        saved = self._saving.save(list(outcomes.values()), stop) if outcomes else Saved()
        if saved is None:
            # Stopped: what is held goes to others.
            return
        of_position = list(outcomes)
        for position, reason in saved.refused.items():
            refused[of_position[position]] = f"the store refuses it: {reason}"
        stored = [*erasures, *(entry for entry in outcomes if entry not in refused)]
        # If this fails, they are delivered again and change nothing.
        self._outbox.ack(stored, refused)
        self._held = ()
        for entry, reason in refused.items():
            stream = entry.stream.name.lower()
            log.error("outcome set aside", stream=stream, entry_id=entry.id, error=reason)
        if refused:
            self._look_at_unreadable()
        log.debug(
            "outcomes stored",
            outcomes=len(stored) - len(erasures),
            repeated=saved.repeated,
            outdated=saved.outdated,
            forgotten=saved.forgotten,
        )

    def _decoded(
        self, entries: Sequence[OutboxEntry]
    ) -> tuple[dict[OutboxEntry, Outcome], dict[OutboxEntry, str]]:
        outcomes: dict[OutboxEntry, Outcome] = {}
        refused: dict[OutboxEntry, str] = {}
        for entry in entries:
            try:
                outcomes[entry] = outcome_of(entry)
            except Unreadable as error:
                refused[entry] = str(error)
        entry_of = {
            outcome.record["document_id"]: outcome.entry_id
            for outcome in outcomes.values()
            if isinstance(outcome, CompletedEntry)
        }
        fingerprints = self._outbox.fingerprints(entry_of)
        for entry, outcome in outcomes.items():
            if isinstance(outcome, CompletedEntry):
                document = outcome.record["document_id"]
                if entry_of[document] == outcome.entry_id and document in fingerprints:
                    outcomes[entry] = replace(outcome, fingerprint=fingerprints[document])
        return outcomes, refused

    def _join(self) -> None:
        joined = self._outbox.join()
        if joined.is_new:
            log.info("sink registered", removed_before=joined.missed)
        elif joined.groups_made:
            log.warning("consumer groups made again", groups=joined.groups_made)
        if self._lost is not None and joined.lost > self._lost:
            log.error(
                "outcomes removed by another program before they were stored",
                outcomes=joined.lost - self._lost,
                outcomes_in_all=joined.lost,
            )
        self._lost = joined.lost

    def _look_at_unreadable(self) -> None:
        """Stop storing while too many outcomes are set aside: then no outcome is the cause."""
        count = self._outbox.unreadable()
        self._full = count >= self._policy.max_unreadable
        if self._full:
            reason = f"{count:,} outcomes are set aside: fanmill sinks unreadable"
            self.trouble.fails(reason, len(self._held), JOIN_SECONDS)

    def _expire(self, now: float) -> None:
        days = self._policy.retention_days
        if days is None or now < self._next_expire:
            return
        before = datetime.fromtimestamp(self._clock.wall(), UTC) - timedelta(days=days)
        removed = self._saving.expire(before, _EXPIRE_SLICE)
        # A full slice goes on after the next outcomes.
        self._next_expire = now if removed == _EXPIRE_SLICE else now + _EXPIRE_SECONDS
        if removed:
            log.info(
                "old documents removed", documents=removed, completed_before=before.isoformat()
            )

    def _look_at_pause(self, stop: Event, wait_seconds: float) -> None:
        paused = self._outbox.is_paused()
        if paused != self._paused:
            log.warning("paused" if paused else "resumed", target="sink")
        self._paused = paused
        if paused:
            stop.wait(wait_seconds)

    def _on_retry(self, _: Exception) -> None:
        try:
            self._outbox.touch(self._consumer, self._held)
            self._outbox.count_error()
        except self._failures as error:
            log.debug("server failed", error=str(error))


def _split(
    entries: Sequence[OutboxEntry],
) -> tuple[dict[OutboxEntry, Erasure], list[OutboxEntry], dict[OutboxEntry, str]]:
    """Return the erasures, the outcomes, and damaged erasures with the reason."""
    erasures: dict[OutboxEntry, Erasure] = {}
    damaged: dict[OutboxEntry, str] = {}
    for entry in entries:
        try:
            erasure = erasure_of(entry)
        except Unreadable as error:
            damaged[entry] = str(error)
            continue
        if erasure is not None:
            erasures[entry] = erasure
    others = [each for each in entries if each not in erasures and each not in damaged]
    return erasures, others, damaged
