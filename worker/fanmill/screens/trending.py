"""Trends and topics: what the documents are about, and in what numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final

from fanmill.core.corpus.aggregate import Aggregate, GroupKey
from fanmill.core.filters.terms import Filter, equal_to
from fanmill.core.trends import needed_history
from fanmill.screens.addresses import search_address
from fanmill.screens.documents import topics_of
from fanmill.screens.reading import Reader
from fanmill.screens.records import newest_records
from fanmill.screens.tables import Column, Row, Table

if TYPE_CHECKING:
    from fanmill.core.trends import Frequency

HOURS: Final = {"2h": 2, "6h": 6, "24h": 24, "3d": 72}
"""Spans of trends, in hours."""
_TERMS: Final = 20
_TOPICS_OF: Final = 1000
_TOPICS: Final = 30
_ROWS: Final = 60
_LANGUAGES: Final = 12
_TRENDS: Final = (
    Column("term", "Term"),
    Column("language", "Language"),
    Column("documents", "Documents", "count", "Documents of the span with the term."),
    Column("of", "Of", "count", "All documents of the span in this language.", wide=True),
    Column("usual", "Usual share", "share", "Share of the documents before."),
    Column("deviations", "Deviations", meaning="Standard deviations above the expectation."),
)
_TOPIC_COLUMNS: Final = (
    Column("topic", "Topic"),
    Column("documents", "Documents", "count"),
    Column("share", "Share", "share"),
)
_CORPUS: Final = (
    Column("source", "Source", "id"),
    Column("language", "Language"),
    Column("documents", "Documents", "count"),
    Column("words", "Words", "count"),
    Column("median", "Median words", "count", wide=True),
    Column("sentence", "Words/sentence", wide=True),
    Column("failed", "Most failed rules", wide=True),
)


def trends_table(reader: Reader, span: str, *, texts: bool = True) -> Table:
    """Return the terms that burst in a span, of all partitions and languages.

    Args:
        reader: The reader.
        span: A key of `HOURS`.
        texts: Whether terms are shown; they come from texts.
    """
    hours, found = HOURS[span], []
    reasons: dict[str, list[Frequency]] = {}
    for partition in reader.partitions:
        trends = partition.wiring.trends
        for language in trends.languages():
            terms = trends.top(language, hours, _TERMS, bursting=True)
            found += [(language, each) for each in terms]
            if not terms and (top := trends.top(language, hours, 1)):
                reasons.setdefault(language, []).append(top[0])
    found.sort(key=lambda each: -each[1].deviation)
    return Table(
        "trends", f"Terms that burst in the last {span}", _TRENDS,
        [_term(language, each) for language, each in found] if texts else [],
        empty=(
            "Terms are hidden by the settings of this console (FANMILL_CONSOLE_TEXT)."
            if not texts
            else f"No term bursts in the last {span}. Terms are counted as documents are tagged "
            "(FANMILL_TRENDS_ENABLED); publish some: fanmill publish FILE."
        ),
        note=_why_none(reasons, span),
    )  # fmt: skip


def _why_none(tops: Mapping[str, Sequence[Frequency]], span: str) -> str:
    """Return why languages have no bursting term: they have few documents, or nothing bursts."""
    known = sorted(name for name, each in tops.items() if all(one.has_history for one in each))
    notes = [f"Nothing bursts in {', '.join(known)}."] if known else []
    young = {
        name: [one for one in each if not one.has_history]
        for name, each in sorted(tops.items())
        if name not in known
    }
    if young:
        counts = ", ".join(
            f"{name} {sum(one.before_documents for one in each):,.0f} of "
            f"{sum(needed_history(one.recent_documents) for one in each):,.0f}"
            for name, each in islice(young.items(), _LANGUAGES)
        )
        more = f" and {len(young) - _LANGUAGES} more" if len(young) > _LANGUAGES else ""
        notes.append(
            f"Too few documents before the last {span} to judge these languages: {counts}{more}."
        )
    return " ".join(notes)


def _term(language: str, each: Frequency) -> Row:
    wanted = Filter((equal_to("lang", language), equal_to("text", each.term)))
    return Row(
        f"{language}/{each.term}",
        (each.term, language, each.recent, each.recent_documents, each.usual_share,
         f"{each.deviation:.1f}"),
        link=search_address(str(wanted)),
    )  # fmt: skip


def topics_table(reader: Reader) -> Table:
    """Return the topics of the newest documents of Redis, the most frequent first."""
    counts: dict[str, int] = {}
    documents = 0
    for record in newest_records(reader, _TOPICS_OF):
        documents += 1
        for topic in topics_of(record):
            counts[topic] = counts.get(topic, 0) + 1
    ordered = sorted(counts, key=lambda topic: (-counts[topic], topic))
    rows = [
        Row(
            topic, (topic, counts[topic], counts[topic] / documents),
            link=search_address(str(Filter((equal_to("topic", topic),)))),
        )
        for topic in ordered[:_TOPICS]
    ]  # fmt: skip
    return Table(
        "topics", f"Topics of the newest {documents:,} documents", _TOPIC_COLUMNS, rows,
        empty="No document has a topic yet. Topics come with the stage tag.",
        more=max(0, len(ordered) - _TOPICS),
    )  # fmt: skip


def corpus_table(reader: Reader, days: int) -> Table:
    """Return sizes and failed rules by source and language, of documents of the last days."""
    begin: date = (datetime.now(UTC) - timedelta(days=days - 1)).date()
    groups: dict[GroupKey, Aggregate] = {}
    for partition in reader.partitions:
        for cell, aggregate in partition.wiring.corpus.aggregates(begin).items():
            groups.setdefault(replace(cell, day=""), Aggregate()).merge(aggregate)
    largest = sorted(groups, key=lambda cell: (-groups[cell].documents, cell))
    return Table(
        "corpus", f"Documents of the last {days} days", _CORPUS,
        [_group(cell, groups) for cell in largest[:_ROWS]],
        empty="No document was counted. They are counted as they are summarized "
        "(FANMILL_CORPUS_ENABLED).",
        more=max(0, len(largest) - _ROWS),
    )  # fmt: skip


def _group(cell: GroupKey, groups: Mapping[GroupKey, Aggregate]) -> Row:
    each = groups[cell]
    words, sentences = each.measures["words"], each.measures["mean_sentence_length"]
    failed = ", ".join(f"{name} {count:,}" for name, count in each.categories.most_common(3))
    wanted = Filter((equal_to("source", cell.source), equal_to("lang", cell.language)))
    mean = sentences.mean
    return Row(
        f"{cell.source} {cell.language}",
        (cell.source, cell.language, each.documents, words.total, words.quantile(0.5),
         None if mean is None else f"{mean:.1f}", failed),
        link=search_address(str(wanted)),
    )  # fmt: skip
