"""Breaks between phrases that the words alone do not show: markup, repetition, pieces of words."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from fanmill.core.analysis import Analysis
from fanmill.core.taggers.candidate_phrases import BREAK, HYPHEN, SPACE, WORDS
from fanmill.core.taggers.letter_forms import letter_spans
from fanmill.core.text.characters import Integers

_BEHIND_NOUNS: Final = frozenset(
    {"for", "of", "on", "in", "are", "were", "is", "was", "and", "or", "by", "have", "has", "had"}
    | {"from", "with", "at", "that", "who", "which"}
)
"""Words behind a noun rather than behind a verb."""


_DATELINE: Final = re.compile(
    r"^[ \t]*[A-ZÀ-Þ][A-ZÀ-Þ .'-]{2,30}(?:,\s[\w. ]{2,24})?\s?"
    r"(?:\([\w ]{2,20}\)\s?)?(?:--?|[\u2013\u2014:])\s",
    re.MULTILINE,
)
"""Place of a report in capitals, and its agency: `RAPID CITY, S.D. (AP) -`."""
_HEAD: Final = 1_000
"""Code points at the start of a text in which a dateline is looked for."""
_NUMBER_BITS: Final = 31
"""Bits for the number of a word; two of them fit into 64 bits."""
_MAX_DIGITS: Final = 3
"""Maximum number of digits behind a name; four are a year."""


def break_markup(kinds: Integers, analysis: Analysis) -> None:
    """Set the tokens in markup, datelines, forms of letters and outside the body to BREAK."""
    text = analysis.document.text
    datelines = (found.span() for found in _DATELINE.finditer(analysis.layout.prose, 0, _HEAD))
    spans = (*analysis.markup, *analysis.furniture, *datelines, *letter_spans(text))
    if not spans:
        return
    ends = analysis.token_bounds[1:]
    for start, end in spans:
        first, last = ends.searchsorted([start, end - 1], side="right")
        if text[start] == "&":  # an entity may be a letter of the words beside it
            first -= start > 0 and text[start - 1].isalnum()
            last += end < len(text) and text[end].isalnum()
        kinds[first : last + 1] = BREAK


def break_repetitions(kinds: Integers) -> None:
    """Set a word directly behind the same word to BREAK, so that its repetition is no phrase."""
    words = ((kinds != SPACE) & (kinds != HYPHEN)).nonzero()[0]
    values = kinds[words]
    for period in (1, 2):
        if len(values) > 2 * period:
            again = (values[period:] == values[:-period]) & (values[period:] >= WORDS)
            if period > 1:
                # Two words in turn, such as `buy now buy now`.
                again &= np.concatenate((again[1:], [False])) | np.concatenate(
                    ([False], again[:-1])
                )
                again &= values[period:] != values[period - 1 : -1]
            if again.any():
                starts = words[period:][again]
                kinds[starts[::period] if period > 1 else starts] = BREAK


def break_numbers(
    kinds: Integers, is_number: npt.NDArray[np.bool_], token: Callable[[int], str]
) -> None:
    """Set numbers to BREAK except directly behind a hyphen and a word, as in `COVID-19`.

    A number of up to three digits stays behind a capitalised word that it follows again, as in
    `Windows 11`.
    """
    at = is_number.take(kinds, mode="clip").nonzero()[0]
    if not len(at):
        return
    framed = np.concatenate(([BREAK, BREAK], kinds))
    behind_word = (framed[at] >= WORDS) & ~is_number.take(framed[at], mode="clip")
    behind_name = (framed[at + 1] == HYPHEN) & behind_word
    spaced = (behind_word & (framed[at + 1] == SPACE)).nonzero()[0]
    if len(spaced) > 1:
        pairs = framed[at[spaced]] << _NUMBER_BITS | kinds[at[spaced]]
        # A dict takes a third of the time of `np.unique`: a text has few such pairs.
        listed = pairs.tolist()
        counts = Counter(listed)
        for place, pair in zip(spaced.tolist(), listed, strict=True):
            if counts[pair] == 1:
                continue
            name = token(int(at[place]) - 2)
            number = token(int(at[place]))
            behind_name[place] = name != name.lower() and (
                len(number) <= _MAX_DIGITS or "." in number
            )
    kinds[at[~behind_name]] = BREAK


def break_pieces(kinds: Integers) -> None:
    """Set a word to BREAK if a hyphen joins it to a stop word: it is a piece of another word."""
    hyphens = (kinds == HYPHEN).nonzero()[0]
    if not len(hyphens):
        return
    framed = np.concatenate(([BREAK], kinds, [BREAK]))
    before, behind = framed[hyphens], framed[hyphens + 2]
    kinds[hyphens[(before >= WORDS) & (behind == BREAK)] - 1] = BREAK
    kinds[hyphens[(before == BREAK) & (behind >= WORDS)] + 1] = BREAK


def break_headlines(
    kinds: Integers, is_verb: npt.NDArray[np.bool_], token: Callable[[int], str]
) -> None:
    """Set a verb to BREAK between a name and more words, as in `Ito backs plan`."""
    for at in is_verb.take(kinds, mode="clip").nonzero()[0].tolist():
        is_between = 1 < at < len(kinds) - 2 and kinds[at - 1] == kinds[at + 1] == SPACE
        if (
            is_between
            and kinds[at - 2] >= WORDS
            and token(at - 2)[0].isupper()
            and token(at).islower()
            and token(at + 2)[0].isalnum()
            and token(at + 2) not in _BEHIND_NOUNS
        ):
            kinds[at] = BREAK
