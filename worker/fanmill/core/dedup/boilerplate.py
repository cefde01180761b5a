"""Boilerplate: lines of a text that are ignored because earlier documents have them, too.

A line is identified by the hash of its tokens, so case, white space and punctuation do not matter.
The index counts the documents with each line; this module decides which lines to ignore.
`fingerprint` calls it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fanmill.core.dedup.normalise import fold
from fanmill.core.dedup.plain_letters import plain_text
from fanmill.core.dedup.shingle import Hashes, Indices, Tokens, mixed, tokenise

LINES_CONSIDERED: Final = 256
"""Maximum number of lines that can be boilerplate: the first and the last 128 with tokens, which
hold headers, navigation and footers. A text of a million lines cannot fill the table."""

LABEL_WORDS: Final = 4
LABEL_CHARACTERS: Final = 10
"""Maximum number of tokens in a label, in words or in characters of scripts without spaces."""

PROSE_WORDS: Final = 25
PROSE_CHARACTERS: Final = 50
"""Minimum number of tokens in a line that holds a paragraph; wrapped lines are shorter."""

PROSE_SHARE: Final = 0.3
"""Minimum share of tokens in such lines; then the text has a paragraph on each line."""

PROSE_LABEL_WORDS: Final = 12
PROSE_LABEL_CHARACTERS: Final = 30
"""Maximum number of tokens in a label among paragraphs: footers and headlines of other articles
are as long as wrapped lines."""

MIN_FIELDS: Final = 3
"""Minimum number of lines with a name and a value in a form, such as an invoice."""

MAIL_FIELDS: Final = (
    "from to cc bcc subject date sent reply von an gesendet betreff datum kopie de à objet envoyé "
    "para asunto fecha enviado assunto data da a oggetto inviato van aan onderwerp verzonden od do "
    "temat wysłano från till ämne skickat fra til emne sendt dato lähettäjä vastaanottaja aihe "
    "от кому тема дата отправлено від komu předmět feladó címzett tárgy kimden kime konu tarih "
    "发 收 主 抄 日 时 差 宛 件 送 보낸 받는 제목 날짜 من إلى الموضوع التاريخ"
)
"""First words of the fields of a mail's header, which differ between copies of a mail."""

_STEP: Final = np.uint64(0xD1342543DE82EF95)


class Lines(NamedTuple):
    """Lines of a text that have tokens, up to LINES_CONSIDERED.

    hashes: uint64, a hash for each line.
    labels: bool, for each line: it is short for its text and ends no sentence, as menu entries,
        dates and headings.
    starts, ends: int64: line i has the tokens starts[i] to ends[i] of the text. Tokens in the
        middle of a long text belong to no line.
    form: the text has fields, such as those of an invoice, which are no labels.
    """

    hashes: Hashes
    labels: NDArray[np.bool_]
    starts: Indices
    ends: Indices
    form: bool = False


NO_LINES: Final = Lines(
    np.empty(0, np.uint64), np.empty(0, np.bool_), np.empty(0, np.int64), np.empty(0, np.int64)
)


def lines_of(tokens: Tokens) -> list[Lines]:
    """Return the lines of each text in a batch; a text without tokens has none."""
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
    forms = _keep_fields(labels, tokens, starts, edges)
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
            Lines(
                hashes[chosen],
                labels[chosen],
                starts[chosen] - base,
                ends[chosen] - base,
                bool(forms[text]),
            )
        )
    return found


def _keep_fields(
    labels: NDArray[np.bool_], tokens: Tokens, starts: Indices, edges: Indices
) -> NDArray[np.bool_]:
    """Make the fields of forms no labels, and return for each text whether it is a form.

    The values of a form tell it from another one, as its paragraphs do not.
    """
    fields = labels & tokens.fields[tokens.lines[starts]]
    places = np.flatnonzero(fields)
    if len(places) < MIN_FIELDS:
        return np.zeros(len(edges) - 1, np.bool_)
    known = _mail_fields()
    first = tokens.hashes[starts[places]]
    at = np.minimum(np.searchsorted(known, first), len(known) - 1)
    fields[places[known[at] == first]] = False
    sums = np.concatenate(([0], np.cumsum(fields)))
    forms: NDArray[np.bool_] = sums[edges[1:]] - sums[edges[:-1]] >= MIN_FIELDS
    labels &= ~(fields & np.repeat(forms, np.diff(edges)))
    return forms


@cache
def _mail_fields() -> Hashes:
    return np.sort(tokenise([plain_text(fold(MAIL_FIELDS))], with_lines=False).hashes)


def _of_paragraphs(
    tokens: Tokens, starts: Indices, ends: Indices, edges: Indices
) -> NDArray[np.bool_]:
    """Return for each text: it has a paragraph on each line."""
    sizes = ends - starts
    least = np.where(tokens.single[starts], PROSE_CHARACTERS, PROSE_WORDS)
    sums = np.concatenate(([0], np.cumsum(np.where(sizes >= least, sizes, 0))))
    in_paragraphs = sums[edges[1:]] - sums[edges[:-1]]
    texts: NDArray[np.bool_] = in_paragraphs >= PROSE_SHARE * np.diff(tokens.offsets)
    return texts


MAX_LINE_TOKENS: Final = 0x7FFF
"""Maximum number of tokens that a line of a fingerprint counts."""


@dataclass(frozen=True, slots=True)
class LineUse:
    """The lines of a text as a fingerprint used them; all three have an entry for each line.

    Without boilerplate detection all three are empty.
    """

    hashes: bytes = b""
    """Hashes of the lines in the order of the text, 8 bytes each, big-endian."""
    sizes: tuple[int, ...] = ()
    """Number of tokens of each line."""
    left_out: tuple[bool, ...] = ()
    """The line is not part of the content: it is boilerplate or a label."""

    def shared_shingles(
        self, seen: Sequence[int], documents: int, shingle_tokens: int, *, content: bool
    ) -> int:
        """Return the number of shingles inside lines that earlier documents have, too.

        Neighbouring lines make one run, and a run of n tokens has n - shingle_tokens + 1 shingles.

        Args:
            seen: Number of earlier documents with each line.
            documents: Minimum number of them.
            shingle_tokens: Number of tokens in a shingle.
            content: Count the lines of the content alone, otherwise all lines.
        """
        shingles = run = 0
        for size, left_out, count in zip(self.sizes, self.left_out, seen, strict=True):
            if content and left_out:
                continue
            if count >= documents:
                run += size
            else:
                shingles += max(0, run - shingle_tokens + 1)
                run = 0
        return shingles + max(0, run - shingle_tokens + 1)


def line_use(lines: Lines, left_out: Indices) -> LineUse:
    """Return the lines of a text as a fingerprint used them, without the given numbers."""
    dropped = np.zeros(len(lines.hashes), dtype=bool)
    dropped[left_out] = True
    return LineUse(
        lines.hashes.astype(">u8").tobytes(),
        tuple(np.minimum(lines.ends - lines.starts, MAX_LINE_TOKENS).tolist()),
        tuple(dropped.tolist()),
    )


def left_out_lines(
    lines: Lines, seen: Sequence[int], total: int, *, documents: int, keep: float, labels: bool
) -> NDArray[np.int64]:
    """Return the numbers of the lines that are not part of the content; empty if there are none.

    The shortest lines are removed first, while at least `keep` of the tokens remain. Long lines,
    which are more often content, are therefore kept first, and two copies of a text lose the same
    lines.

    Args:
        lines: Lines of the text.
        seen: Number of earlier documents with each line.
        total: Number of tokens in the text.
        documents: Number of earlier documents that makes a line boilerplate.
        keep: Minimum share of tokens that remain.
        labels: Remove labels, too, whether seen or not.
    """
    counts = np.asarray(tuple(seen), dtype=np.int64)
    known = np.flatnonzero((counts >= documents) | (lines.labels & labels))
    if len(known) == 0 or total == 0:
        return np.empty(0, np.int64)
    sizes = (lines.ends - lines.starts)[known]
    order = np.lexsort((lines.hashes[known], sizes))
    spare = spare_tokens(total, keep)
    left_out: NDArray[np.int64] = known[order][np.cumsum(sizes[order]) <= spare]
    return left_out


def spare_tokens(total: int, keep: float) -> int:
    """Return the maximum number of tokens in the lines that are left out of a text."""
    return total - int(np.ceil(keep * total))
