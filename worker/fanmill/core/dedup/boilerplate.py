"""Lines of a text, and which of them to leave out because other documents have them.

A line is known by the hash of its tokens, so that case, white space and
punctuation do not matter. How often a line was seen is the index's knowledge;
this says what follows from it. Called by `fingerprint`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fanmill.core.dedup.shingle import Hashes, Indices, Tokens, mixed

LINES_CONSIDERED: Final = 256
"""Lines of one text that can be boilerplate: the first and the last 128 with
tokens. Headers, navigation and footers stand there; the bound keeps a text of a
million lines from filling the table."""

LABEL_WORDS: Final = 4
LABEL_CHARACTERS: Final = 10
"""Most tokens of a label, in words or in characters of scripts without spaces."""

PROSE_WORDS: Final = 25
PROSE_CHARACTERS: Final = 50
"""Least tokens of a line that holds a paragraph: lines broken at a width are shorter."""

PROSE_SHARE: Final = 0.3
"""Share of the tokens in such lines that makes a text one of paragraphs."""

PROSE_LABEL_WORDS: Final = 12
PROSE_LABEL_CHARACTERS: Final = 30
"""Most tokens of a label in a text of paragraphs: lines of a footer and headlines
of other articles are as long as lines broken at a width, but stand among paragraphs."""

_STEP: Final = np.uint64(0xD1342543DE82EF95)


class Lines(NamedTuple):
    """The lines with tokens of one text.

    hashes: uint64, one a line, at most LINES_CONSIDERED.
    labels: bool, one a line: short, for the text they are in, and without the end
        of a sentence, as menu entries, dates and headings are.
    starts, ends: int64, one a line: line i has tokens starts[i] to ends[i] of
        the text. Tokens of a longer text's middle belong to no line.
    """

    hashes: Hashes
    labels: NDArray[np.bool_]
    starts: Indices
    ends: Indices


NO_LINES: Final = Lines(
    np.empty(0, np.uint64), np.empty(0, np.bool_), np.empty(0, np.int64), np.empty(0, np.int64)
)


def lines_of(tokens: Tokens) -> list[Lines]:
    """Lines of each text of a batch; a text without tokens has none."""
    texts = len(tokens.offsets) - 1
    if len(tokens.hashes) == 0:
        return [NO_LINES] * texts
    changes = np.flatnonzero(tokens.lines[1:] != tokens.lines[:-1]) + 1
    starts = np.concatenate(([0], changes))
    ends = np.append(changes, len(tokens.hashes))
    place = np.arange(len(tokens.hashes)) - np.repeat(starts, ends - starts)
    stepped = tokens.hashes * (place.astype(np.uint64) * _STEP + np.uint64(1))
    hashes = mixed(np.add.reduceat(mixed(stepped), starts))
    edges = np.searchsorted(starts, tokens.offsets)
    prose = np.repeat(_of_paragraphs(tokens, starts, ends, edges), np.diff(edges))
    single = tokens.single[starts]
    most = np.where(
        prose,
        np.where(single, PROSE_LABEL_CHARACTERS, PROSE_LABEL_WORDS),
        np.where(single, LABEL_CHARACTERS, LABEL_WORDS),
    )
    labels = (ends - starts <= most) & ~tokens.closed[tokens.lines[starts]]
    found = []
    edges = edges.tolist()
    for text in range(texts):
        first, stop = edges[text], edges[text + 1]
        base = int(tokens.offsets[text])
        chosen = np.arange(first, stop)
        if len(chosen) > LINES_CONSIDERED:
            half = LINES_CONSIDERED // 2
            chosen = np.concatenate((chosen[:half], chosen[-half:]))
        found.append(
            Lines(hashes[chosen], labels[chosen], starts[chosen] - base, ends[chosen] - base)
        )
    return found


def _of_paragraphs(
    tokens: Tokens, starts: Indices, ends: Indices, edges: Indices
) -> NDArray[np.bool_]:
    """Which texts stand in lines that each hold a paragraph."""
    sizes = ends - starts
    least = np.where(tokens.single[starts], PROSE_CHARACTERS, PROSE_WORDS)
    sums = np.concatenate(([0], np.cumsum(np.where(sizes >= least, sizes, 0))))
    in_paragraphs = sums[edges[1:]] - sums[edges[:-1]]
    texts: NDArray[np.bool_] = in_paragraphs >= PROSE_SHARE * np.diff(tokens.offsets)
    return texts


def kept_tokens(
    lines: Lines, seen: Sequence[int], total: int, *, documents: int, keep: float, labels: bool
) -> NDArray[np.bool_] | None:
    """Which of `total` tokens are the text's own, or None if nothing is left out.

    `seen[i]` is how many earlier documents had line i. Lines seen in `documents`
    or more, and with `labels` all labels, are left out, the shortest first, as
    long as `keep` of the tokens stay: so long lines, which are content more
    often, come back first, and two copies of a text lose the same lines.
    """
    counts = np.asarray(tuple(seen), dtype=np.int64)
    known = np.flatnonzero((counts >= documents) | (lines.labels & labels))
    if len(known) == 0 or total == 0:
        return None
    sizes = (lines.ends - lines.starts)[known]
    order = np.lexsort((lines.hashes[known], sizes))
    spare = total - int(np.ceil(keep * total))
    dropped = known[order][np.cumsum(sizes[order]) <= spare]
    if len(dropped) == 0:
        return None
    mask = np.ones(total, dtype=bool)
    for line in dropped.tolist():
        mask[lines.starts[line] : lines.ends[line]] = False
    return mask
