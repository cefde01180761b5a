"""The spans of a stage: one for each document of a batch, with its commit as a child.

A document's span lasts from the start of its batch to the end of the commit, as the metric
`stage_seconds` does: the documents of a batch share most of that time.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from fanmill.ports import Batch, Facts, Job, SpanRecord, Subject, Tracing
from fanmill.steps.services import Outcome
from fanmill_contracts.terms import Stage

SERVER_FAILED: Final = "server-failed"
"""Reason of a span whose stage a failing server ended; the document is sent again."""


class StageSpans:
    """The spans of a stage on a batch; nothing happens while tracing is off."""

    def __init__(self, tracing: Tracing, stage: Stage, batch: Batch) -> None:
        self._tracing = tracing
        self._stage = stage
        self._batch = batch
        self._began_ns = self._commit_ns = tracing.now_ns()

    def begin_commit(self) -> None:
        """Note the start of the commit."""
        self._commit_ns = self._tracing.now_ns()

    def end(self, jobs: Mapping[str, Job], outcomes: Mapping[str, Outcome]) -> None:
        """Record the spans of all documents with their outcomes."""
        if not self._tracing.enabled:
            return
        ended_ns = self._tracing.now_ns()
        self._tracing.record(
            self._span(jobs[entry_id], outcome, ended_ns) for entry_id, outcome in outcomes.items()
        )

    def fail(self, jobs: Sequence[Job]) -> None:
        """Record spans of documents whose stage ended because the server failed."""
        if not self._tracing.enabled:
            return
        ended_ns = self._tracing.now_ns()
        self._tracing.record(
            SpanRecord(
                self._stage,
                _subject(job),
                self._began_ns,
                ended_ns,
                self._facts(job),
                SERVER_FAILED,
            )
            for job in jobs
        )

    def _span(self, job: Job, outcome: Outcome, ended_ns: int) -> SpanRecord:
        subject = _subject(job)
        named = {key: outcome.facts[key] for key in ("verdict",) if key in outcome.facts}
        facts = {**self._facts(job), **named, "outcome": outcome.outcome}
        error = str(outcome.facts.get("reason", ""))
        ends = {"outcome": outcome.outcome}
        commit = SpanRecord("commit", subject, self._commit_ns, ended_ns, ends, error)
        return SpanRecord(self._stage, subject, self._began_ns, ended_ns, facts, error, (commit,))

    def _facts(self, job: Job) -> dict[str, str | int]:
        batch = self._batch
        facts: Facts = {
            "stage": self._stage,
            "attempt": job.attempt,
            "delivery": batch.delivery,
            "batch.id": batch.id,
            "batch.documents": len(batch.entries),
        }
        return dict(facts)


def _subject(job: Job) -> Subject:
    event = job.event
    return Subject(
        job.entry_id,
        event["data"]["document_id"],
        event["id"],
        event["source"],
        job.span or event.get("traceparent"),
    )
