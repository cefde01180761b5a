"""A document: its record in reading order, and its way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import to_json

from fanmill.core.filters.terms import Filter, equal_to
from fanmill.core.text.escapes import escape_json_lines
from fanmill.ops.trace_answer import Trace
from fanmill.screens.addresses import address, search_address
from fanmill.screens.comparison import Comparison, compare
from fanmill.screens.reading import Reader
from fanmill.screens.records import FoundRecord, Record, find_record
from fanmill.screens.whereabouts import Step, open_steps, record_steps, trace
from fanmill_contracts.catalogue import CATALOGUE

_FROM_THE_TEXT: Final = ("title", "summary")
"""Members of a record that repeat its text."""
_VOCABULARIES: Final = frozenset({"language", "topic"})
"""Namespaces of tags whose values are not taken from the text."""
_MEANINGS: Final = {each.name: each.definition for each in CATALOGUE}
_SHOWN_SPANS: Final = 5


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the extract: its place in characters, and in parts of the text (0 to 1)."""

    text: str
    start: int
    end: int
    begin: float | None
    length: float | None


@dataclass(frozen=True, slots=True)
class Chip:
    """A tag: its value, its score, its evidence, and the search for its like."""

    value: str
    score: float
    evidence: str
    link: str


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document for a screen.

    Attributes:
        id: Its id.
        found: Its stored state.
        trace: Its whereabouts now.
        partition: Number of its partition; None where there is one.
        sentences: Its extract.
        tags: Chips by namespace.
        statistics: Name, value and meaning of each statistic, by set.
        failed: Published filters that it fails, with the criterion.
        steps: The way of the event of its record.
        newest: The way of a newer event, or of its only one.
        cluster: Address of its cluster; empty if it repeats nothing.
        comparison: Difference to its original.
        raw: Its record as JSON; empty without one.
        raw_without_texts: The same without what repeats the text.
    """

    id: str
    found: FoundRecord
    trace: Trace
    partition: int | None
    sentences: Sequence[Sentence]
    tags: Mapping[str, Sequence[Chip]]
    statistics: Mapping[str, Sequence[tuple[str, Any, str]]]
    failed: Sequence[tuple[str, str]]
    steps: Sequence[Step]
    newest: Sequence[Step]
    cluster: str
    comparison: Comparison | None
    raw: str
    raw_without_texts: str

    @property
    def record(self) -> Record | None:
        """Its record."""
        return self.found.record


def document(reader: Reader, document_id: str) -> DocumentView | None:
    """Return a document; None if no record of it is stored and nothing is in work."""
    found = find_record(reader, document_id)
    number, whereabouts = trace(reader, document_id)
    record = found.record
    if record is None and whereabouts.kind != "document":
        return None
    statistics = dict((record or {}).get("statistics") or {})
    filters = statistics.pop("filters", None) or {}
    judged = (record or {}).get("deduplication") or {}
    original = judged.get("duplicate_of")
    comparison = None
    if original is not None and original != document_id:
        other = find_record(reader, original).record
        comparison = compare(reader, document_id, original, record, other)
    return DocumentView(
        id=document_id,
        found=found,
        trace=whereabouts,
        partition=number if len(reader.partitions) > 1 else None,
        sentences=list(_sentences(record or {})),
        tags=_tags(record or {}),
        statistics=_measured(statistics),
        failed=[
            (name, str(each.get("failed") or ""))
            for name, each in filters.items()
            if not each.get("passed", True)
        ],
        steps=[] if record is None else record_steps(record),
        newest=[] if whereabouts.state == "complete" else open_steps(whereabouts, number),
        cluster=address("clusters", original or document_id) if record is not None else "",
        comparison=comparison,
        raw="" if record is None else _json(record),
        raw_without_texts="" if record is None else _json(_without_texts(record)),
    )


def _sentences(record: Record) -> Iterator[Sentence]:
    characters = (record.get("statistics") or {}).get("characters")
    for each in (record.get("summary") or {}).get("sentences") or ():
        start, end = each["start"], each["end"]
        yield Sentence(
            each["text"],
            start,
            end,
            start / characters if characters else None,
            (end - start) / characters if characters else None,
        )


def _tags(record: Record) -> dict[str, list[Chip]]:
    tagging = record.get("tagging") or {}
    producers = tagging.get("producers") or ()
    found: dict[str, list[Chip]] = {}
    for namespace, tags in (tagging.get("tags") or {}).items():
        found[namespace] = [
            Chip(each["value"], each["score"], _evidence(each, producers), _like(namespace, each))
            for each in tags
        ]
    return found


def _like(namespace: str, tag: Mapping[str, Any]) -> str:
    if namespace == "language":
        term = equal_to("lang", tag["value"])
    elif namespace == "topic":
        term = equal_to("topic", tag["value"])
    else:
        term = equal_to("tag", f"{namespace}/{tag['value']}")
    return search_address(str(Filter((term,))))


def _evidence(tag: Mapping[str, Any], producers: Sequence[Mapping[str, Any]]) -> str:
    facts = [f"score {tag['score']} ({tag.get('score_kind', 'heuristic')})"]
    number = tag.get("producer", 0)
    if number < len(producers):
        facts.append(f"by {producers[number]['name']} {producers[number]['version']}")
    if tag.get("concept"):
        facts.append(f"concept {tag['concept']}")
    spans = tag.get("spans") or ()
    if spans:
        more = f" and {len(spans) - _SHOWN_SPANS:,} more" if len(spans) > _SHOWN_SPANS else ""
        places = ", ".join(f"{start:,}-{end:,}" for start, end in spans[:_SHOWN_SPANS])
        facts.append(f"characters {places}{more}")
    if tag.get("reason"):
        facts.append(str(tag["reason"]))
    return " · ".join(facts)


def _measured(statistics: Mapping[str, Any]) -> dict[str, list[tuple[str, Any, str]]]:
    found: dict[str, list[tuple[str, Any, str]]] = {}
    for name, value in statistics.items():
        if isinstance(value, dict):
            rows = found.setdefault(name, [])
            rows += [
                (inner, each, _MEANINGS.get(f"{name}.{inner}", "")) for inner, each in value.items()
            ]
        else:
            row = (name, value, _MEANINGS.get(f"sizes.{name}", ""))
            found.setdefault("sizes", []).append(row)
    return {name: rows for name, rows in found.items() if rows}


def _without_texts(record: Record) -> Record:
    kept = {name: value for name, value in record.items() if name not in _FROM_THE_TEXT}
    tagging = kept.get("tagging")
    if tagging and tagging.get("tags"):
        tags = {name: tags for name, tags in tagging["tags"].items() if name in _VOCABULARIES}
        kept["tagging"] = {**tagging, "tags": _without_reasons(tags)}
    return kept


def _without_reasons(tags: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    return {
        name: [{key: value for key, value in each.items() if key != "reason"} for each in listed]
        for name, listed in tags.items()
    }


def shown_tags(view: DocumentView, *, texts: bool) -> Mapping[str, Sequence[Chip]]:
    """Return the tags of a document, without those that repeat its text if texts are hidden."""
    if texts:
        return view.tags
    return {name: chips for name, chips in view.tags.items() if name in _VOCABULARIES}


def _json(record: Mapping[str, Any]) -> str:
    return escape_json_lines(to_json(record, indent=2).decode())
