"""The tally of a report: counts of records and rejections, in memory that does not grow.

Records come as the objects that `record_json` writes: members with their default are absent.
Reading them into models would take ten times as long as counting.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from fanmill.report.counting import BoundedCounter, FrequentValues
from fanmill.report.measures import MEASURES, SIMILARITY, Values
from fanmill.report.times import TimeSeries

NOT_ANALYSED: Final = "(not analysed)"
"""Language of duplicates that completed without statistics and tags."""

FILTERS: Final = ("gopher_quality", "gopher_repetition", "c4", "fineweb")

_NO_VALUES: Final = frozenset({"date", "identifier", "language", "title"})
"""Namespaces whose values are nearly all different, or shown elsewhere: only documents count."""
_MAX_NAMESPACES: Final = 40
_MAX_NOT_READ: Final = 20
_MAX_GROUPS: Final = 1_000


class UnreadableRecord(Exception):
    """An object that is neither a record nor a rejection."""


@dataclass(slots=True)
class Failures:
    """Rejections with one cause."""

    reason: str
    stage: str
    exception: str
    sample: str
    """Error of the first one."""
    count: int = 0


@dataclass(slots=True)
class Namespace:
    """Tags of a namespace."""

    documents: int = 0
    values: FrequentValues | None = None


@dataclass(slots=True)
class Tally:
    """All counts of a report."""

    documents: int = 0
    analysed: int = 0
    """Documents with statistics."""
    rejections: int = 0
    not_read: int = 0
    words: int = 0
    verdicts: BoundedCounter = field(default_factory=BoundedCounter)
    decided_by: BoundedCounter = field(default_factory=BoundedCounter)
    languages: BoundedCounter = field(default_factory=BoundedCounter)
    sources: BoundedCounter = field(default_factory=BoundedCounter)
    problems: BoundedCounter = field(default_factory=BoundedCounter)
    filtered: int = 0
    """Documents with results of the quality filters."""
    failed: dict[str, BoundedCounter] = field(
        default_factory=lambda: {name: BoundedCounter() for name in FILTERS}
    )
    """Criteria that failed, by filter."""
    measures: list[Values] = field(default_factory=lambda: [Values(each) for each in MEASURES])
    similarity: Values = field(default_factory=lambda: Values(SIMILARITY))
    originals: FrequentValues = field(default_factory=FrequentValues)
    namespaces: dict[str, Namespace] = field(default_factory=dict)
    more_namespaces: int = 0
    """Documents with tags in namespaces beyond the first 40."""
    groups: dict[tuple[str, str, str], Failures] = field(default_factory=dict)
    unread: list[tuple[str, str]] = field(default_factory=list)
    """First inputs that could not be read, with the reason."""
    times: TimeSeries = field(default_factory=TimeSeries)

    def add_record(self, record: Mapping[str, Any]) -> None:
        """Count a record.

        Raises:
            UnreadableRecord: It is no record.
        """
        try:
            judged = record["deduplication"]
            source, verdict = str(record["event"]["source"]), str(judged["verdict"])
            completed_at = datetime.fromisoformat(record["completed_at"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UnreadableRecord(str(error)) from error
        self.documents += 1
        self.sources.add(source)
        self.verdicts.add(verdict)
        self.times.add(completed_at, verdict)
        if verdict != "unique":
            self._duplicate(judged)
        statistics, tagging = record.get("statistics"), record.get("tagging")
        language = None
        if isinstance(statistics, dict):
            language = statistics.get("language")
            self._statistics(statistics)
        if isinstance(tagging, dict):
            language = tagging.get("language") or language
            self._tags(tagging.get("tags") or {})
        self.languages.add(str(language or NOT_ANALYSED))
        for problem in record.get("problems") or ():
            self.problems.add(f"{problem.get('producer')} in {problem.get('stage')}")

    def add_rejection(self, data: Mapping[str, Any]) -> None:
        """Count a rejection, given its `RejectedData`.

        Raises:
            UnreadableRecord: It is no rejection.
        """
        try:
            reason, stage = str(data["reason"]), str(data["stage"])
            rejected_at = datetime.fromisoformat(data["rejected_at"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UnreadableRecord(str(error)) from error
        self.rejections += 1
        self.times.add(rejected_at, "rejected")
        exception = str(data.get("exception") or "")
        key = (reason, stage, exception)
        if key not in self.groups and len(self.groups) >= _MAX_GROUPS:
            key = ("(others)", "", "")
        group = self.groups.setdefault(key, Failures(*key, str(data.get("error") or "")))
        group.count += 1

    def add_not_read(self, place: str, error: str) -> None:
        """Count an input that could not be read."""
        self.not_read += 1
        if len(self.unread) < _MAX_NOT_READ:
            self.unread.append((place, error))

    def _duplicate(self, judged: Mapping[str, Any]) -> None:
        self.decided_by.add(str(judged.get("decided_by") or ""))
        similarity = judged.get("similarity")
        if isinstance(similarity, int | float):
            self.similarity.add(float(similarity))
        original = judged.get("duplicate_of")
        if original:
            self.originals.add(str(original))

    def _statistics(self, statistics: Mapping[str, Any]) -> None:
        self.analysed += 1
        self.words += int(statistics.get("words") or 0)
        for values in self.measures:
            value = values.measure.of(statistics)
            if value is not None:
                values.add(value)
        filters = statistics.get("filters")
        if isinstance(filters, dict):
            self.filtered += 1
            for name, failed in self.failed.items():
                result = filters.get(name)
                if isinstance(result, dict) and not result.get("passed", True):
                    failed.add(str(result.get("failed") or ""))

    def _tags(self, tags: Mapping[str, Any]) -> None:
        more = False
        for name, values in tags.items():
            if name not in self.namespaces and len(self.namespaces) >= _MAX_NAMESPACES:
                more = True
                continue
            namespace = self.namespaces.setdefault(name, Namespace())
            namespace.documents += 1
            if name in _NO_VALUES:
                continue
            if namespace.values is None:
                namespace.values = FrequentValues()
            for value in {str(each.get("value")) for each in values}:
                namespace.values.add(value)
        if more:
            self.more_namespaces += 1
