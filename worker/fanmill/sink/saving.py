"""Saving to a store that may be away, full or slow, and that may refuse single outcomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event
from traceback import walk_tb
from typing import Final, Protocol, TypeVar

import structlog

from fanmill.ports.erasing import Erasure
from fanmill.ports.store import Outcome, OutcomeRefused, SaveCounts, StoreError
from fanmill.sink.policy import SinkPolicy
from fanmill.sink.trouble import TroubleWatch

log = structlog.get_logger("fanmill.sink")

AnswerT = TypeVar("AnswerT")

_TRIES: Final = 3
"""Attempts before an unknown error is blamed on an outcome and not on its moment."""

_MAX_ERROR: Final = 300


class SinkStore(Protocol):
    """The part of `fanmill.ports.store.Store` that a sink uses."""

    def save(self, outcomes: Sequence[Outcome]) -> SaveCounts:
        """Store outcomes in one transaction; see `Store`."""

    def forget(self, document_ids: Sequence[str], *, actor: str, note: str, at: datetime) -> int:
        """Erase documents; see `Store`."""

    def expire(self, completed_before: datetime, limit: int = 1000) -> int:
        """Remove old documents; see `Store`."""

    def close(self) -> None:
        """Let go of files and connections."""


@dataclass(slots=True)
class Saved:
    """The effect of a save."""

    refused: dict[int, str] = field(default_factory=dict)
    """Reason by the position of the outcome."""
    stored: int = 0
    repeated: int = 0
    outdated: int = 0
    forgotten: int = 0
    rejections: int = 0

    def add(self, counts: SaveCounts) -> None:
        """Add the counts of one transaction."""
        self.stored += counts.stored
        self.repeated += counts.repeated
        self.outdated += counts.outdated
        self.forgotten += counts.forgotten
        self.rejections += counts.rejections


class Saving:
    """Saves outcomes, however long it takes.

    Args:
        open_store: Opens the store; raises `StoreError` while it cannot be used.
        policy: Times between attempts.
        trouble: Notes failures.
        on_retry: Called before each pause, with the error.
    """

    def __init__(
        self,
        open_store: Callable[[], SinkStore],
        policy: SinkPolicy,
        trouble: TroubleWatch,
        on_retry: Callable[[Exception], None] = lambda _: None,
    ) -> None:
        self._open_store = open_store
        self._policy = policy
        self._trouble = trouble
        self._on_retry = on_retry
        self._store: SinkStore | None = None

    def save(self, outcomes: Sequence[Outcome], stop: Event) -> Saved | None:
        """Save outcomes and return when that is durable; None if `stop` came first.

        All errors of the store are met with another attempt, on a store opened anew. An outcome
        that the store refuses, or that fails alone again and again, is named in the answer.
        """

        def attempt(tries: int) -> Saved:
            saved = Saved()
            self._save(outcomes, 0, saved, tries)
            return saved

        return self._repeat(attempt, len(outcomes), stop)

    def forget(self, erasure: Erasure, stop: Event) -> int | None:
        """Erase documents, and return how many records there were; None if `stop` came first."""
        at = datetime.fromtimestamp(erasure.at_ms / 1000, UTC)
        return self._repeat(
            lambda _: self._call(
                lambda store: store.forget(
                    erasure.document_ids, actor=erasure.actor, note=erasure.note, at=at
                )
            ),
            1,
            stop,
        )

    def _repeat(
        self, attempt: Callable[[int], AnswerT], outcomes: int, stop: Event
    ) -> AnswerT | None:
        pause, tries = self._policy.first_retry_seconds, 0
        while not stop.is_set():
            try:
                answer = attempt(tries)
            except Exception as error:  # noqa: BLE001  any error of a store delays, none loses
                self.close()
                tries += not isinstance(error, StoreError)
                self._trouble.fails(_reason(error), outcomes, pause)
                self._on_retry(error)
                stop.wait(pause)
                pause = min(pause * 2, self._policy.max_retry_seconds)
            else:
                self._trouble.succeeds()
                return answer
        return None

    def expire(self, before: datetime, limit: int) -> int:
        """Remove up to `limit` old documents; return how many, 0 if the store fails."""
        try:
            return self._call(lambda store: store.expire(before, limit))
        except Exception as error:  # noqa: BLE001  the next save tells if it persists
            self.close()
            log.warning("could not expire", error=_reason(error))
            return 0

    def close(self) -> None:
        """Close the store; the next call opens it again."""
        store, self._store = self._store, None
        if store is not None:
            try:
                store.close()
            except Exception as error:  # noqa: BLE001  it is given up anyway
                log.debug("store not closed", error=_reason(error))

    def _save(self, outcomes: Sequence[Outcome], at: int, saved: Saved, tries: int) -> None:
        try:
            saved.add(self._call(lambda store: store.save(outcomes)))
        except StoreError:
            raise
        except Exception as error:
            if not isinstance(error, OutcomeRefused) and tries < _TRIES:
                raise
            if len(outcomes) == 1:
                saved.refused[at] = _reason(error)
                return
            self.close()
            middle = len(outcomes) // 2
            self._save(outcomes[:middle], at, saved, tries)
            self._save(outcomes[middle:], at + middle, saved, tries)

    def _call(self, call: Callable[[SinkStore], AnswerT]) -> AnswerT:
        self._trouble.begins()
        try:
            if self._store is None:
                self._store = self._open_store()
            return call(self._store)
        finally:
            self._trouble.ends()


def _reason(error: Exception) -> str:
    if isinstance(error, StoreError | OutcomeRefused):
        return " ".join(str(error).split())[:_MAX_ERROR]
    # The text of a foreign error may hold the text of a document.
    *_, (frame, line) = walk_tb(error.__traceback__)
    module = frame.f_globals.get("__name__", "unknown")
    return f"{type(error).__name__} in {module}, line {line}"
