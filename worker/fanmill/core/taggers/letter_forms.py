"""Greetings and sign-offs of letters, which name no subject of the text.

Only short lines near both ends of a text are examined: long texts cost no more than letters.
"""

# ruff: noqa: RUF001 (full-width signs end greetings, too)

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from fanmill.core.text.labels import alternatives, labels
from fanmill.core.text.source_lines import Span

_HEAD: Final = 1_000
"""Code points at the start in which a greeting is looked for; a mail's headers come first."""
_TAIL: Final = 1_500
"""Code points at the end in which a sign-off is looked for; a signature may follow it."""
_LINES: Final = 16
"""Maximum number of lines examined at each end; lists and columns have many short ones."""
_LONGEST: Final = 60
"""Maximum number of code points in such a line."""
_COMMA: Final = re.compile(r"[,،，、]")
_AROUND: Final = " \t\r.!-–—。！"
_GREETING_ENDS: Final = (",", "!", ":", "،", "，", "！", "：")


def letter_spans(text: str) -> Iterator[Span]:
    """Yield the spans of the words of greetings and sign-offs, without the names beside them.

    `text` has its line breaks; in prose, a sign-off and the name below it may be one line.
    """
    if "\n" not in text:
        return
    for start, line in _short_lines(text[:_HEAD].split("\n", _LINES)[:_LINES], 0):
        if line.strip(_AROUND).casefold() in _greetings():
            yield start, start + len(line)
        elif line.rstrip().endswith(_GREETING_ENDS) and (found := _greeting().match(line)):
            yield start, start + found.end()
    last = text[-_TAIL:].rstrip().rsplit("\n", _LINES)[-_LINES:]
    behind = len(text.rstrip()) - len("\n".join(last))
    for start, line in _short_lines(last, behind):
        said = _COMMA.split(line, maxsplit=1)[0]
        if said.strip(_AROUND).casefold() in _closings():
            yield start, start + len(said)


def _short_lines(lines: list[str], at: int) -> Iterator[tuple[int, str]]:
    """Yield the short lines among consecutive ones, with their places; the first is at `at`."""
    for line in lines:
        if 1 < len(line) <= _LONGEST:
            yield at, line
        at += len(line) + 1


@cache
def _closings() -> frozenset[str]:
    return frozenset(word.casefold() for word in labels("closing"))


@cache
def _greetings() -> frozenset[str]:
    return frozenset(word.casefold() for word in labels("greeting"))


@cache
def _greeting() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{alternatives('greeting')})(?!\w)", re.IGNORECASE)
