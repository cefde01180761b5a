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
_LONGEST: Final = 60
"""Maximum number of code points in such a line."""
_COMMA: Final = re.compile(r"[,،，、]")
_AROUND: Final = " \t\r.!-–—。！"
_GREETING_ENDS: Final = (",", "!", ":", "،", "，", "！", "：")


def letter_spans(prose: str) -> Iterator[Span]:
    """Yield the spans of the words of greetings and sign-offs, without the names beside them."""
    if "\n" not in prose:
        return
    for start, line in _short_lines(prose[:_HEAD], 0):
        if line.rstrip().endswith(_GREETING_ENDS) and (found := _greeting().match(line)):
            yield start, start + found.end()
    behind = max(len(prose) - _TAIL, 0)
    for start, line in _short_lines(prose[behind:], behind):
        said = _COMMA.split(line, maxsplit=1)[0]
        if said.strip(_AROUND).casefold() in _closings():
            yield start, start + len(said)


def _short_lines(part: str, at: int) -> Iterator[tuple[int, str]]:
    """Yield the short lines of a part with their places in the text, where the part is at `at`."""
    for line in part.split("\n"):
        if 1 < len(line) <= _LONGEST:
            yield at, line
        at += len(line) + 1


@cache
def _closings() -> frozenset[str]:
    return frozenset(word.casefold() for word in labels("closing"))


@cache
def _greeting() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{alternatives('greeting')})(?!\w)", re.IGNORECASE)
