"""Emoji at the ends of sentences: they belong to the words before them.

UAX #29 gives an emoji behind a full stop to the next sentence, and ends none at an emoji without
one. Messages and posts end sentences both ways.
"""

# ruff: noqa: RUF001 (marks that look like ASCII ones are what is looked for)

import re
from collections.abc import Sequence
from sys import getsizeof
from typing import Final

from fanmill.core.text.abbreviations import Abbreviations
from fanmill.core.text.source_lines import Span

_COMMON: Final = "☺❤♥✨"
"""Emoji beside those that UTF-8 begins with `_LEAD`."""
_LEAD: Final = b"\xf0\x9f"
_WIDE: Final = 4
_FEELING: Final = (
    "\U0001f600-\U0001f64f\U0001f910-\U0001f92f\U0001f970-\U0001f97a\U0001fae0-\U0001faf8"
    "\U0001f44a-\U0001f450\U0001f493-\U0001f49f\U0001f4aa\U0001f4af\U0001f525☺❤♥✨"
    "\U0001f337-\U0001f33c\U0001f380-\U0001f382\U0001f388-\U0001f38a\U0001f3c6\U0001f490\U0001f947"
)
"""Faces, hands, hearts, flowers and prizes, which comment on a sentence. Others may take the place
of a word, or announce the next sentence."""
_ANY: Final = rf"{_FEELING}\U0001f300-\U0001f5ff\U0001f680-\U0001f6ff\U0001f900-\U0001faff"
_RUN: Final = re.compile(
    rf"(?:[{_ANY}][\ufe0f\u200d\u2640\u2642\U0001f3fb-\U0001f3ff]*[ \u00a0]?)+"
)
_OPENING: Final = re.compile(
    "[\U0001f446-\U0001f449\U0001f4cc\U0001f4cd\U0001f4de\U0001f4e7\U0001f4f1\U0001f517\U0001f538-\U0001f53b]"
)
"""Hands that point, pins, telephones and other emoji in front of what they announce."""
_FEELS: Final = re.compile(f"[{_FEELING}]")
_ENDED: Final = re.compile(r"[.!?…。！？।॥؟۔။።][\"”’»)\]」』]{0,2}\Z")
_LAST_WORD: Final = re.compile(r"([^\s,;:()\[\]\"“”«»-]{1,40})[)\]\"”’»]?\Z")
_NEXT: Final = re.compile(r"[\"“„«‘(¿¡「『]?([^\W_]+)")
_LETTER_OR_DIGIT: Final = re.compile(r"[^\W_]")
_SPACES: Final = re.compile(r"\s*")
_LOOKED_BACK: Final = 40
_MAX_ARTICLE: Final = 4
"""Maximum length of a function word in front of an emoji that is a noun (`the 🍕`); longer ones,
such as days of the week, also end sentences."""
_MIN_WORDS: Final = 2
"""Minimum number of words that an emoji ends without a full stop."""
_MIN_UNSPACED: Final = 4
"""Minimum number of characters of such a sentence in a script without spaces."""
_UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")


def has_emoji(prose: str) -> bool:
    """Tell whether a text may have an emoji, without a search of most texts."""
    if prose.isascii():
        return False
    # CPython takes four bytes a character if one is beyond U+FFFF, otherwise fewer.
    if getsizeof(prose) >= _WIDE * len(prose) and _LEAD in prose.encode("utf-8", "surrogatepass"):
        return True
    return any(each in prose for each in _COMMON)


def ends_at_emoji(  # noqa: C901  a case a branch
    prose: str, spans: Sequence[Span], known: Abbreviations
) -> list[Span]:
    """Return sentences that end behind their emoji.

    Lines that begin with an emoji are left as they are: it marks an item.

    Args:
        prose: The prose of a layout.
        spans: The sentences by their marks, in text order.
        known: Abbreviations of the language.
    """
    if not spans:
        return []
    found: list[Span] = []
    number = line = at = 0
    begin, last = spans[0]
    is_item = None
    for run in _RUN.finditer(prose):
        broken = prose.rfind("\n", at, run.start()) + 1
        at = run.start()
        if broken or is_item is None:
            line = max(line, broken)
            is_item = not prose[line:at].strip()
        if is_item or _OPENING.match(run[0]):
            continue
        while number + 1 < len(spans) and spans[number + 1][0] <= at:
            found.append((begin, last))
            number += 1
            begin, last = spans[number]
        if not line <= begin <= at:
            continue
        end = at + len(run[0].rstrip())
        if last <= at:
            last = end
        elif rest := _rest(prose, run.end(), last):
            if begin < at and _ends(prose, begin, run, known):
                found.append((begin, end))
                begin = rest
            elif begin == at and found and found[-1][0] >= line and _FEELS.match(run[0]):
                found[-1] = found[-1][0], end
                begin = rest
    return [*found, (begin, last), *spans[number + 1 :]]


def _rest(prose: str, start: int, end: int) -> int:
    """Return the start of the words behind an emoji in its sentence, 0 without any."""
    word = _LETTER_OR_DIGIT.search(prose, start, end)
    return _SPACES.match(prose, start, end).end() if word else 0  # type: ignore[union-attr]


def _ends(prose: str, begin: int, run: re.Match[str], known: Abbreviations) -> bool:
    """Tell whether an emoji within a sentence ends it."""
    before = prose[max(begin, run.start() - _LOOKED_BACK) : run.start()].rstrip()
    following = _NEXT.match(prose, run.end())
    if following is None or following[1][0].islower():
        return False
    if _ENDED.search(before):
        return True
    feels = _FEELS.match(run[0]) is not None
    last = _LAST_WORD.search(before)
    if last is None or _is_article(last[1], known):
        return False
    if _UNSPACED.match(last[1][-1]):
        return feels and len(before) >= _MIN_UNSPACED
    if len(before.split()) < _MIN_WORDS:
        return False
    return feels or (following[1][0].isupper() and following[1].casefold() in known.starters)


def _is_article(word: str, known: Abbreviations) -> bool:
    """Tell whether a noun follows a word; scripts without capitals end sentences in such words."""
    return (
        len(word) <= _MAX_ARTICLE
        and word.lower() != word.upper()
        and word.casefold() in known.starters
    )
