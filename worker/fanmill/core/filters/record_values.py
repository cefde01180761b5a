"""The values of a record that a filter compares, and the passages that it searches. Pure.

Records come as the JSON object that `record_json` writes, read without a model: a store reads
thousands a second.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from fanmill.core.filters.matching import matches
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


def record_values(record: Mapping[str, Any]) -> dict[str, str | float | tuple[str, ...] | None]:
    """Return the values of all keys of `RECORD_KEYS` but `age` and `text`.

    Args:
        record: The members of a `DocumentResult` as JSON has them.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: It is no record.
    """
    deduplication = record["deduplication"]
    tagging = record.get("tagging") or {}
    url = record.get("url")
    received = record.get("received_at")
    values: dict[str, str | float | tuple[str, ...] | None] = {
        "lang": tagging.get("language"),
        "verdict": deduplication["verdict"],
        "duplicate-of": deduplication.get("duplicate_of"),
        "topic": _topics(tagging.get("tags") or {}),
        "tag": _tags(tagging.get("tags") or {}),
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
    values = record_values(record)
    completed = values["completed"]
    assert isinstance(completed, int)  # noqa: S101
    values["age"] = max(0, now_ms - completed)
    passages = [index_tokens(passage) for passage in record_passages(record)]
    return matches(wanted, values, lambda words: contains(passages, query_phrase(words)))


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


def _add_statistics(
    values: dict[str, str | float | tuple[str, ...] | None], statistics: Mapping[str, Any]
) -> None:
    for set_name, fields in _FIELDS_OF.items():
        members = statistics if set_name == "sizes" else statistics.get(set_name)
        if members is not None:
            missing = 0 if set_name in _ZERO_IF_MISSING else None
            for key, field in fields:
                values[key] = members.get(field, missing)
    results = statistics.get("filters")
    if results is not None:
        values["failed"] = tuple(
            name for name in FILTERS if not results.get(name, {}).get("passed", True)
        )
