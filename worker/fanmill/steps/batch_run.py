"""Run of a step on a batch: its documents, the failed ones, and the outcome of each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from fanmill.core.dedup.fingerprint import TokenizedText
from fanmill.core.document import Document
from fanmill.core.failure_group import exception_name, innermost_frame
from fanmill.core.record_members import RecordMembers
from fanmill.core.replays import replay_of
from fanmill.core.trace_context import traced
from fanmill.core.turns import ByGroup, groups
from fanmill.ports import Batch, Job, Rejection, StageResult
from fanmill.steps.services import Loaded, Outcome, Services, Signer
from fanmill.steps.spans import StageSpans
from fanmill_contracts.terms import Stage

Given = TypeVar("Given")
Found = TypeVar("Found")


@contextmanager
def started(
    services: Services, stage: Stage, batch: Batch, loaded: Loaded | None = None
) -> Iterator["Run"]:
    """Load the batch's documents that still need the stage; a failing server is no attempt."""
    read = None if loaded is None else loaded.events
    spans = StageSpans(services.tracing, stage, batch)
    jobs = services.ledger.start(stage, batch.entries, read)
    run = Run(stage, jobs, spans, None if loaded is None else loaded.documents)
    try:
        yield run
    except Exception:
        spans.fail(jobs)
        # An error of a function concerns only its document. This is the server failing, not
        # the documents: no attempt of theirs. The ledger sends them again.
        services.ledger.uncount_attempt(stage, tuple(run.documents))
        raise


class Run:
    """A step on the jobs of a batch: its documents, and those that failed."""

    def __init__(
        self,
        stage: Stage,
        jobs: Sequence[Job],
        spans: StageSpans,
        documents: Mapping[str, Document] | None = None,
    ) -> None:
        self.stage = stage
        self._spans = spans
        self._jobs = {job.entry_id: job for job in jobs}
        self.documents = {
            job.entry_id: document_of(job.event) if documents is None else documents[job.entry_id]
            for job in jobs
        }
        self.bodies = {job.entry_id: job.event for job in jobs}
        self.rejections: list[Rejection] = []

    def tokenize(self, signer: Signer) -> dict[str, TokenizedText]:
        """Return all texts cut into tokens, without those that fail."""
        texts = [document.text for document in self.documents.values()]
        try:
            return dict(zip(self.documents, signer.tokenize(texts), strict=True))
        except Exception:  # noqa: BLE001  one of them: each alone tells which
            return self.each(lambda document: signer.tokenize([document.text])[0])

    def each(self, function: Callable[[Document], Found]) -> dict[str, Found]:
        """Return what the function says of each document on which it does not raise."""
        if not isinstance(function, ByGroup):
            return self.over(self.documents, function)
        found: dict[str, RecordMembers | Exception] = {}
        entry_ids = iter(self.documents)
        for group in groups(tuple(self.documents.values())):
            found.update((next(entry_ids), each) for each in function.of_group(group))
        return self.over(found, _returned)

    def over(
        self, values: Mapping[str, Given], function: Callable[[Given], Found]
    ) -> dict[str, Found]:
        """Return what the function says of each value, by entry, where it does not raise.

        A document on whose value it does is rejected in `finish`.
        """
        found = {}
        for entry_id, value in values.items():
            try:
                found[entry_id] = function(value)
            except Exception as error:  # noqa: BLE001  whatever it is, it harms this one alone
                self.rejections.append(
                    Rejection(
                        entry_id=entry_id,
                        reason="stage-failed",
                        place=self.stage,
                        error=f"{type(error).__name__}: {error}",
                        document_id=self.documents[entry_id].document_id,
                        event_id=self.bodies[entry_id]["id"],
                        source=self.bodies[entry_id]["source"],
                        exception=exception_name(error),
                        frame=innermost_frame(error),
                        replay_of=replay_of(self.bodies[entry_id]),
                        traceparent=self._jobs[entry_id].traceparent,
                    )
                )
        return found

    def finish(self, services: Services, results: Sequence[StageResult]) -> dict[str, Outcome]:
        """Commit the results, reject what failed, and say what became of each."""
        outcomes = {}
        self._spans.begin_commit()
        for result, committed in zip(
            results, services.ledger.commit(self.stage, results), strict=True
        ):
            if committed == "forgotten" and self.stage == "deduplicate":
                # Its partition of the index may be younger than the tombstone.
                services.index.forget(result.document_id, result.entry_id)
            facts = {"verdict": result.verdict} if result.verdict else {}
            outcomes[result.entry_id] = self._outcome(result.entry_id, committed, facts)
        rejected = services.ledger.reject(self.rejections)
        for rejection, was_there in zip(self.rejections, rejected, strict=True):
            if was_there and rejection.document_id is not None:
                # Nobody may be called the copy of a document that has no record.
                services.index.forget(rejection.document_id, rejection.entry_id)
            outcomes[rejection.entry_id] = self._outcome(
                rejection.entry_id,
                "rejected" if was_there else "gone",
                {"reason": rejection.reason, "error": rejection.error},
            )
        self._spans.end(self._jobs, outcomes)
        return outcomes

    def _outcome(self, entry_id: str, outcome: str, facts: Mapping[str, Any]) -> Outcome:
        document_id = self.documents[entry_id].document_id
        event = self.bodies[entry_id]
        facts = {**facts, **traced(self._jobs[entry_id].traceparent)}
        return Outcome(entry_id, document_id, event["id"], outcome, facts)


def _returned(found: Any) -> Any:
    """Return a result; raise it if it is an exception."""
    if isinstance(found, Exception):
        raise found
    return found


def document_of(event: Mapping[str, Any]) -> Document:
    """Return what the functions of all stages look at, of the members of an event."""
    data = event["data"]
    metadata = data.get("metadata") or {}
    abstract = metadata.get("abstract")
    return Document(
        document_id=data["document_id"],
        text=data["text"],
        title=data.get("title"),
        url=data.get("url"),
        language=data.get("language"),
        abstract=abstract if isinstance(abstract, str) else None,
        source=event.get("source"),
        published_at=data.get("published_at"),
        author=data.get("author"),
        publisher=data.get("publisher"),
        metadata=metadata,
    )
