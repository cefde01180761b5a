"""One rule of an operator: as the file has it, and checked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import re2

from fanmill.core.rules.comparisons import Comparison


class RuleError(Exception):
    """Something in a rules file is not as it must be; the text begins with file and line."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(file, line, message)
        self.file = file
        self.line = line
        self.message = message

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class RawRule:
    """A rule as the file has it, with the lines of its keys."""

    values: Mapping[str, Any]
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, key: str) -> int:
        """Return where a key stands; the rule's first line where that is not known."""
        return self.lines.get(key, self.line)


@dataclass(frozen=True, slots=True)
class Term:
    """What must stand in a field.

    Attributes:
        shown: As the file has it.
        key: What is looked up: a word, or the characters of an unbounded term behind NUL.
        words: Of a bounded phrase of several words, in order; else empty.
        case: The spelling that must stand there; None for any.
    """

    shown: str
    key: str
    words: tuple[str, ...] = ()
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """Terms of which an occurrence each stands within so many words (characters if unbounded)."""

    terms: tuple[Term, ...]
    within: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One checked rule."""

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
    """Whether it holds as soon as its required words stand there."""

    def evidence(self) -> Iterator[Term]:
        """Yield the terms whose places in the text are evidence."""
        yield from self.all
        yield from self.any
        for near in self.near:
            yield from near.terms

    def terms(self) -> Iterator[Term]:
        """Yield all terms, those that must not stand there last."""
        yield from self.evidence()
        yield from self.none


@cache
def regex_options() -> Any:
    """Return how RE2 reads the patterns of rules: errors are raised, not written to stderr."""
    options = re2.Options()
    options.log_errors = False
    return options
