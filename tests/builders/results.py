"""Stage results and members of a record."""

from hashlib import sha256

from fanmill.core.record_members import RecordMembers
from fanmill.ports import StageResult
from fanmill.steps.stage_results import members_json
from fanmill_contracts import Deduplication, Statistics, Summary, SummarySentence, Tagging
from fanmill_contracts.terms import Stage, Verdict


def deduplication(verdict: Verdict = "unique", duplicate_of: str | None = None) -> Deduplication:
    """Return a verdict."""
    return Deduplication(
        verdict=verdict,
        duplicate_of=duplicate_of,
        similarity=None if duplicate_of is None else 1.0,
        algorithm="exact-1",
    )


def statistics(text: str) -> Statistics:
    """Return statistics by the simplest rules there are."""
    words = text.split()
    return Statistics(
        bytes=len(text.encode()),
        characters=len(text),
        words=len(words),
        unique_words=len(set(words)),
        sentences=1 if words else 0,
        paragraphs=1 if words else 0,
        lines=len(text.splitlines()),
        mean_word_length=sum(map(len, words)) / len(words) if words else None,
        mean_sentence_length=float(len(words)) if words else None,
        unique_word_ratio=len(set(words)) / len(words) if words else None,
        reading_time_seconds=len(words) / 4,
    )


def summary(text: str) -> Summary:
    """Return the first 20 characters as the only sentence."""
    return Summary(
        method="head-1",
        sentences=(SummarySentence(text=text[:20], start=0, end=min(20, len(text))),)
        if text
        else (),
    )


def members(stage: Stage, text: str = "The mill stands on the river.") -> str:
    """Return what a stage adds to the record, as one JSON object."""
    match stage:
        case "deduplicate":
            digest = sha256(text.encode()).hexdigest()
            added = RecordMembers(text_sha256=digest, deduplication=deduplication())
        case "summarize":
            added = RecordMembers(statistics=statistics(text), summary=summary(text))
        case "tag":
            added = RecordMembers(tagging=Tagging(language="en", language_confidence=0.5))
    return members_json(added)


def stage_result(
    stage: Stage,
    entry_id: str,
    document_id: str = "doc-1",
    *,
    text: str = "The mill stands on the river.",
    problems: str = "[]",
    closes: bool = False,
) -> StageResult:
    """Return the result of a stage."""
    return StageResult(
        entry_id,
        document_id,
        members(stage, text),
        problems=problems,
        closes=closes,
        verdict="unique" if stage == "deduplicate" else None,
    )
