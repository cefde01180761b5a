"""The parts of a filter. `str` of each gives text that reads as the same filter."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from fanmill.core.entry_ids import rfc3339

_PLAIN: Final = re.compile(r"[A-Za-z0-9_/.@][A-Za-z0-9_/.@-]*", re.ASCII)
_UNITS_MS: Final = {
    "w": 604_800_000,
    "d": 86_400_000,
    "h": 3_600_000,
    "m": 60_000,
    "s": 1000,
    "ms": 1,
}
"""Units of durations in ms, the largest first."""

DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A length of time."""

    ms: int

    def __str__(self) -> str:
        for unit, ms in _UNITS_MS.items():
            if self.ms and self.ms % ms == 0:
                return f"{self.ms // ms}{unit}"
        return "0s"


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or a second of it, in UTC."""

    start_ms: int
    """Begin, in ms since 1970."""
    span_ms: int
    """86,400,000 for a day, 1,000 for a second."""

    @property
    def end_ms(self) -> int:
        """Return the end, which is no part of it."""
        return self.start_ms + self.span_ms

    def __str__(self) -> str:
        text = rfc3339(self.start_ms)
        return text[:10] if self.span_ms == DAY_MS else f"{text[:19]}Z"


Value = str | int | float | Duration | Moment
Operator = Literal["<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Equals:
    """The value itself."""

    value: Value

    def __str__(self) -> str:
        return written(self.value)


@dataclass(frozen=True, slots=True)
class Compares:
    """All values on one side of a limit."""

    operator: Operator
    value: Value

    def __str__(self) -> str:
        return f"{self.operator}{written(self.value)}"


@dataclass(frozen=True, slots=True)
class Within:
    """All values from `low` to `high`, both included."""

    low: Value
    high: Value

    def __str__(self) -> str:
        return f"{written(self.low)}..{written(self.high)}"


Condition = Equals | Compares | Within


@dataclass(frozen=True, slots=True)
class Term:
    """A key with conditions of which one must hold, or a word to search for."""

    key: str | None
    """None for a word, which is the value of the only condition."""
    conditions: tuple[Condition, ...]
    negated: bool = False

    def __str__(self) -> str:
        values = ",".join(map(str, self.conditions))
        return f"{'-' if self.negated else ''}{f'{self.key}:' if self.key else ''}{values}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Terms that must all hold; without terms everything matches."""

    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))


def equal_to(key: str, value: str) -> Term:
    """Return the term that a key has a text as its value."""
    return Term(key, (Equals(value),))


def written(value: Value) -> str:
    """Return a value as a filter writes it: text in quotes unless it is plain."""
    if not isinstance(value, str) or _PLAIN.fullmatch(value):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
