"""Sentences that no summary begins with, if it can be avoided.

A sentence that begins with `he` or `however` needs the one before it. A short sentence alone on its
line is a heading with a full stop, a reference number or the like. The data is `openings.toml`.
"""

# ruff: noqa: RUF001 (marks that look like ASCII ones are what is looked for)

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from fanmill.core.text.body import UNSPACED
from fanmill.core.text.labels import alternatives
from fanmill.core.text.source_lines import Span

MAX_LEFT_OUT: Final = 3
"""Maximum number of sentences before the first one of a summary; with more, the text is told this
way."""
_MIN_WORDS: Final = 4
"""Minimum number of words in a line of prose of a single sentence."""
_MIN_UNSPACED: Final = 9
"""The same in code points, in scripts without spaces."""
_MIN_LEFT: Final = 2
"""Minimum number of sentences behind a heading that is left out."""
_LOOKED_AT: Final = 60
_CAPTION: Final = re.compile(
    rf"(?:{alternatives('figure')})\s?\d{{1,3}}(?:[.-]\d{{1,2}})?[a-z]?\s?[.:：–—|。]\s?\S",
    re.IGNORECASE,
)
"""The caption of a figure or table: `Fig. 3. The old pier.`"""

_FILE: Final = Path(__file__).with_name("openings.toml")
_STOPS: Final = ".。।။።"
_QUOTES: Final = "\"'“”„‘’«»‹›「『*_ "


def from_opening(
    text: str, prose: str, language: str, spans: Sequence[Span], room: int
) -> Sequence[Span]:
    """Return the sentences from the first one that a summary may begin with.

    If that is not among the first ones, only headings are left out. No other sentence is
    left out that has room in the summary together with all others.

    Args:
        text: The text.
        prose: The prose of its layout.
        language: ISO 639-1 code of the language.
        spans: Sentences in text order.
        room: Maximum number of sentences of the summary.
    """
    heads = 0
    for number, span in enumerate(spans[: MAX_LEFT_OUT + 1]):
        left = len(spans) - number - 1
        if _is_head(text, prose, span):
            if left < min(room, _MIN_LEFT):
                return spans
            heads += heads == number
        elif not needs_context(text[span[0] : span[1]], language):
            return spans[number:]
        elif left < room:
            break
    return spans[heads:] if heads <= MAX_LEFT_OUT else spans


def needs_context(sentence: str, language: str) -> bool:
    """Tell whether a sentence begins with a pronoun or a word that connects it with another."""
    pattern = _pattern(language)
    return pattern is not None and (
        pattern.match(sentence[:_LOOKED_AT].lstrip(_QUOTES).casefold()) is not None
    )


def _is_head(text: str, prose: str, span: Span) -> bool:
    """Tell whether a sentence is short and alone on its line, or the caption of a figure."""
    start, end = span
    said = text[start:end]
    if _CAPTION.match(said):
        return begins_line(prose, start)
    if said[-1] not in _STOPS or len(said) > _LOOKED_AT or len(said.split()) >= _MIN_WORDS:
        return False
    if len(said) >= _MIN_UNSPACED and UNSPACED.search(said):
        return False
    behind = prose[end : end + _LOOKED_AT].lstrip(" ")
    return begins_line(prose, start) and behind[:1] in {"", "\n"}


def begins_line(prose: str, start: int) -> bool:
    """Tell whether only an indent is before a place on its line."""
    return prose[max(0, start - _LOOKED_AT) : start].rstrip(" ")[-1:] in {"", "\n"}


@cache
def _pattern(language: str) -> re.Pattern[str] | None:
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    for kind, edge in (("spaced", r"(?!\w)"), ("unspaced", "")):
        if language in tables[kind]:
            words = (each.strip().casefold() for each in tables[kind][language].split(","))
            longest = sorted(filter(None, words), key=len, reverse=True)
            return re.compile(f"(?:{'|'.join(map(re.escape, longest))}){edge}")
    return None
