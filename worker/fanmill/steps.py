"""The three steps on a batch: load, work the core functions, commit.

Each may run any number of times on the same batch with the effect of once.
Celery tasks, tests and trials call them alike; nothing here knows a queue or a
server.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from typing import Any, Final, Literal, Protocol, TypeVar

from pydantic import BaseModel

from fanmill.core.dedup.fingerprint import Draft, Fingerprint
from fanmill.core.dedup.judgement import Candidate
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.partition import ALL, PartOf
from fanmill.core.document import Document
from fanmill.core.observation import observe
from fanmill.core.trends import terms_of, with_trends
from fanmill.core.verdict import verdict
from fanmill.ports import (
    LATER_STAGES,
    Batch,
    Corpus,
    Dispatcher,
    FingerprintIndex,
    IndexPart,
    Job,
    Ledger,
    Part,
    Rejection,
    Trends,
)
from fanmill_contracts import Deduplication, Statistics
from fanmill_contracts.results import Problems, Stage, Tagging

FOLD_AT: Final = 256
"""Observations that wait before one process works them into the aggregates: each time takes some
milliseconds, however many there are."""

Given = TypeVar("Given")
Found = TypeVar("Found")

_MOST_JUDGED: Final = 64
"""Documents in one script call of the index: nothing else runs on its server meanwhile."""

Findings = Mapping[str, BaseModel]
"""What a stage found out: models by the name of the record's member.

`Problems` are what went wrong beside the document; they join the record's `problems`."""


class Signer(Protocol):
    """Makes fingerprints of texts, in two acts: the index is asked about their lines in between."""

    def drafts(self, texts: Sequence[str]) -> list[Draft]:
        """Cut texts into tokens and lines, in order."""

    def fingerprints(
        self, drafts: Sequence[Draft], seen: Sequence[Sequence[int]] | None = None
    ) -> list[Fingerprint]:
        """Sign drafts; `seen[i]` counts earlier documents for each line of draft i."""


@dataclass(frozen=True, slots=True)
class Functions:
    """The pure functions that the steps work; tests and benchmarks put in others."""

    fingerprint: Callable[[DedupParameters], "Signer"]
    """Makes what fingerprints texts with these parameters."""
    summarize: Callable[[Document], Findings]
    tag: Callable[[Document], Findings]


@dataclass(frozen=True, slots=True)
class Services:
    """What a step needs of the world."""

    ledger: Ledger
    index: FingerprintIndex
    dispatcher: Dispatcher
    functions: Functions
    on_duplicate: Literal["skip", "process"] = "skip"
    corpus: Corpus | None = None
    """None: documents are not counted."""
    trends: Trends | None = None
    """None: terms are not counted."""
    part_of: PartOf = lambda _: ALL
    """Which part of the index an event's document belongs to."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document in one step, for the log."""

    entry_id: str
    document_id: str
    event_id: str
    outcome: str
    """What the commit answered (`stored`, `completed`, `known`, `gone`) or `rejected`."""
    facts: Mapping[str, Any] = field(default_factory=dict)


def deduplicate(services: Services, batch: Batch) -> list[Outcome]:
    """Judge each document against all seen before and pass the others on.

    Returns an outcome for each document that needed this step: none for those
    that were done or gone before.
    """
    with _started(services, "deduplicate", batch) as run:
        parts = [
            _verdict_part(
                entry_id, run.documents[entry_id], judged, skips=services.on_duplicate == "skip"
            )
            for entry_id, judged in _verdicts(services, run)
        ]
        outcomes = run.finish(services, parts)
    going_on = tuple(
        part.entry_id
        for part in parts
        if not part.closes and outcomes[part.entry_id].outcome == "stored"
    )
    if going_on:
        for stage in LATER_STAGES:
            services.dispatcher.dispatch(stage, Batch(batch.id, going_on, batch.delivery))
    return list(outcomes.values())


def summarize(services: Services, batch: Batch) -> list[Outcome]:
    """Compute statistics and summary of each document; see `deduplicate` for the answer."""
    outcomes = _analyse(services, "summarize", batch, services.functions.summarize)
    if services.corpus is not None:
        services.corpus.fold(FOLD_AT)
    return outcomes


def tag(services: Services, batch: Batch) -> list[Outcome]:
    """Find the tags of each document; see `deduplicate` for the answer."""
    trends = services.trends
    if trends is None:
        return _analyse(services, "tag", batch, services.functions.tag)
    counted: dict[str, tuple[str, tuple[str, ...]]] = {}

    def compare(found: dict[str, Findings]) -> dict[str, Findings]:
        taggings = {
            entry_id: tagging
            for entry_id, findings in found.items()
            if isinstance(tagging := findings.get("tagging"), Tagging)
        }
        asked: dict[str, dict[str, None]] = {}
        for entry_id, tagging in taggings.items():
            terms = terms_of(tagging)
            counted[entry_id] = (tagging.language, terms)
            asked.setdefault(tagging.language, {}).update(dict.fromkeys(terms))
        # A question for each language of the batch, not for each document.
        known = {
            (language, each.term): each
            for language, terms in asked.items()
            for each in trends.frequencies(language, tuple(terms))
        }
        compared = dict(found)
        for entry_id, tagging in taggings.items():
            language, terms = counted[entry_id]
            frequencies = [known[language, term] for term in terms if (language, term) in known]
            compared[entry_id] = {
                **found[entry_id],
                "tagging": with_trends(tagging, frequencies),
            }
        return compared

    outcomes = _analyse(services, "tag", batch, services.functions.tag, compare)
    for outcome in outcomes:
        # Behind the commit: what is delivered again is not counted again.
        language, terms = counted.get(outcome.entry_id, ("", ()))
        if terms and outcome.outcome in {"stored", "completed"}:
            trends.observe(language, terms)
    return outcomes


STEPS: Mapping[Stage, Callable[[Services, Batch], list[Outcome]]] = {
    "deduplicate": deduplicate,
    "summarize": summarize,
    "tag": tag,
}
"""The step of each stage."""


def _analyse(
    services: Services,
    stage: Stage,
    batch: Batch,
    function: Callable[[Document], Findings],
    compare: Callable[[dict[str, Findings]], dict[str, Findings]] | None = None,
) -> list[Outcome]:
    """Work a function on each document and commit what it finds.

    `compare` may add to the findings of the batch what only a store knows. It
    stands outside of the function: a server that fails there is no fault of a
    document.
    """
    with _started(services, stage, batch) as run:
        findings = run.each(function)
        if compare is not None:
            findings = compare(findings)
        # A finding that cannot be written down harms its document alone, as one that raises.
        found = run.over(findings, _written)
        parts = [
            Part(
                entry_id,
                run.documents[entry_id].document_id,
                written.members,
                problems=written.problems,
                observation=(
                    _observation(written, run.bodies[entry_id]["source"], entry_id)
                    if services.corpus is not None
                    else ""
                ),
            )
            for entry_id, written in found.items()
        ]
        return list(run.finish(services, parts).values())


def _verdicts(services: Services, run: "_Run") -> Iterator[tuple[str, Deduplication]]:
    """Yield the verdict on each document that could be read, in order of arrival."""
    signer = services.functions.fingerprint(services.index.parameters)
    drafts = run.drafts(signer)
    # One language or tenant after the other keeps the order inside each part.
    parts = {entry_id: services.part_of(run.bodies[entry_id]) for entry_id in drafts}
    in_parts = sorted(drafts, key=lambda entry_id: parts[entry_id])
    for name, group in groupby(in_parts, key=lambda entry_id: parts[entry_id]):
        part = services.index.part(name)
        entries = list(group)
        for at in range(0, len(entries), _MOST_JUDGED):
            chunk = entries[at : at + _MOST_JUDGED]
            chosen = {entry_id: drafts[entry_id] for entry_id in chunk}
            yield from zip(chunk, _judged(part, name, run, signer, chosen), strict=True)


def _judged(
    part: IndexPart, name: str, run: "_Run", signer: Signer, drafts: Mapping[str, Draft]
) -> list[Deduplication]:
    lines = [draft.lines for draft in drafts.values()]
    seen = part.lines_seen(lines) if part.parameters.boilerplate else None
    prints = signer.fingerprints(list(drafts.values()), seen)
    candidates = [
        Candidate(run.documents[entry_id].document_id, entry_id, fingerprint)
        for entry_id, fingerprint in zip(drafts, prints, strict=True)
    ]
    return [
        verdict(judgement, fingerprint, part.parameters, name)
        for judgement, fingerprint in zip(part.judge(candidates), prints, strict=True)
    ]


@contextmanager
def _started(services: Services, stage: Stage, batch: Batch) -> Iterator["_Run"]:
    run = _Run(stage, services.ledger.start(stage, batch.entries))
    try:
        yield run
    except Exception:
        # What a function raises stays with its document. This is the server failing, not
        # the documents: no attempt of theirs. The ledger sends them again.
        services.ledger.excuse(stage, tuple(run.documents))
        raise


@dataclass(frozen=True, slots=True)
class _Written:
    """What a stage found out about one document, as JSON without braces and brackets."""

    members: str
    problems: str
    statistics: Statistics | None


def _written(findings: Findings) -> _Written:
    statistics = findings.get("statistics")
    return _Written(
        members=",".join(
            f'"{name}":{model.model_dump_json()}'
            for name, model in findings.items()
            if not isinstance(model, Problems)
        ),
        problems=",".join(
            model.model_dump_json()[1:-1]
            for model in findings.values()
            if isinstance(model, Problems)
        ),
        statistics=statistics if isinstance(statistics, Statistics) else None,
    )


def _observation(written: _Written, source: str, entry_id: str) -> str:
    """Return what the corpus view counts of a document; empty in stages without statistics."""
    if written.statistics is None:
        return ""
    return observe(written.statistics, source, entry_id)


def _verdict_part(entry_id: str, document: Document, judged: Deduplication, *, skips: bool) -> Part:
    digest = sha256(document.text.encode()).hexdigest()
    return Part(
        entry_id=entry_id,
        document_id=document.document_id,
        members=f'"text_sha256":"{digest}","deduplication":{judged.model_dump_json()}',
        closes=skips and judged.verdict != "unique",
        verdict=judged.verdict,
    )


class _Run:
    """One step on the jobs of one batch: which documents, and which of them failed."""

    def __init__(self, stage: Stage, jobs: Sequence[Job]) -> None:
        self.stage = stage
        self.documents = {job.entry_id: _document(job.event) for job in jobs}
        self.bodies = {job.entry_id: job.event for job in jobs}
        self.rejections: list[Rejection] = []

    def drafts(self, signer: Signer) -> dict[str, Draft]:
        """Return the drafts of all texts, without those that cannot be cut."""
        texts = [document.text for document in self.documents.values()]
        try:
            return dict(zip(self.documents, signer.drafts(texts), strict=True))
        except Exception:  # noqa: BLE001  one of them: each alone tells which
            return self.each(lambda document: signer.drafts([document.text])[0])

    def each(self, function: Callable[[Document], Found]) -> dict[str, Found]:
        """Return what the function says of each document on which it does not raise."""
        return self.over(self.documents, function)

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
                    )
                )
        return found

    def finish(self, services: Services, parts: Sequence[Part]) -> dict[str, Outcome]:
        """Commit the parts, reject what failed, and say what became of each."""
        outcomes = {}
        for part, committed in zip(parts, services.ledger.commit(self.stage, parts), strict=True):
            facts = {"verdict": part.verdict} if part.verdict else {}
            outcomes[part.entry_id] = self._outcome(part.entry_id, committed, facts)
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
        return outcomes

    def _outcome(self, entry_id: str, outcome: str, facts: Mapping[str, Any]) -> Outcome:
        document_id = self.documents[entry_id].document_id
        return Outcome(entry_id, document_id, self.bodies[entry_id]["id"], outcome, facts)


def _document(event: Mapping[str, Any]) -> Document:
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
