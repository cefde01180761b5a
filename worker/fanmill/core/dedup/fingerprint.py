"""From texts to fingerprints: the one entry to this package for the deduplicate step.

Two stages, because which lines are boilerplate is known only to the index:

    drafts = fingerprinter.drafts(texts)
    seen = index.lines_seen([draft.lines for draft in drafts])   # or None
    fingerprints = fingerprinter.fingerprints(drafts, seen)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from fanmill.core.dedup.boilerplate import NO_LINES, Lines, kept_tokens, lines_of
from fanmill.core.dedup.normalise import FoldedText, fold, text_digest
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.shingle import Hashes, Indices, shingle_hashes, tokenise
from fanmill.core.dedup.signature import SIGNATURE_BYTES, signatures
from fanmill.core.dedup.similarity import (
    NOTHING,
    Estimate,
    coded_size,
    estimate,
    hamming,
    level,
    levels,
)

_BATCH_CHARACTERS: Final = 24_000
"""Characters laid end to end at once: more no longer fit the processor's cache."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A text cut into tokens, before it is known which lines count."""

    digest: bytes
    """8 bytes of the normalised text."""
    tokens: Hashes
    lines: Lines


@dataclass(frozen=True, slots=True)
class View:
    """One reading of a text: signed, with the keys under which it is found."""

    size: int
    """Distinct shingles."""
    coded_size: int
    sketches: bytes
    """64 bytes for each of `similarity.levels` of the size: to be compared with
    texts of each size."""
    keys: bytes
    """4 bytes a band: big-endian keys, see `signature.KEY_MASK`."""

    @property
    def signature(self) -> bytes:
        """64 bytes: the sketch of the own level, which is what an index keeps."""
        return self._sketch(level(self.coded_size))

    def compared(self, other: View) -> Estimate:
        """Estimate how alike this text is to one that was kept."""
        sampled_at = level(other.coded_size)
        if sampled_at not in levels(self.coded_size):
            return NOTHING
        bits = hamming(self._sketch(sampled_at), other.signature)
        return estimate(bits, self.coded_size, other.coded_size, sampled_at)

    def _sketch(self, sampled_at: int) -> bytes:
        at = SIGNATURE_BYTES * (sampled_at - levels(self.coded_size).start)
        return self.sketches[at : at + SIGNATURE_BYTES]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the index judges a text by.

    A short text has no content view and is judged by its digest alone.
    """

    digest: bytes
    content: View | None
    """The text without boilerplate: indexed and looked up."""
    full: View | None = None
    """The whole text, if lines were left out: looked up, not indexed."""
    lines: bytes = b""
    """8 bytes a line, big-endian hashes: counted if the document is unique."""
    size: int = field(default=0)
    """Distinct shingles of the whole text."""

    @property
    def is_short(self) -> bool:
        """Whether only the digest can judge this text."""
        return self.content is None


class Fingerprinter:
    """Makes fingerprints with one set of parameters; keeps no state between calls."""

    def __init__(self, parameters: DedupParameters) -> None:
        """Take the parameters; tables are made at the first text that needs them."""
        self.parameters = parameters

    def drafts(self, texts: Sequence[str]) -> list[Draft]:
        """Fold and cut texts, in order; no texts give no drafts."""
        folded = [fold(text) for text in texts]
        drafts: list[Draft] = []
        with_lines = self.parameters.boilerplate
        for group in _groups(folded):
            tokens = tokenise(group, with_lines=with_lines)
            lines = lines_of(tokens) if with_lines else [NO_LINES] * len(group)
            edges = tokens.offsets.tolist()
            drafts.extend(
                Draft(text_digest(text), tokens.hashes[edges[i] : edges[i + 1]], lines[i])
                for i, text in enumerate(group)
            )
        return drafts

    def fingerprints(
        self, drafts: Sequence[Draft], seen: Sequence[Sequence[int]] | None = None
    ) -> list[Fingerprint]:
        """Sign drafts; `seen[i]` counts earlier documents for each line of draft i.

        Without `seen`, or with boilerplate switched off, every line counts.
        """
        size = self.parameters.shingle_tokens
        own: list[Hashes | None] = [None] * len(drafts)
        if seen is not None and self.parameters.boilerplate:
            for i, (draft, counts) in enumerate(zip(drafts, seen, strict=True)):
                own[i] = self._own_tokens(draft, counts)
        readings = [draft.tokens for draft in drafts] + [o for o in own if o is not None]
        views = self._views(readings, size)
        further = iter(views[len(drafts) :])
        made = []
        for draft, whole, rest in zip(drafts, views, own, strict=False):
            part = None if rest is None else next(further)
            content, full = (whole, None) if part is None else (part, whole)
            made.append(
                Fingerprint(
                    digest=draft.digest,
                    content=content,
                    full=full,
                    lines=draft.lines.hashes.astype(">u8").tobytes(),
                    size=0 if whole is None else whole.size,
                )
            )
        return made

    def fingerprint(self, text: str) -> Fingerprint:
        """Sign one text, every line counted."""
        return self.fingerprints(self.drafts([text]))[0]

    def _own_tokens(self, draft: Draft, counts: Sequence[int]) -> Hashes | None:
        mask = kept_tokens(
            draft.lines,
            counts,
            len(draft.tokens),
            documents=self.parameters.boilerplate_documents,
            keep=self.parameters.boilerplate_keep,
            labels=self.parameters.boilerplate_labels,
        )
        return None if mask is None else draft.tokens[mask]

    def _views(self, readings: Sequence[Hashes], size: int) -> list[View | None]:
        views: list[View | None] = []
        for group in _token_groups(readings):
            offsets: Indices = np.zeros(len(group) + 1, dtype=np.int64)
            np.cumsum([len(tokens) for tokens in group], out=offsets[1:])
            flat = group[0] if len(group) == 1 else np.concatenate(group)
            shingles, edges = shingle_hashes(flat, offsets, size)
            signed = signatures(shingles, edges, self.parameters)
            keys = signed.keys.astype(">u4").tobytes()
            width = 4 * self.parameters.bands
            for i, count in enumerate(signed.sizes):
                if count < self.parameters.min_shingles:
                    views.append(None)
                    continue
                views.append(
                    View(
                        size=count,
                        coded_size=coded_size(count),
                        sketches=signed.sketches[i],
                        keys=keys[width * i : width * (i + 1)],
                    )
                )
        return views


def _groups(texts: Sequence[FoldedText]) -> Iterator[list[FoldedText]]:
    """Neighbours of one width, up to _BATCH_CHARACTERS or one text."""
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


def _token_groups(readings: Sequence[Hashes]) -> Iterator[list[Hashes]]:
    group: list[Hashes] = []
    room = 0
    for tokens in readings:
        if group and len(tokens) > room:
            yield group
            group = []
        if not group:
            room = _BATCH_CHARACTERS // 4
        group.append(tokens)
        room -= len(tokens)
    if group:
        yield group
