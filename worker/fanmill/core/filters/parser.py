"""From the text of a filter to its terms.

filter    = term *(space term)            all must hold
term      = ["-"] (key ":" value *("," value) | word)
value     = [operator] item | item ".." item
operator  = "<" | "<=" | ">" | ">="
item      = quoted | characters without space, comma and quote
quoted    = '"' characters, with backslash before '"' and backslash '"'
"""

import re
from typing import Final, NoReturn

from fanmill.core.filters.errors import FilterError
from fanmill.core.filters.keys import Catalogue, Key, known_keys
from fanmill.core.filters.terms import (
    Compares,
    Condition,
    Equals,
    Filter,
    Operator,
    Term,
    Value,
    Within,
)
from fanmill.core.filters.values import ORDERED, UnreadableValue, read_value

MAX_CHARACTERS: Final = 4096
MAX_TERMS: Final = 100

_SPACE: Final = re.compile(r"\s*")
_KEY: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_.-]*):", re.ASCII)
_OPERATOR: Final = re.compile(r"[<>]=?")
_OPERATORS: Final[dict[str, Operator]] = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}
_ITEM: Final = re.compile(r'[^\s,"]+')
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
_ESCAPED: Final = re.compile(r'\\(["\\])')


def parse_filter(text: str, known: Catalogue, *, words: bool = True) -> Filter:
    """Return the filter that a text describes; one without terms for an empty text.

    Args:
        text: At most 4,096 characters with at most 100 terms.
        known: Keys that the filter may name.
        words: Whether words without a key are allowed.

    Raises:
        FilterError: It cannot be read, or names an unknown key or value.
    """
    if len(text) > MAX_CHARACTERS:
        raise FilterError(
            text, MAX_CHARACTERS, f"longer than the limit of {MAX_CHARACTERS:,} characters"
        )
    return _Parser(text, known, words=words).filter()


class _Parser:
    """A position in the text of a filter."""

    def __init__(self, text: str, known: Catalogue, *, words: bool) -> None:
        self._text = text
        self._known = known
        self._words = words
        self._at = 0

    def filter(self) -> Filter:
        terms: list[Term] = []
        while self._skip_space():
            if len(terms) == MAX_TERMS:
                self._fail(f"more than {MAX_TERMS} terms")
            terms.append(self._term())
        return Filter(tuple(terms))

    def _skip_space(self) -> bool:
        self._take(_SPACE)
        return self._at < len(self._text)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._text, self._at)
        if found:
            self._at = found.end()
        return found

    def _fail(self, problem: str, at: int | None = None) -> NoReturn:
        raise FilterError(self._text, self._at if at is None else at, problem)

    def _term(self) -> Term:
        negated = self._text.startswith("-", self._at)
        self._at += negated
        start = self._at
        found = self._take(_KEY)
        if found is None:
            return self._word(negated=negated)
        name = found[1]
        key = self._known.get(name)
        if key is None:
            self._fail(f"unknown key {name[:60]!r}; {known_keys(self._known, name)}", start)
        conditions = [self._condition(name, key)]
        while self._text.startswith(",", self._at):
            self._at += 1
            conditions.append(self._condition(name, key))
        self._end_of_term()
        return Term(name, tuple(conditions), negated)

    def _word(self, *, negated: bool) -> Term:
        start = self._at
        word, _ = self._item("a word")
        if not self._words:
            known = known_keys(self._known)
            self._fail(f"{word[:60]!r} has no key; expected key:value; {known}", start)
        self._end_of_term()
        return Term(None, (Equals(word),), negated)

    def _end_of_term(self) -> None:
        if self._at < len(self._text) and not self._text[self._at].isspace():
            self._fail(f"{self._text[self._at]!r} after a value; expected a space")

    def _condition(self, name: str, key: Key) -> Condition:
        start = self._at
        operator = self._take(_OPERATOR)
        if operator and key.kind not in ORDERED:
            self._fail(
                f"{name} is a text and takes no comparison; quote a value with {operator[0]}", start
            )
        begin = self._at
        item, quoted = self._item(f"a value for {name}")
        if operator:
            return Compares(_OPERATORS[operator[0]], self._value(item, key, begin))
        low, dots, high = item.partition("..")
        if dots and not quoted and key.kind in ORDERED:
            first = self._value(low, key, begin)
            return Within(first, self._value(high, key, begin + len(low) + len(dots)))
        if key.kind == "duration":
            self._fail(f"{name} needs a comparison, such as {name}:>1h", start)
        return Equals(self._value(item, key, begin))

    def _item(self, expected: str) -> tuple[str, bool]:
        if self._text.startswith('"', self._at):
            quoted = self._take(_QUOTED)
            if quoted is None:
                self._fail('quotes without end, or a backslash before neither " nor \\')
            return _ESCAPED.sub(r"\1", quoted[1]), True
        found = self._take(_ITEM)
        if found is None:
            self._fail(f"expected {expected}")
        return found[0], False

    def _value(self, item: str, key: Key, at: int) -> Value:
        try:
            return read_value(item, key)
        except UnreadableValue as error:
            self._fail(str(error), at)
