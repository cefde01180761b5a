"""Furniture of a page: lines outside the body, which name no subject of the document."""

from collections.abc import Sequence
from typing import Final

from fanmill.core.text.body import UNSPACED, lines_of
from fanmill.core.text.notices import is_notice
from fanmill.core.text.source_lines import Span

_MIN_HEADLINE_WORDS: Final = 4
_MIN_HEADLINE_LENGTH: Final = 8
"""Minimum number of words, or of code points in scripts without spaces, in a headline."""


def furniture_spans(text: str, body: Sequence[Span]) -> list[Span]:
    """Return the spans outside a body that name no subject, in text order.

    A headline precedes the body, so a line of at least four words there is kept unless it is a
    notice. In scripts without spaces, eight code points take the place of four words.

    Args:
        text: The text.
        body: Its body; a text without one is furniture as a whole.
    """
    found: list[Span] = []
    at = 0
    for number, (start, end) in enumerate((*body, (len(text), len(text)))):
        for line in lines_of(text[at:start]) if text[at:start].strip() else ():
            begin, behind = at + line[0], at + line[1]
            if number or not body or not _is_headline(text[begin:behind]):
                found.append((begin, behind))
        at = end
    return found


def _is_headline(line: str) -> bool:
    sizes = len(line.split()), len(UNSPACED.findall(line))
    enough = sizes[0] >= _MIN_HEADLINE_WORDS or sizes[1] >= _MIN_HEADLINE_LENGTH
    return enough and not is_notice(line)
