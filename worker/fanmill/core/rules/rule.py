"""Tag rules of the operator: raw rules of a file, and checked rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import re2

from fanmill.core.rules.comparisons import Comparison


class RuleError(Exception):
    """A rules file is invalid; the message begins with file and line."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(file, line, message)
        self.file = file
        self.line = line
        self.message = message

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class RawRule:
    """A rule of a file, with the lines of its keys."""

    values: Mapping[str, Any]
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, key: str) -> int:
        """Return the line of a key; the rule's first line if it is unknown."""
        return self.lines.get(key, self.line)


@dataclass(frozen=True, slots=True)
class Term:
    """A term that a field must contain.

    Attributes:
        shown: Term as in the file.
        key: Key for look-up: a word, or NUL and the characters of an unbounded term.
        words: Words of a bounded phrase, in order; empty for other terms.
        case: Required spelling; None for any.
    """

    shown: str
    key: str
    words: tuple[str, ...] = ()
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """Terms that must occur within a number of words; of characters, if they are unbounded."""

    terms: tuple[Term, ...]
    within: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A checked rule."""

    number: int
    value: str
    namespace: str
    required: frozenset[str]
    all: tuple[Term, ...]
    any: tuple[Term, ...]
    none: tuple[Term, ...]
    near: tuple[Near, ...]
    regexes: tuple[str, ...]
    where: tuple[Comparison, ...]
    fields: tuple[str, ...]
    score: float
    priority: int
    group: str | None
    reason: str | None
    line: int
    is_plain: bool
    """The rule holds if its required words are present; it has no other condition."""

    def evidence(self) -> Iterator[Term]:
        """Yield the terms whose places in the text are evidence."""
        yield from self.all
        yield from self.any
        for near in self.near:
            yield from near.terms

    def terms(self) -> Iterator[Term]:
        """Yield all terms; the excluded ones come last."""
        yield from self.evidence()
        yield from self.none


@cache
def regex_options() -> Any:
    """Return the options of RE2 for rules: errors are raised, not written to stderr."""
    options = re2.Options()
    options.log_errors = False
    return options
