"""The view of a report: all that its page shows, as plain values.

Every list is bounded, so the page stays small whatever was counted. Called by `page`, and by
`fanmill report --json`, which prints a view.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from fanmill.core.document import Document
from fanmill.report.clusters import ClusterMembers
from fanmill.report.comparisons import Comparison, compare
from fanmill.report.counting import OTHERS, BoundedCounter
from fanmill.report.measures import Values
from fanmill.report.tally import Tally
from fanmill_contracts.catalogue import BY_NAME

RANKS: Final = {"p10": 0.1, "p50": 0.5, "p90": 0.9, "p99": 0.99}
_ROWS: Final = 20
_VALUES: Final = 10
_GROUPS: Final = 20
_COMPARED_CLUSTERS: Final = 5
_FIRST: Final = {"topic": 0, "keyphrase": 1}
"""Namespaces that say what a corpus is about."""

FindTexts = Callable[[set[str]], Mapping[str, Document]]
"""From ids to the documents whose texts are available."""


@dataclass(frozen=True, slots=True)
class Row:
    """A name with its count, and the share of the whole from 0 to 1."""

    name: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class MeasureView:
    """The distribution of a measure."""

    name: str
    title: str
    definition: str
    count: int
    mean: float
    lowest: float
    highest: float
    quantiles: dict[str, float]
    bins: list[Row]
    """Bins by their lower bound; the counts add up to `count`."""


@dataclass(frozen=True, slots=True)
class ClusterView:
    """An original, its first duplicates, and what they share with it if texts are available."""

    cluster: ClusterMembers
    more: int
    """Number of duplicates that are not listed."""
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True)
class NamespaceView:
    """Tags of a namespace; a document counts once for each of its values."""

    name: str
    documents: int
    share: float
    distinct: int | None
    values: list[Row]


@dataclass(frozen=True, slots=True)
class FilterView:
    """A quality filter: documents that pass, and the first criterion that the others fail."""

    name: str
    passed: int
    failed: list[Row]


@dataclass(frozen=True, slots=True)
class FailureView:
    """Rejections with one cause."""

    reason: str
    stage: str
    exception: str
    count: int
    sample: str


@dataclass(frozen=True, slots=True)
class BarView:
    """Documents and rejections of a span of time."""

    start: datetime
    documents: int
    duplicates: int
    rejected: int


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report; `documents` is the sum of the verdicts, the languages, the sources and the bars."""

    subject: str
    made_at: datetime
    documents: int
    analysed: int
    duplicates: int
    rejections: int
    not_read: int
    words: int
    verdicts: list[Row] = field(default_factory=list)
    decided_by: list[Row] = field(default_factory=list)
    languages: list[Row] = field(default_factory=list)
    sources: list[Row] = field(default_factory=list)
    problems: list[Row] = field(default_factory=list)
    measures: list[MeasureView] = field(default_factory=list)
    similarity: MeasureView | None = None
    clusters: list[ClusterView] = field(default_factory=list)
    clusters_are_exact: bool = True
    namespaces: list[NamespaceView] = field(default_factory=list)
    filtered: int = 0
    filters: list[FilterView] = field(default_factory=list)
    failures: list[FailureView] = field(default_factory=list)
    more_failures: int = 0
    """Number of rejections with causes that are not listed."""
    unread: list[tuple[str, str]] = field(default_factory=list)
    bar_width: timedelta = timedelta()
    bars: list[BarView] = field(default_factory=list)


def view_of(
    tally: Tally,
    clusters: Sequence[ClusterMembers],
    find_texts: FindTexts,
    *,
    subject: str,
    made_at: datetime,
) -> ReportView:
    """Return the view of a tally.

    Args:
        tally: The counts.
        clusters: The largest clusters, the largest first.
        find_texts: Finds the texts of a few documents, to compare near duplicates.
        subject: Name of the corpus, such as the name of a file.
        made_at: The time of the report.
    """
    failures = sorted(tally.groups.values(), key=lambda each: (-each.count, each.reason))
    return ReportView(
        subject=subject,
        made_at=made_at,
        documents=tally.documents,
        analysed=tally.analysed,
        duplicates=tally.documents - tally.verdicts.counts["unique"],
        rejections=tally.rejections,
        not_read=tally.not_read,
        words=tally.words,
        verdicts=_rows(tally.verdicts, tally.documents),
        decided_by=_rows(tally.decided_by, tally.decided_by.total),
        languages=_rows(tally.languages, tally.documents),
        sources=_rows(tally.sources, tally.documents),
        problems=_rows(tally.problems, tally.documents),
        measures=[_measure(each) for each in tally.measures if each.distribution.count],
        similarity=_measure(tally.similarity) if tally.similarity.distribution.count else None,
        clusters=_clusters(clusters, find_texts),
        clusters_are_exact=tally.originals.is_exact,
        namespaces=_namespaces(tally),
        filtered=tally.filtered,
        filters=_filters(tally),
        failures=[
            FailureView(each.reason, each.stage, each.exception, each.count, each.sample)
            for each in failures[:_GROUPS]
        ],
        more_failures=sum(each.count for each in failures[_GROUPS:]),
        unread=tally.unread,
        bar_width=timedelta(seconds=tally.times.width_seconds),
        bars=_bars(tally),
    )


def _rows(counter: BoundedCounter, whole: int, number: int = _ROWS) -> list[Row]:
    return [
        Row(name, count, count / whole if whole else 0.0) for name, count in counter.top(number)
    ]


def _measure(values: Values) -> MeasureView:
    distribution, edges = values.distribution, values.measure.edges
    used = [at for at, count in enumerate(values.bins) if count]
    entry = BY_NAME.get(values.measure.name)
    return MeasureView(
        name=values.measure.name,
        title=values.measure.title,
        definition=entry.definition if entry else "",
        count=distribution.count,
        mean=distribution.mean or 0.0,
        lowest=values.lowest or 0.0,
        highest=values.highest or 0.0,
        quantiles={name: distribution.quantile(rank) or 0.0 for name, rank in RANKS.items()},
        bins=[
            Row(_short(edges[at]), values.bins[at], values.bins[at] / distribution.count)
            for at in range(used[0], used[-1] + 1)
        ],
    )


def _short(edge: float) -> str:
    """Return a lower bound in a few characters: `0.5`, `300`, `3k`, `1M`."""
    for unit, name in ((1_000_000, "M"), (1_000, "k")):
        if edge >= unit:
            return f"{edge / unit:g}{name}"
    return f"{edge:g}"


def _clusters(clusters: Sequence[ClusterMembers], find_texts: FindTexts) -> list[ClusterView]:
    pairs = {}
    for cluster in clusters[:_COMPARED_CLUSTERS]:
        near = next((each for each in cluster.members if each.verdict == "near"), None)
        if near is not None:
            pairs[cluster.original] = near.document_id
    texts = find_texts({*pairs, *pairs.values()}) if pairs else {}
    found = []
    for cluster in clusters:
        original, near_id = texts.get(cluster.original), pairs.get(cluster.original)
        document = texts.get(near_id) if near_id is not None else None
        both = original is not None and document is not None
        found.append(
            ClusterView(
                cluster,
                max(0, cluster.duplicates - len(cluster.members)),
                compare(document, original) if both and document and original else None,
            )
        )
    return found


def _namespaces(tally: Tally) -> list[NamespaceView]:
    found = [
        NamespaceView(
            name,
            each.documents,
            each.documents / tally.documents,
            None if each.values is None else each.values.distinct,
            []
            if each.values is None
            else [
                Row(value, count, count / each.documents)
                for value, count in each.values.top(_VALUES)
            ],
        )
        for name, each in tally.namespaces.items()
    ]
    if tally.more_namespaces:
        share = tally.more_namespaces / tally.documents
        found.append(NamespaceView(OTHERS, tally.more_namespaces, share, None, []))
    return sorted(found, key=lambda each: (_FIRST.get(each.name, 2), not each.values, each.name))


def _filters(tally: Tally) -> list[FilterView]:
    if not tally.filtered:
        return []
    return [
        FilterView(name, tally.filtered - failed.total, _rows(failed, tally.filtered))
        for name, failed in tally.failed.items()
    ]


def _bars(tally: Tally) -> list[BarView]:
    return [
        BarView(
            start,
            counts.total() - counts["rejected"],
            counts.total() - counts["rejected"] - counts["unique"],
            counts["rejected"],
        )
        for start, counts in tally.times.bars()
    ]
