"""Fingerprints of texts: the entry to this package for the step `deduplicate`.

The work has two stages, because only the index knows which lines are boilerplate:

    tokenized = fingerprinter.tokenize(texts)
    seen = index.lines_seen([each.lines for each in tokenized])   # or None
    fingerprints = fingerprinter.fingerprints(tokenized, seen)

`sequence.judge_in_order` takes these stages and judges the texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

import numpy as np

from fanmill.core.dedup.boilerplate import (
    NO_LINES,
    Lines,
    LineUse,
    left_out_lines,
    line_use,
    lines_of,
)
from fanmill.core.dedup.details import details, has_weight, weigh_details
from fanmill.core.dedup.normalise import FoldedText, fold, text_digest
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.plain_letters import plain_text
from fanmill.core.dedup.shingle import Hashes, Indices, are_dense, shingle_hashes, tokenise
from fanmill.core.dedup.signature import SIGNATURE_BYTES, signatures
from fanmill.core.dedup.similarity import (
    NOTHING,
    Estimate,
    estimate,
    hamming,
    sampling_level,
    sampling_levels,
    size_code,
)

_BATCH_CHARACTERS: Final = 24_000
"""Maximum number of characters processed at once; more do not fit the processor's cache."""


@dataclass(frozen=True, slots=True)
class TokenizedText:
    """A text cut into tokens, before it is known which of its lines are boilerplate."""

    digest: bytes
    """Digest of the normalised text, 8 bytes."""
    tokens: Hashes
    lines: Lines
    details: frozenset[int] = frozenset()
    """Hashes of the names, figures and dates of a short text; empty for a long one."""
    doubled: bool = False
    """Whether details weigh up to twice the size: in scripts without spaces, and in forms."""


@dataclass(frozen=True, slots=True)
class Representation:
    """A text as the index compares it: its sketches, and the keys to look it up by.

    A text has one with all its lines, and another without boilerplate lines if it has any.
    """

    size: int
    """Number of distinct shingles."""
    size_code: int
    sketches: bytes
    """Sketches of 64 bytes, for each of `similarity.sampling_levels` of the size: texts of
    different sizes are compared at different levels."""
    keys: bytes
    """Look-up keys, 4 bytes for each band, big-endian; see `parameters.KEY_MASK`."""

    @property
    def signature(self) -> bytes:
        """Sketch of the own sampling level, 64 bytes; the index keeps this one."""
        return self._sketch(sampling_level(self.size_code))

    def similarity_to(self, other: Representation, equal_bands: int | None = None) -> Estimate:
        """Estimate the similarity to a text of the index.

        Args:
            other: Text of the index.
            equal_bands: Number of bands in which both have the same look-up key; the default is
                to count it.
        """
        if equal_bands is None:
            places = range(0, len(self.keys), 4)
            equal_bands = sum(self.keys[i : i + 4] == other.keys[i : i + 4] for i in places)
        level = sampling_level(other.size_code)
        if level not in sampling_levels(self.size_code):
            return NOTHING
        bits = hamming(self._sketch(level), other.signature)
        return estimate(bits, self.size_code, other.size_code, level, equal_bands)

    def _sketch(self, level: int) -> bytes:
        at = SIGNATURE_BYTES * (level - sampling_levels(self.size_code).start)
        return self.sketches[at : at + SIGNATURE_BYTES]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Fingerprint by which the index judges a text.

    A short text has no content representation; only its digest decides.
    """

    digest: bytes
    content: Representation | None
    """The text without boilerplate lines; indexed and looked up."""
    full: Representation | None = None
    """The whole text if it has boilerplate lines; looked up, not indexed."""
    lines: LineUse = field(default_factory=LineUse)
    """The lines; the index counts them if the document is unique."""
    known: tuple[bool, ...] | None = None
    """For each line: enough earlier documents had it when the fingerprint was made. The index
    judges the text only if this is still so. None: made without asking; it judges the text as it
    is."""
    size: int = field(default=0)
    """Number of distinct shingles of the whole text."""

    @property
    def is_short(self) -> bool:
        """Whether only the digest can judge this text."""
        return self.content is None


class Fingerprinter:
    """Makes fingerprints with a set of parameters; keeps no state between calls."""

    def __init__(self, parameters: DedupParameters) -> None:
        """Take the parameters; tables are made for the first text that needs them."""
        self.parameters = parameters

    def tokenize(self, texts: Sequence[str]) -> list[TokenizedText]:
        """Return the texts folded and cut into tokens, in order."""
        folded = [fold(text) for text in texts]
        digests = iter([text_digest(each) for each in folded])
        tokenized: list[TokenizedText] = []
        with_lines = self.parameters.boilerplate
        for group in _groups([plain_text(each) for each in folded]):
            tokens = tokenise(group, with_lines=with_lines)
            lines = lines_of(tokens) if with_lines else [NO_LINES] * len(group)
            edges = tokens.offsets.tolist()
            dense = are_dense(tokens)
            tokenized.extend(
                TokenizedText(
                    digest,
                    tokens.hashes[edges[i] : edges[i + 1]],
                    lines[i],
                    doubled=dense[i] or lines[i].form,
                )
                for i, digest in enumerate(islice(digests, len(group)))
            )
        return [
            replace(each, details=details(text))
            if has_weight(len(each.tokens), self.parameters.shingle_tokens, doubled=each.doubled)
            else each
            for text, each in zip(texts, tokenized, strict=True)
        ]

    def fingerprints(
        self, tokenized: Sequence[TokenizedText], seen: Sequence[Sequence[int]] | None = None
    ) -> list[Fingerprint]:
        """Return the fingerprints of tokenized texts, in order.

        Args:
            tokenized: The texts.
            seen: Numbers of earlier documents with each line of each text. Without it, or with
                boilerplate detection switched off, no line is boilerplate.
        """
        size = self.parameters.shingle_tokens
        asked = seen is not None and self.parameters.boilerplate
        counts = seen if seen is not None and asked else [()] * len(tokenized)
        left_out = [
            self._left_out(text, each) if asked else _NONE
            for text, each in zip(tokenized, counts, strict=True)
        ]
        own = [(i, _kept(tokenized[i], lines)) for i, lines in enumerate(left_out) if len(lines)]
        sources = [*tokenized, *(tokenized[i] for i, _ in own)]
        token_lists = [text.tokens for text in tokenized] + [tokens for _, tokens in own]
        representations = self._representations(sources, token_lists, size)
        parts = dict(zip((i for i, _ in own), representations[len(tokenized) :], strict=True))
        made = []
        for i, text in enumerate(tokenized):
            whole, part = representations[i], parts.get(i)
            content, full = (whole, None) if part is None else (part, whole)
            dropped = left_out[i] if part is not None else _NONE
            made.append(
                Fingerprint(
                    digest=text.digest,
                    content=content,
                    full=full,
                    lines=line_use(text.lines, dropped),
                    known=self.known(counts[i]) if asked else None,
                    size=0 if whole is None else whole.size,
                )
            )
        return made

    def known(self, seen: Sequence[int]) -> tuple[bool, ...]:
        """Return for each line whether so many earlier documents make it boilerplate."""
        return tuple(count >= self.parameters.boilerplate_documents for count in seen)

    def fingerprint(self, text: str) -> Fingerprint:
        """Return the fingerprint of a text without boilerplate detection."""
        return self.fingerprints(self.tokenize([text]))[0]

    def _left_out(self, text: TokenizedText, counts: Sequence[int]) -> Indices:
        """Return the numbers of the lines that are not part of the content."""
        return left_out_lines(
            text.lines,
            counts,
            len(text.tokens),
            documents=self.parameters.boilerplate_documents,
            keep=self.parameters.boilerplate_keep,
            labels=self.parameters.boilerplate_labels,
        )

    def _representations(
        self, sources: Sequence[TokenizedText], token_lists: Sequence[Hashes], size: int
    ) -> list[Representation | None]:
        """Return the representations of token lists; None for those with too few shingles."""
        representations: list[Representation | None] = []
        for group in _token_groups(token_lists):
            offsets: Indices = np.zeros(len(group) + 1, dtype=np.int64)
            np.cumsum([len(tokens) for tokens in group], out=offsets[1:])
            flat = group[0] if len(group) == 1 else np.concatenate(group)
            shingles, edges = shingle_hashes(flat, offsets, size)
            signed = signatures(shingles, edges, self.parameters)
            keys = signed.keys.astype(">u4").tobytes()
            width = 4 * self.parameters.bands
            for i, count in enumerate(signed.sizes):
                if count < self.parameters.min_shingles:
                    representations.append(None)
                    continue
                representations.append(
                    Representation(
                        size=count,
                        size_code=size_code(count),
                        sketches=weigh_details(
                            signed.sketches[i],
                            count,
                            group[i],
                            sources[len(representations)].details,
                            doubled=sources[len(representations)].doubled,
                        ),
                        keys=keys[width * i : width * (i + 1)],
                    )
                )
        return representations


_NONE: Final[Indices] = np.empty(0, np.int64)


def _kept(text: TokenizedText, left_out: Indices) -> Hashes:
    """Return the tokens outside the given lines."""
    mask = np.ones(len(text.tokens), dtype=bool)
    for line in left_out.tolist():
        mask[text.lines.starts[line] : text.lines.ends[line]] = False
    return text.tokens[mask]


def _groups(texts: Sequence[FoldedText]) -> Iterator[list[FoldedText]]:
    """Yield neighbouring texts of one code point width, up to `_BATCH_CHARACTERS` or one text."""
    group: list[FoldedText] = []
    room = 0
    for text in texts:
        length = len(text.codes)
        if group and (length > room or text.codes.dtype != group[0].codes.dtype):
            yield group
            group = []
        if not group:
            room = _BATCH_CHARACTERS
        group.append(text)
        room -= length
    if group:
        yield group


def _token_groups(token_lists: Sequence[Hashes]) -> Iterator[list[Hashes]]:
    """Yield neighbouring token lists, up to a quarter of `_BATCH_CHARACTERS` tokens or one list."""
    group: list[Hashes] = []
    room = 0
    for tokens in token_lists:
        if group and len(tokens) > room:
            yield group
            group = []
        if not group:
            room = _BATCH_CHARACTERS // 4
        group.append(tokens)
        room -= len(tokens)
    if group:
        yield group
