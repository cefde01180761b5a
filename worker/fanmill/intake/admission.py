"""The path of entries from the ledger to the queues: validated, admitted, batched, sent."""

from collections.abc import Sequence
from uuid import uuid4

import structlog

from fanmill.core.trace_context import traced
from fanmill.intake.batching import batches
from fanmill.intake.policy import IntakePolicy
from fanmill.intake.spans import IntakeSpans
from fanmill.intake.validation import validate
from fanmill.ports import (
    Admission,
    Admitted,
    Batch,
    Dispatcher,
    Entry,
    Ledger,
    Rejection,
    Tracing,
)
from fanmill_contracts.terms import Stage

log = structlog.get_logger("fanmill.intake")


class Admitter:
    """Takes entries into the work and sends them to workers, or rejects them."""

    def __init__(
        self, ledger: Ledger, dispatcher: Dispatcher, policy: IntakePolicy, tracing: Tracing
    ) -> None:
        self._ledger = ledger
        self._dispatcher = dispatcher
        self._policy = policy
        self._tracing = tracing

    def validated(self, entry: Entry) -> Admission | Rejection:
        """Return what an entry is admitted with, or its rejection."""
        return validate(entry, redacts=self._policy.redacts_personal_data)

    def take_in(self, entries: Sequence[Entry], delivery: int) -> None:
        """Admit valid events and send them to the first stage; reject the others."""
        spans = IntakeSpans(self._tracing, delivery)
        judged = spans.begin([self.validated(entry) for entry in entries])
        self._reject([each for each in judged if isinstance(each, Rejection)], delivery, spans)
        admitted = self._admit(
            [each for each in judged if isinstance(each, Admission)], delivery, spans
        )
        self.send_first([entry for entry in entries if entry.id in admitted], delivery)
        for entry_id, outcome in admitted.items():
            spans.end(entry_id, outcome)

    def send_first(self, entries: Sequence[Entry], delivery: int) -> None:
        """Send admitted entries to the first stage, in batches."""
        sized = [(entry.id, entry.size) for entry in entries]
        policy = self._policy
        for group in batches(sized, policy.batch_max_documents, policy.batch_max_bytes):
            self.send(("deduplicate",), group, delivery)

    def send(self, stages: Sequence[Stage], entries: tuple[str, ...], delivery: int) -> None:
        """Send one batch to each of these stages."""
        batch = Batch(uuid4().hex[:12], entries, delivery)
        for stage in stages:
            self._dispatcher.dispatch(stage, batch)
            log.debug("batch sent", stage=stage, batch_id=batch.id, documents=len(entries))

    def _reject(self, rejections: Sequence[Rejection], delivery: int, spans: IntakeSpans) -> None:
        for rejection, was_there in zip(rejections, self._ledger.reject(rejections), strict=True):
            spans.end(rejection.entry_id, "rejected" if was_there else "gone", rejection.reason)
            if was_there:
                log.warning(
                    "event rejected",
                    stage="intake",
                    entry_id=rejection.entry_id,
                    delivery=delivery,
                    reason=rejection.reason,
                    error=rejection.error,
                    **traced(rejection.traceparent),
                )

    def _admit(
        self, admissions: Sequence[Admission], delivery: int, spans: IntakeSpans
    ) -> dict[str, Admitted]:
        going_on: dict[str, Admitted] = {}
        for admission, answer in zip(admissions, self._ledger.admit(admissions), strict=True):
            if answer in ("admitted", "known"):
                going_on[admission.entry_id] = answer
                continue
            spans.end(admission.entry_id, answer)
            if answer == "repeated":
                log.info(
                    "event repeated",
                    stage="intake",
                    entry_id=admission.entry_id,
                    event_id=admission.event_id,
                    document_id=admission.document_id,
                    delivery=delivery,
                    **traced(admission.traceparent),
                )
        return going_on
