"""Records and rejections as `fanmill run` writes them, for reports."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from fanmill.core.document import Document
from fanmill.report.sources import make_report
from fanmill.report.tally import Tally
from fanmill.report.view import ReportView

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
HOSTILE = "</title><script>alert(1)</script>\"'>&\u202e\x1b[2J{{ 7 * 7 }}"


def record(document_id: str, *, after: float = 0, original: str | None = None, **more: Any) -> Any:
    """Return a record; a near duplicate if it names an original."""
    judged: dict[str, Any] = {"verdict": "unique", "decided_by": "nothing-alike"}
    if original is not None:
        judged = {
            "verdict": "near",
            "duplicate_of": original,
            "similarity": 0.9,
            "decided_by": "jaccard",
        }
    return {
        "document_id": document_id,
        "revision": 1,
        "event": {"id": document_id, "source": "/test"},
        "text_sha256": "0" * 64,
        "completed_at": (START + timedelta(seconds=after)).isoformat(),
        "deduplication": {**judged, "algorithm": "minhash-4"},
        **more,
    }


def analysed(document_id: str, words: int = 100, language: str = "en", **more: Any) -> Any:
    """Return a record with statistics and tags."""
    return record(
        document_id,
        statistics={
            "words": words,
            "bytes": words * 6,
            "sentences": words // 10,
            "language": language,
            "filters": {} if words >= 50 else {"c4": {"passed": False, "failed": "few_words"}},
        },
        tagging={
            "language": language,
            "tags": {"topic": [{"value": "sport" if words % 2 else "weather"}]},
        },
        **more,
    )


def rejection(reason: str = "stage-failed", error: str = "ValueError: no") -> Any:
    """Return the data of a rejection."""
    return {
        "reason": reason,
        "stage": "tag",
        "error": error,
        "exception": "ValueError",
        "attempts": 1,
        "rejected_at": START.isoformat(),
    }


class ListSource:
    """Records and rejections in memory."""

    subject = "test"

    def __init__(self, records: Sequence[Any], rejections: Sequence[Any]) -> None:
        self._records, self._rejections = records, rejections

    def fill(self, tally: Tally) -> None:
        for each in self._records:
            tally.add_record(each)
        for each in self._rejections:
            tally.add_rejection(each)

    def duplicates(self, originals: set[str]) -> Iterator[Any]:
        yield from (
            each
            for each in self._records
            if each["document_id"] in originals or "duplicate_of" in each["deduplication"]
        )


def report_of(
    *records: Any, rejections: Sequence[Any] = (), texts: Mapping[str, str] | None = None
) -> ReportView:
    """Return the report of records."""
    documents = {name: Document(name, text) for name, text in (texts or {}).items()}
    return make_report(ListSource(records, rejections), lambda _: documents, START)
