"""The table of documents: a search by the filter language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from time import time
from typing import Any, Final

from pydantic_core import from_json

from fanmill.core.filters import Filter, FilterError, parse_filter
from fanmill.core.filters.record_keys import RECORD_KEYS
from fanmill.core.filters.record_values import matches_record, milliseconds
from fanmill.core.filters.terms import written
from fanmill.screens.addresses import document_address, search_address
from fanmill.screens.reading import Reader
from fanmill.screens.records import Record, newest_records
from fanmill.screens.tables import Column, Row, Table

PAGE: Final = 50
"""Rows of a page."""
REDIS_SEARCHED: Final = 1000
"""Newest results of Redis that are searched without a store."""
_CAP: Final = 10_000
_SUGGESTED: Final = 40
_TITLE: Final = Column("title", "Title", meaning="Title of the producer, or the document id.")
_COLUMNS: Final = (
    Column("document", "Document", "id"),
    Column("language", "Language"),
    Column("verdict", "Verdict", meaning="Whether it repeats an earlier document."),
    Column("topics", "Topics", wide=True),
    Column("words", "Words", "count"),
    Column("completed", "Completed", "moment"),
)


@dataclass(frozen=True, slots=True)
class Search:
    """A search for documents and its first or next page.

    Attributes:
        query: The filter as it was given.
        records: The records of the page, the newest first.
        total: Number of matches in words, such as `10,000+ documents`; empty on later pages.
        newer: Address of the first page, if this is a later one.
        older: Address of the next page, if there may be one.
        fault: The fault of the filter, and the known keys.
        position: Offset of the fault in the filter.
        note: Remark on what was searched.
        suggestions: Values by key, for completion.
    """

    query: str
    records: Sequence[Record] = ()
    total: str = ""
    newer: str = ""
    older: str = ""
    fault: str = ""
    position: int = 0
    note: str = ""
    suggestions: dict[str, list[str]] = field(default_factory=dict)


def search(reader: Reader, query: str, before: int | None = None) -> Search:
    """Return the documents that match a filter, from positions below `before`."""
    try:
        wanted = parse_filter(query, RECORD_KEYS)
    except FilterError as error:
        return Search(
            query, fault=error.problem, position=error.position,
            suggestions=suggestions(reader, ()),
        )  # fmt: skip
    if reader.has_store:
        return _of_store(reader, query, wanted, before)
    return _of_redis(reader, query, wanted)


def _of_store(reader: Reader, query: str, wanted: Filter, before: int | None) -> Search:
    found = reader.store.search(wanted, before=before, limit=PAGE + 1)
    page = found[:PAGE]
    records = [from_json(each.result_json) for each in page]
    total = ""
    if before is None:
        # A page that is not full has been counted already.
        count, capped = len(page), False
        if len(found) > PAGE:
            counted = reader.store.count(wanted, cap=_CAP)
            count, capped = max(counted.count, PAGE), counted.capped
        total = f"{count:,}{'+' if capped else ''} document{'s' if count != 1 else ''}"
    return Search(
        query, records, total,
        newer=search_address(query) if before is not None else "",
        older=search_address(query, page[-1].position) if len(found) > PAGE else "",
        suggestions=suggestions(reader, records),
    )  # fmt: skip


def _of_redis(reader: Reader, query: str, wanted: Filter) -> Search:
    now_ms = int(time() * 1000)
    newest = newest_records(reader, REDIS_SEARCHED)
    matching = (each for each in newest if matches_record(wanted, each, now_ms))
    records = list(islice(matching, PAGE))
    return Search(
        query, records,
        note=(
            f"These are of the newest {REDIS_SEARCHED:,} results of Redis: no store is "
            "configured. A store keeps and searches all: set FANMILL_STORE_URL and run fanmill "
            "sink (or fanmill up --data)."
        ),
        suggestions=suggestions(reader, records),
    )  # fmt: skip


def documents_table(found: Search, *, texts: bool) -> Table:
    """Return the rows of a search.

    Args:
        found: The search.
        texts: Whether titles are shown.
    """
    empty = (
        "No document matches. Remove a term, or see the keys above."
        if found.query
        else "No document is complete yet. Publish some: fanmill publish FILE. "
        "fanmill status tells what waits."
    )
    if not found.query and not found.note:
        empty += " A store is filled by fanmill sink."
    return Table(
        "documents",
        found.total or "Documents",
        (_TITLE, Column("document", "Document", "id", wide=True), *_COLUMNS[1:])
        if texts
        else _COLUMNS,
        [_row(each, texts=texts) for each in found.records],
        empty="" if found.fault else empty,
        note=found.note,
    )


def _row(record: Record, *, texts: bool) -> Row:
    tagging = record.get("tagging") or {}
    document_id = record["document_id"]
    statistics = record.get("statistics")
    values: tuple[Any, ...] = (
        document_id,
        tagging.get("language"),
        record["deduplication"]["verdict"],
        ", ".join(topics_of(record)),
        None if statistics is None else statistics.get("words", 0),
        milliseconds(record["completed_at"]),
    )
    if texts:
        values = (record.get("title") or document_id, *values)
    return Row(document_id, values, link=document_address(document_id))


def topics_of(record: Record) -> list[str]:
    """Return the topics of a record."""
    tags = (record.get("tagging") or {}).get("tags") or {}
    return [each["value"] for each in tags.get("topic") or ()]


def suggestions(reader: Reader, records: Iterable[Record]) -> dict[str, list[str]]:
    """Return values for keys of filters: all of a key with few, else those that occur here."""
    listed = list(records)
    seen: dict[str, Iterable[Any]] = {
        "lang": (
            *(each for one in reader.partitions for each in one.wiring.trends.languages()),
            *((each.get("tagging") or {}).get("language") for each in listed),
        ),
        "topic": (topic for each in listed for topic in topics_of(each)),
        "source": (each["event"]["source"] for each in listed),
        "script": ((each.get("tagging") or {}).get("script") for each in listed),
        "age": ("<1h", "<1d", "<7d"),
        "words": (">500", "<50", "100..500"),
        "problems": (">0",),
        "similarity": (">0.9", "<0.9"),
    }
    found: dict[str, list[str]] = {}
    for name, key in RECORD_KEYS.items():
        values = key.choices or dict.fromkeys(
            each if key.kind != "text" else written(each) for each in seen.get(name, ()) if each
        )
        if values:
            found[name] = sorted(values)[:_SUGGESTED] if not key.choices else list(values)
    return found
