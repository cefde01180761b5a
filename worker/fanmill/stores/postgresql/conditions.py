"""Filters over records and rejections as conditions of SQL.

`core.filters.matching` is the definition: a term without value holds for nothing, and its negation
for everything.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from fanmill.core.filters import Filter, Term
from fanmill.core.filters.contradictions import never_matches
from fanmill.core.filters.intervals import Interval, completed_of, interval_of
from fanmill.core.filters.record_keys import RECORD_KEYS
from fanmill.core.filters.rejection_keys import REJECTION_KEYS
from fanmill.core.filters.terms import Condition, Equals
from fanmill.core.search_tokens import query_phrase
from fanmill.stores.postgresql.columns import KEY_COLUMNS, time_of
from fanmill.stores.postgresql.rows import plain
from fanmill.stores.postgresql.search_terms import (
    NUMBER_TERMS,
    TEXT_TERMS,
    range_terms,
    text_query,
    text_term,
)

REJECTION_COLUMNS: Final = {
    "reason": "reason",
    "stage": "stage",
    "source": "source",
    "group": "failure_group",
    "document": "document_id",
    "event": "event_id",
    "attempts": "attempts",
    "rejected": "rejected_at",
}
"""Columns of rejections by key."""

_TIMES: Final = {"completed": "completed_at", "received": "received_at"}
_ARRAYS: Final = {"topic": "topics", "failed": "failed"}
_FOUND: Final = frozenset({*TEXT_TERMS, *NUMBER_TERMS})
_ORDERED: Final = frozenset({"document", "duplicate-of", "age", "completed", "received"})
"""Keys with an index of their own."""


@dataclass(slots=True)
class Where:
    """Conditions that must all hold, with their values.

    Attributes:
        sql: Condition for `WHERE`; `TRUE` without any.
        values: Values of its placeholders.
        walk_sql: The same condition without what only leads to an index: it reads less of a row.
        walk_values: Values of its placeholders.
        indexed: Whether an index can name the rows: not for negations alone.
        words: Whether words must be found.
        tags: Whether tags must be compared.
        nothing: Whether its terms exclude each other.
    """

    parts: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    indexed: bool = False
    words: bool = False
    tags: bool = False
    nothing: bool = False
    walk_parts: list[str] = field(default_factory=list)
    walk_values: list[Any] = field(default_factory=list)

    @property
    def sql(self) -> str:
        """The conditions, joined."""
        return " AND ".join(self.parts) or "TRUE"

    @property
    def walk_sql(self) -> str:
        """The conditions of a walk, joined."""
        return " AND ".join(self.walk_parts) or "TRUE"

    def add(self, sql: str, *values: Any, for_index: bool = False) -> None:
        """Add a condition; `for_index`: others imply it, and it leads to an index."""
        self.parts.append(sql)
        self.values += values
        if not for_index:
            self.walk_parts.append(sql)
            self.walk_values += values


def record_where(wanted: Filter, now_ms: int) -> Where:
    """Return a filter over records as a condition on `fanmill_records`."""
    where = Where(nothing=never_matches(wanted, RECORD_KEYS))
    for each in wanted.terms:
        sql, values = _record_term(each, now_ms)
        if each.negated:
            where.add(f"({sql}) IS NOT TRUE", *values)
            continue
        key = each.key or "text"
        if key in _FOUND:
            # Comparing terms is quicker than comparing tags, and slower than any other column.
            terms = _terms(key, each.conditions)
            where.add("terms && %s::int[]", terms, for_index=key != "tag")
        where.words = where.words or key == "text"
        where.tags = where.tags or key == "tag"
        where.indexed = where.indexed or key in _FOUND or key in _ORDERED or key == "text"
        where.add(f"({sql})", *values)
    return where


def rejection_where(wanted: Filter, now_ms: int) -> Where:
    """Return a filter over rejections as a condition on `fanmill_rejections`."""
    where = Where()
    for each in wanted.terms:
        sql, values = _rejection_term(each, now_ms)
        where.add(f"({sql})" + (" IS NOT TRUE" if each.negated else ""), *values)
    return where


def _terms(key: str, conditions: Sequence[Condition]) -> list[int]:
    if RECORD_KEYS[key].kind == "text":
        return [text_term(key, _text(each)) for each in conditions]
    numbers = [number for each in conditions for number in range_terms(key, interval_of(each))]
    return list(dict.fromkeys(numbers))


def _record_term(each: Term, now_ms: int) -> tuple[str, list[Any]]:
    """Return a term without its negation as SQL that may be NULL."""
    key = each.key or "text"
    if key == "text":
        queries = [text_query(query_phrase(_text(one))) for one in each.conditions]
        known = [query for query in queries if query]
        return " OR ".join(["tokens @@ %s::tsquery"] * len(known)) or "FALSE", list(known)
    if key == "tag":
        names = [_text(one) for one in each.conditions]
        return _TAGGED, [names, names]
    if key in _ARRAYS:
        return f"{_ARRAYS[key]} && %s::text[]", [[_text(one) for one in each.conditions]]
    if key == "age":
        times = [completed_of(interval_of(one), now_ms) for one in each.conditions]
        return _in_intervals("completed_at", times, time_of)
    return _column_term(key, each.conditions)


def _column_term(key: str, conditions: Sequence[Condition]) -> tuple[str, list[Any]]:
    if RECORD_KEYS[key].kind == "text":
        return f"{KEY_COLUMNS[key]} = ANY(%s::text[])", [[_text(one) for one in conditions]]
    intervals = [interval_of(one) for one in conditions]
    if key in _TIMES:
        return _in_intervals(_TIMES[key], intervals, time_of)
    return _in_intervals(KEY_COLUMNS[key], intervals)


_TAGGED: Final = """EXISTS (SELECT 1 FROM unnest(tags) AS tag
WHERE tag = ANY(%s::text[]) OR substr(tag, strpos(tag, '/') + 1) = ANY(%s::text[]))"""


def _rejection_term(each: Term, now_ms: int) -> tuple[str, list[Any]]:
    if each.key is None:
        words = [_text(one).casefold() for one in each.conditions]
        return " OR ".join(["strpos(folded_error, %s) > 0"] * len(words)), list(words)
    if each.key == "age":
        times = [completed_of(interval_of(one), now_ms) for one in each.conditions]
        return _in_intervals("rejected_at", times, time_of)
    column = REJECTION_COLUMNS[each.key]
    kind = REJECTION_KEYS[each.key].kind
    if kind == "text":
        return f"{column} = ANY(%s::text[])", [[_text(one) for one in each.conditions]]
    convert = time_of if kind == "time" else None
    return _in_intervals(column, [interval_of(one) for one in each.conditions], convert)


def _in_intervals(
    column: str,
    intervals: Sequence[Interval],
    convert: Callable[[float], datetime] | None = None,
) -> tuple[str, list[Any]]:
    choices: list[str] = []
    values: list[Any] = []
    for each in intervals:
        limits: list[str] = []
        for limit, included, sign in (
            (each.low, each.low_included, ">"),
            (each.high, each.high_included, "<"),
        ):
            if limit is not None:
                limits.append(f"{column} {sign}{'=' if included else ''} %s")
                values.append(convert(limit) if convert else limit)
        choices.append(" AND ".join(limits) or f"{column} IS NOT NULL")
    return " OR ".join(f"({choice})" for choice in choices), values


def _text(condition: Condition) -> str:
    assert isinstance(condition, Equals)  # noqa: S101 - the parser refuses others
    return plain(str(condition.value))
