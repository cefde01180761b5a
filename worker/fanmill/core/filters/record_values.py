"""The values of a record that a filter compares, and the passages that it searches. Pure.

Records come as the JSON object that `record_json` writes, read without a model: a store reads
thousands a second.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlsplit

from fanmill.core.filters.matching import KeyValue, matches
from fanmill.core.filters.record_keys import FILTERS, NUMERIC_STATISTICS
from fanmill.core.filters.terms import Filter
from fanmill.core.search_tokens import contains, index_tokens, query_phrase

_ZERO_IF_MISSING: Final = frozenset({"quality", "composition"})
"""Sets whose members are left out of a record when they are 0."""

_FIELDS_OF: Final = {
    set_name: tuple(
        (key, each.field) for key, each in NUMERIC_STATISTICS.items() if each.set == set_name
    )
    for set_name in dict.fromkeys(each.set for each in NUMERIC_STATISTICS.values())
}
"""Key and member of the statistics of each set."""


def record_values(record: Mapping[str, Any], *, tags: bool = True) -> dict[str, KeyValue]:
    """Return the values of all keys of `RECORD_KEYS` but `age` and `text`.

    Args:
        record: The members of a `DocumentResult` as JSON has them.
        tags: Whether to include the key `tag`, of which a record has dozens of values.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: It is no record.
    """
    deduplication = record["deduplication"]
    tagging = record.get("tagging") or {}
    url = record.get("url")
    received = record.get("received_at")
    values: dict[str, KeyValue] = {
        "lang": tagging.get("language"),
        "verdict": deduplication["verdict"],
        "duplicate-of": deduplication.get("duplicate_of"),
        "topic": _topics(tagging.get("tags") or {}),
        "source": record["event"]["source"],
        "site": site_of(url) if url else None,
        "title": record.get("title"),
        "url": url,
        "document": record["document_id"],
        "event": record["event"]["id"],
        "digest": record["text_sha256"],
        "partition": deduplication.get("partition", "all"),
        "script": tagging.get("script"),
        "problems": len(record.get("problems") or ()),
        "completed": milliseconds(record["completed_at"]),
        "received": None if received is None else milliseconds(received),
        "revision": record["revision"],
        "similarity": deduplication.get("similarity"),
        "containment": deduplication.get("containment"),
    }
    if tags:
        values["tag"] = _tags(tagging.get("tags") or {})
    statistics = record.get("statistics")
    if statistics is not None:
        _add_statistics(values, statistics)
    return values


def record_passages(record: Mapping[str, Any]) -> list[str]:
    """Return the texts that are searched: title, summary, and each keyphrase."""
    sentences = (record.get("summary") or {}).get("sentences") or ()
    tags = (record.get("tagging") or {}).get("tags") or {}
    passages = [
        record.get("title") or "",
        "\n".join(each["text"] for each in sentences),
        *(each["value"] for each in tags.get("keyphrase") or ()),
    ]
    return [passage for passage in passages if passage]


def matches_record(wanted: Filter, record: Mapping[str, Any], now_ms: int) -> bool:
    """Return whether a filter with the keys of `RECORD_KEYS` matches a record.

    Args:
        wanted: The filter.
        record: The members of a `DocumentResult` as JSON has them.
        now_ms: The time that ages count to, in ms since 1970.
    """
    passages: list[list[str]] = []

    def found(words: str) -> bool:
        if not passages:
            passages.extend(index_tokens(passage) for passage in record_passages(record))
        return contains(passages, query_phrase(words))

    return matches(wanted, _LazyValues(record, now_ms), found)


class _LazyValues(Mapping[str, KeyValue]):
    """The values of a record, computed when a filter asks for them.

    A store compares thousands of records with a limit on one number.
    """

    def __init__(self, record: Mapping[str, Any], now_ms: int) -> None:
        self._record = record
        self._now_ms = now_ms

    @cached_property
    def _all(self) -> dict[str, KeyValue]:
        values = record_values(self._record)
        completed = values["completed"]
        assert isinstance(completed, int)  # noqa: S101
        values["age"] = max(0, self._now_ms - completed)
        return values

    def __getitem__(self, key: str) -> KeyValue:
        statistic = NUMERIC_STATISTICS.get(key)
        if statistic is None:
            return self._all[key]
        statistics = self._record.get("statistics")
        members = statistics and _members(statistics, statistic.set)
        if members is None:
            raise KeyError(key)
        value: KeyValue = members.get(
            statistic.field, 0 if statistic.set in _ZERO_IF_MISSING else None
        )
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


def _members(statistics: Mapping[str, Any], set_name: str) -> Mapping[str, Any] | None:
    """Return the members of a set; None if it was not computed."""
    return statistics if set_name == "sizes" else statistics.get(set_name)


def site_of(url: str) -> str | None:
    """Return the host of a URL in lower case without `www.`; None without host."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def milliseconds(time: str) -> int:
    """Return an RFC 3339 time as milliseconds since 1970, rounded down."""
    moment = datetime.fromisoformat(time)
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000


def _topics(tags: Mapping[str, Any]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for each in tags.get("topic") or ():
        found[each["value"]] = None
        if each.get("concept"):
            found[each["concept"]] = None
    return tuple(found)


def _tags(tags: Mapping[str, Any]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for namespace, listed in tags.items():
        for each in listed:
            found[each["value"]] = None
            found[f"{namespace}/{each['value']}"] = None
    return tuple(found)


def _add_statistics(values: dict[str, KeyValue], statistics: Mapping[str, Any]) -> None:
    for set_name, fields in _FIELDS_OF.items():
        members = _members(statistics, set_name)
        if members is not None:
            missing = 0 if set_name in _ZERO_IF_MISSING else None
            for key, field in fields:
                values[key] = members.get(field, missing)
    results = statistics.get("filters")
    if results is not None:
        values["failed"] = tuple(
            name for name in FILTERS if not results.get(name, {}).get("passed", True)
        )
