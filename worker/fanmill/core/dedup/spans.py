"""Shared spans: the sentences that two texts have in common, with their places in both.

Sentences are compared as the tokens of fingerprints: after folding, without punctuation and white
space. Nothing is estimated. Called by `core.shared_text`, which finds the sentences.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fanmill.core.dedup.codepoints import CHARACTER, NEWLINE, WORD
from fanmill.core.dedup.normalise import fold, normalise

Span = tuple[int, int]
"""Start and end in code points of a text; the end is behind the last one."""

MAX_SPANS: Final = 1_000
"""Maximum number of shared spans that are returned unless the caller wants another."""

_BREAKS: Final = str.maketrans(dict.fromkeys("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", " "))
_SPACE: Final = 32


@dataclass(frozen=True, slots=True)
class SharedSpan:
    """A run of sentences that two texts share, as long as possible.

    Offsets count code points. Both slices have the same tokens.
    """

    start: int
    end: int
    other_start: int
    other_end: int
    sentences: int
    """Number of shared sentences in the run, at least 1."""


@dataclass(frozen=True, slots=True)
class SharedSpans:
    """The spans that two texts share, in the order of the first text."""

    spans: tuple[SharedSpan, ...]
    sentences: int
    """Sentences of the first text that have a token."""
    other_sentences: int
    shared_sentences: int
    """Number of shared sentences, each counted once in each text."""
    left_out: int = 0
    """Number of spans beyond the maximum; the longest are kept."""

    def swapped(self) -> SharedSpans:
        """Return the same spans with the texts exchanged."""
        spans = sorted(
            (
                SharedSpan(each.other_start, each.other_end, each.start, each.end, each.sentences)
                for each in self.spans
            ),
            key=lambda each: each.start,
        )
        return SharedSpans(
            tuple(spans), self.other_sentences, self.sentences, self.shared_sentences, self.left_out
        )


def shared_spans(
    text: str,
    other: str,
    sentences: Sequence[Span],
    other_sentences: Sequence[Span],
    *,
    maximum: int = MAX_SPANS,
) -> SharedSpans:
    """Return what two texts share, in time almost linear in their lengths.

    A sentence is matched at most once: with k copies in one text and n in the other, the smaller
    number is shared. Sentences that occur once are matched first; repeated ones then continue
    such runs where they can, and the rest are matched in order. Exchanging the texts exchanges
    the result. Texts that are equal after normalisation share a single span of all; empty texts
    share none. Nothing raises.

    Args:
        text: Any text.
        other: The text to compare it with.
        sentences: Spans of the first text's sentences, in order and without overlap. Text
            between them is compared as well.
        other_sentences: Spans of the other text's sentences.
        maximum: Maximum number of spans in the result.
    """
    if (len(other), other) < (len(text), text):
        exchanged = shared_spans(other, text, other_sentences, sentences, maximum=maximum)
        return exchanged.swapped()
    first, second = _units(text, sentences), _units(other, other_sentences)
    if text and other and (text == other or normalise(text) == normalise(other)):
        number = max(1, min(len(first.keys), len(second.keys)))
        whole = SharedSpan(0, len(text), 0, len(other), number)
        return SharedSpans((whole,), len(first.keys), len(second.keys), number)
    partners = _partners(first.keys, second.keys)
    runs = _runs(partners)
    found = [
        SharedSpan(
            first.spans[at][0],
            first.spans[at + size - 1][1],
            second.spans[there][0],
            second.spans[there + size - 1][1],
            size,
        )
        for at, there, size in runs
    ]
    kept = found
    if len(found) > maximum:
        longest = sorted(found, key=lambda each: (each.start - each.end, each.start))[:maximum]
        kept = sorted(longest, key=lambda each: each.start)
    return SharedSpans(
        tuple(kept),
        len(first.keys),
        len(second.keys),
        sum(size for _, _, size in runs),
        len(found) - len(kept),
    )


@dataclass(frozen=True, slots=True)
class _Units:
    """Sentences, and parts between them, that have a token."""

    spans: list[Span]
    keys: list[str]
    """The tokens of each unit, with single spaces between them."""


def _units(text: str, sentences: Sequence[Span]) -> _Units:
    spans = list(_covering(len(text), sentences))
    keys = _keys([text[start:end] for start, end in spans])
    kept = [(span, key) for span, key in zip(spans, keys, strict=True) if key]
    return _Units([span for span, _ in kept], [key for _, key in kept])


def _covering(length: int, sentences: Iterable[Span]) -> Iterable[Span]:
    """Yield the sentences and the parts between them, in order."""
    at = 0
    for start, end in sentences:
        if start > at:
            yield at, start
        yield start, end
        at = end
    if at < length:
        yield at, length


def _keys(parts: Sequence[str]) -> list[str]:
    """Return the tokens of each part as a text; "" for a part without tokens.

    All parts are folded in one call: no character combines with another across a line end.
    """
    if not parts:
        return []
    joined = "\n".join(part.translate(_BREAKS) for part in parts)
    codes, kinds, _ = fold(joined)
    wide = codes.astype("<u4")
    wide[(kinds != WORD) & (kinds != CHARACTER) & (kinds != NEWLINE)] = _SPACE
    wide[kinds == NEWLINE] = ord("\n")
    single = np.flatnonzero(kinds == CHARACTER)
    if len(single):
        # A character of a script without spaces is a token; spaces of the text do not matter.
        wide = np.insert(wide, np.concatenate((single, single + 1)), _SPACE)
    folded = wide.tobytes().decode("utf-32-le", "surrogatepass")
    return [" ".join(filter(None, line.split(" "))) for line in folded.split("\n")]


class _Matching:
    """Pairs of equal units; each unit has at most one partner."""

    def __init__(self, first: Sequence[str], second: Sequence[str]) -> None:
        self._first = first
        self._second = second
        self.forth: dict[int, int] = {}
        """Unit of the second text by its partner in the first."""
        self._back: dict[int, int] = {}

    def add(self, at: int, there: int) -> None:
        """Match two units, and all equal ones before and behind them that are free."""
        self._extend(at, there, 1)
        self._extend(at - 1, there - 1, -1)

    def add_repeated(self, here: Iterable[int], there: Iterable[int]) -> None:
        """Match the free units of one key in order."""
        partners = iter(there)
        for at in here:
            if at in self.forth:
                continue
            partner = next((each for each in partners if each not in self._back), None)
            if partner is None:
                return
            self.add(at, partner)

    def _extend(self, at: int, there: int, step: int) -> None:
        while (
            0 <= at < len(self._first)
            and 0 <= there < len(self._second)
            and at not in self.forth
            and there not in self._back
            and self._first[at] == self._second[there]
        ):
            self.forth[at], self._back[there] = there, at
            at, there = at + step, there + step


def _partners(first: Sequence[str], second: Sequence[str]) -> dict[int, int]:
    """Return the units of the second text by those of the first that they are matched with."""
    places: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, keys in enumerate((first, second)):
        for at, key in enumerate(keys):
            places[key][side].append(at)
    matching = _Matching(first, second)
    for here, there in places.values():
        if len(here) == len(there) == 1:
            matching.add(here[0], there[0])
    for here, there in places.values():
        matching.add_repeated(here, there)
    return matching.forth


def _runs(partners: dict[int, int]) -> list[tuple[int, int, int]]:
    """Return runs of neighbours in both texts: place in the first, in the second, and length."""
    runs: list[tuple[int, int, int]] = []
    for at in sorted(partners):
        there = partners[at]
        if runs:
            start, other_start, size = runs[-1]
            if start + size == at and other_start + size == there:
                runs[-1] = (start, other_start, size + 1)
                continue
        runs.append((at, there, 1))
    return runs
