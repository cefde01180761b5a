"""Names with signs in them, such as `C++`, `AT&T`, `U.S.` and `9/11`, as single words of phrases.

The segmentation of words takes their signs for separators. Nearly all texts have none of them, so
a search for the sign comes first.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

import numpy as np

from fanmill.core.analysis import Analysis
from fanmill.core.taggers.candidate_phrases import BREAK, SPACE
from fanmill.core.taggers.phrase_words import PhraseWords, signed_parts, signed_words
from fanmill.core.text.characters import Integers
from fanmill.core.text.source_lines import Span

_PLUS: Final = re.compile(r"(?<!\w)[A-Za-z]\+\+(?!\w)")
_SHARP: Final = re.compile(r"(?<![\w#])[A-Z]#(?!\w)")
_AND: Final = re.compile(r"(?<!\w)[A-Z]{1,4}&[A-Z]{1,4}(?!\w)")
_SLASH: Final = re.compile(r"(?<![\w/.])[A-Z]{2,6}/[A-Z]{2,6}(?![\w/])")
_DOTTED: Final = re.compile(
    r"(?<![\w.])(?!(?:[AP]\.M|B\.C|A\.D|P\.S)\.)[A-Z]\.(?:[A-Z]\.){1,4}(?!\w)"
)
_INITIAL: Final = re.compile(r"\.(?=[A-Z]\.)")
"""Second character of every dotted name; like the signs, `re` finds it in a tenth of the time of
the name, because a certain character comes first."""
_SIGNS: Final = (
    ("++", re.compile(r"\+\+(?<=[A-Za-z]\+\+)"), _PLUS),
    ("#", re.compile(r"#(?<=[A-Z]#)"), _SHARP),
    ("&", re.compile(r"&(?<=[A-Z]&)[A-Z]"), _AND),
    ("/", re.compile(r"/(?<=[A-Z]/)[A-Z]"), _SLASH),
)
"""Signs, the sign with the letters beside it, and the names with the sign."""


def join_names(kinds: Integers, analysis: Analysis, words: PhraseWords) -> dict[int, int]:
    """Make each name with signs a single word, and return the starts of these words.

    Args:
        kinds: Kinds of the tokens; those of names change.
        analysis: Analysis of the text.
        words: Words of its language.

    Returns:
        For the last token of each name, the offset of its first one.
    """
    prose = analysis.layout.prose
    spans = sorted(_names(prose))
    if not spans:
        return {}
    bounds = analysis.token_bounds
    starts: dict[int, int] = {}
    for start, end in spans:
        first, behind = np.searchsorted(bounds, [start, end])
        last = int(behind)
        if last > len(kinds) or bounds[first] != start:
            continue
        kinds[first:last] = SPACE
        kinds[last - 1] = words.number_of(prose[start:end])
        starts[last - 1] = start
        if prose[end - 1] == "." and last < len(kinds) and _is_end(analysis, end):
            kinds[last] = BREAK
    return starts


def _names(prose: str) -> Iterator[Span]:
    for sign, part, pattern in _SIGNS:
        if sign in prose and part.search(prose):
            yield from (found.span() for found in pattern.finditer(prose))
    yield from _dotted_names(prose)
    if any(sign in prose and part.search(prose) for sign, part in signed_parts().items()):
        yield from (found.span() for found in signed_words().finditer(prose))


def _dotted_names(prose: str) -> Iterator[Span]:
    behind = 0
    for sign in _INITIAL.finditer(prose):
        start = sign.start() - 1
        if start >= behind and (found := _DOTTED.match(prose, start)):
            behind = found.end()
            yield found.span()


def _is_end(analysis: Analysis, end: int) -> bool:
    """Tell whether a sentence ends at a place."""
    sentences = analysis.sentences
    place = bisect_left(sentences, end, key=lambda span: span[1])
    return place < len(sentences) and sentences[place][1] == end
