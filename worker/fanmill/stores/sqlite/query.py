"""From a filter to an expression of the full-text index and conditions on columns. Pure.

Texts, words and times are exact: a condition on a column narrows the records that codes of times
find. Limits with more than two digits leave edges, and tags that are keyphrases are found as
passages; such records are compared with the filter itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from fanmill.core.filters.contradictions import never_matches
from fanmill.core.filters.intervals import Interval, completed_of, interval_of
from fanmill.core.filters.keys import Catalogue
from fanmill.core.filters.matching import TEXT_KEY
from fanmill.core.filters.record_keys import NUMERIC_STATISTICS
from fanmill.core.filters.terms import Condition, Equals, Filter, Term
from fanmill.core.search_tokens import index_tokens, query_phrase
from fanmill.stores.sqlite.facets import (
    END,
    EVERY,
    KEYPHRASE,
    number_token,
    text_token,
    time_token,
)
from fanmill.stores.sqlite.number_codes import codes_within, time_codes_within

INTEGER_KEYS: Final = frozenset(
    {"problems", "revision", "attempts"}
    | {key for key, each in NUMERIC_STATISTICS.items() if each.kind == "integer"}
)


@dataclass(frozen=True, slots=True)
class Query:
    """A filter as the database understands it."""

    sure: str | None
    """Expression of records that match; None: there are none."""
    open: str | None
    """Expression of further records that may match; None: there are none."""
    condition: str
    """Condition on columns of the records, with `?`; empty without."""
    parameters: tuple[int | float, ...]
    """Values of the condition."""
    everything: bool
    """Whether the filter has no term: no expression is needed."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A term as expressions."""

    sure: tuple[str, ...]
    """Records in the union of these meet the term, but for the condition on columns."""
    maybe: tuple[str, ...]
    """Records that meet it are all in the union of these."""
    condition: str = ""
    parameters: tuple[int | float, ...] = ()


@dataclass(frozen=True, slots=True)
class Columns:
    """Keys of a table, and its columns beside the index."""

    known: Catalogue
    """The keys and their kinds."""
    times: Mapping[str, str]
    """Columns of the keys that are times."""
    age_of: str
    """The time from which `age` counts."""
    words: bool
    """Whether the words of texts are in the index."""


def query_of(wanted: Filter, columns: Columns, now_ms: int) -> Query:
    """Return the query of a filter; `now_ms` is the time that ages count to, since 1970."""
    if never_matches(wanted, columns.known):
        return Query(None, None, "", (), everything=False)
    sure_all: list[tuple[str, ...]] = []
    maybe_all: list[tuple[str, ...]] = []
    sure_none: list[str] = []
    maybe_none: list[str] = []
    conditions: list[str] = []
    parameters: list[int | float] = []
    for term in wanted.terms:
        part = _part(term, columns, now_ms)
        if part.condition:
            conditions.append(
                f"NOT coalesce({part.condition}, 0)" if term.negated else part.condition
            )
            parameters += part.parameters
        if term.negated:
            sure_none += part.maybe
            maybe_none += part.sure
        else:
            sure_all.append(part.sure)
            maybe_all.append(part.maybe)
    sure = _expression(sure_all, sure_none)
    maybe = _expression(maybe_all, maybe_none)
    uncertain = sure != maybe
    return Query(
        sure,
        f"({maybe}) NOT ({sure})" if uncertain and maybe and sure else maybe if uncertain else None,
        " AND ".join(conditions),
        tuple(parameters),
        not wanted.terms,
    )


def _expression(all_of: Iterable[tuple[str, ...]], none_of: list[str]) -> str | None:
    unions = []
    for union in all_of:
        if not union:
            return None
        unions.append(_union(union))
    found = " AND ".join(unions) or _quoted(EVERY)
    return f"({found}) NOT {_union(none_of)}" if none_of else found


def _union(expressions: Iterable[str]) -> str:
    return f"({' OR '.join(dict.fromkeys(expressions))})"


def _part(term: Term, columns: Columns, now_ms: int) -> _Part:
    key = term.key
    if key is None or key == TEXT_KEY:
        if not columns.words:
            return _Part((), (_quoted(EVERY),))
        found = tuple(filter(None, map(_phrase, term.conditions)))
        return _Part(found, found)
    kind = columns.known[key].kind
    if key == "tag":
        return _tags([str(_value(each)) for each in term.conditions])
    if kind == "text":
        found = tuple(_quoted(text_token(key, str(_value(each)))) for each in term.conditions)
        return _Part(found, found)
    intervals = [interval_of(each) for each in term.conditions]
    if kind == "number":
        return _numbers(key, intervals)
    if kind == "duration":
        key, intervals = columns.age_of, [completed_of(each, now_ms) for each in intervals]
    return _times(key, columns.times[key], intervals, negated=term.negated)


def _tags(values: Iterable[str]) -> _Part:
    """Return tags by their tokens, and keyphrases by the passages that they are.

    A passage is found without regard to case; the records are then compared with the filter.
    """
    sure: list[str] = []
    passages: list[str] = []
    for value in values:
        sure.append(_quoted(text_token("tag", value)))
        for phrase in {value, value.removeprefix(f"{KEYPHRASE}/")}:
            tokens = index_tokens(phrase)
            if tokens:
                passages.append(_quoted(" ".join((END, *tokens, END))))
    return _Part(tuple(sure), (*sure, *passages))


def _numbers(key: str, intervals: Iterable[Interval]) -> _Part:
    sure: list[str] = []
    edges: list[str] = []
    for interval in intervals:
        codes = codes_within(interval, integers=key in INTEGER_KEYS)
        sure += [_quoted(number_token(key, code)) for code in codes.inside]
        edges += [_quoted(number_token(key, code)) for code in codes.edges]
    edges = [edge for edge in edges if edge not in sure]
    return _Part(tuple(sure), (*sure, *edges))


def _times(key: str, column: str, intervals: Iterable[Interval], *, negated: bool) -> _Part:
    sure: list[str] = []
    edges: list[str] = []
    conditions: list[str] = []
    parameters: list[int | float] = []
    for interval in intervals:
        codes = time_codes_within(interval)
        sure += [_quoted(time_token(key, code)) for code in codes.inside]
        edges += [_quoted(time_token(key, code)) for code in codes.edges]
        sides = []
        if interval.low is not None:
            sides.append(f"{column} {'>=' if interval.low_included else '>'} ?")
            parameters.append(_bounded(interval.low))
        if interval.high is not None:
            sides.append(f"{column} {'<=' if interval.high_included else '<'} ?")
            parameters.append(_bounded(interval.high))
        conditions.append(" AND ".join(sides) or f"{column} IS NOT NULL")
    # The column decides: records that only an edge finds are no guesses.
    found = tuple(sure) if negated else (*sure, *edges)
    return _Part(found, found, f"({' OR '.join(conditions)})", tuple(parameters))


def _bounded(value: float) -> int | float:
    """Return a number that SQLite can hold, on the same side of all times."""
    return max(-(2**62), min(2**62, value))


def _phrase(condition: Condition) -> str:
    phrase = query_phrase(str(_value(condition)))
    if not phrase.tokens:
        return ""
    return _quoted(" ".join(phrase.tokens)) + (" *" if phrase.open_end else "")


def _value(condition: Condition) -> object:
    assert isinstance(condition, Equals)  # noqa: S101
    return condition.value


def _quoted(tokens: str) -> str:
    return f'"{tokens}"'
