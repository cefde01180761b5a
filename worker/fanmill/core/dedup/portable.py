"""Portable fingerprints: the fingerprint of a text, and what is needed to make it anew, as bytes.

A text's fingerprint depends on the lines that are boilerplate when its turn comes. A back-fill
makes fingerprints long before that, so a portable one carries the hashes of the tokens as well,
unless no line of the text can ever be left out. `PortableMaker` takes the place of `Fingerprinter`
in `sequence.judge_in_order`: it makes a fingerprint anew only where lines became boilerplate.
Hashes do not tell the text.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fanmill.core.dedup.boilerplate import MAX_LINE_TOKENS, NO_LINES, Lines, LineUse, spare_tokens
from fanmill.core.dedup.fingerprint import (
    Fingerprint,
    Fingerprinter,
    Representation,
    TokenizedText,
)
from fanmill.core.dedup.packing import UnfitFingerprint
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.shingle import Hashes
from fanmill.core.dedup.signature import SIGNATURE_BYTES
from fanmill.core.dedup.similarity import sampling_levels, size_code

_FORM: Final = 1
_HEAD: Final = struct.Struct("<BB4s8sIIHH")
"""Form, flags, digest of the parameters, digest of the text, number of distinct shingles; numbers
of tokens, lines and details."""
_HAS_CONTENT: Final = 1
_HAS_FULL: Final = 2
_DOUBLED: Final = 4
_SIZE: Final = struct.Struct("<I")
_LINE: Final = np.dtype([("hash", "<u8"), ("start", "<u4"), ("end", "<u4"), ("flags", "u1")])
_LABEL: Final = 1
_LEFT_OUT: Final = 2


@dataclass(frozen=True, slots=True)
class PortableText(TokenizedText):
    """A tokenized text with the fingerprint it has while none of its lines is boilerplate."""

    plain: Fingerprint | None = None
    fixed: bool = False
    """Whether its content is the same whatever lines are boilerplate; then it has no tokens."""


def portable(text: TokenizedText, plain: Fingerprint, parameters: DedupParameters) -> bytes:
    """Return a text and its fingerprint as bytes: about 400, and 8 for each token if needed.

    Args:
        text: The text.
        plain: Its fingerprint, made as if no earlier document had any of its lines.
        parameters: Parameters of both.
    """
    representations = [each for each in (plain.content, plain.full) if each is not None]
    tokens = np.empty(0, np.uint64) if _is_fixed(text, parameters) else text.tokens
    details = sorted(text.details.intersection(tokens.tolist())) if text.details else []
    lines = np.empty(len(text.lines.hashes), dtype=_LINE)
    lines["hash"], lines["start"], lines["end"] = (
        text.lines.hashes,
        text.lines.starts,
        text.lines.ends,
    )
    lines["flags"] = np.where(text.lines.labels, _LABEL, 0)
    lines["flags"] |= np.where(np.array(plain.lines.left_out, dtype=bool), _LEFT_OUT, 0).astype(
        np.uint8
    )
    head = _HEAD.pack(
        _FORM,
        (_HAS_CONTENT if plain.content is not None else 0)
        + (_HAS_FULL if plain.full is not None else 0)
        + (_DOUBLED if text.doubled else 0),
        bytes.fromhex(parameters.signing_digest),
        text.digest,
        plain.size,
        len(tokens),
        len(lines),
        len(details),
    )
    bodies = [_SIZE.pack(each.size) + each.sketches + each.keys for each in representations]
    arrays = (lines.tobytes(), np.array(details, dtype="<u8").tobytes(), _bytes(tokens))
    return b"".join([head, *bodies, *arrays])


def _read(data: bytes, signing: str, bands: int) -> PortableText:
    try:
        form, flags, made_with, digest, size, token_count, line_count, detail_count = (
            _HEAD.unpack_from(data)
        )
    except struct.error as error:
        raise UnfitFingerprint(f"no portable fingerprint: {error}") from None
    if form != _FORM or made_with.hex() != signing:
        raise UnfitFingerprint(
            f"portable fingerprint of form {form} and parameters {made_with.hex()}; wanted "
            f"{_FORM} and {signing} (FANMILL_DEDUP_BOILERPLATE)"
        )
    try:
        at = _HEAD.size
        content = full = None
        if flags & _HAS_CONTENT:
            content, at = _representation(data, at, bands)
        if flags & _HAS_FULL:
            full, at = _representation(data, at, bands)
        lines = np.frombuffer(data, dtype=_LINE, count=line_count, offset=at)
        at += lines.nbytes
        details = np.frombuffer(data, dtype="<u8", count=detail_count, offset=at)
        tokens = np.frombuffer(data, dtype="<u8", count=token_count, offset=at + details.nbytes)
    except (struct.error, ValueError) as error:
        raise UnfitFingerprint(f"portable fingerprint is cut: {error}") from None
    return PortableText(
        digest=digest,
        tokens=tokens,
        lines=_lines(lines),
        details=frozenset(details.tolist()),
        doubled=bool(flags & _DOUBLED),
        plain=Fingerprint(
            digest=digest,
            content=content,
            full=full,
            lines=_line_use(lines),
            size=size,
        ),
        fixed=token_count == 0,
    )


class PortableMaker:
    """Makes the fingerprints of portable texts; takes the place of `Fingerprinter`."""

    def __init__(self, parameters: DedupParameters) -> None:
        self._maker = Fingerprinter(parameters)
        self._signing = parameters.signing_digest
        self.remade = 0
        """Number of fingerprints made anew so far."""

    def read(self, data: bytes) -> PortableText:
        """Return the text that `portable` made the data of.

        Raises:
            UnfitFingerprint: The data is damaged, or has other parameters.
        """
        return _read(data, self._signing, self._maker.parameters.bands)

    def fingerprints(
        self, tokenized: Sequence[TokenizedText], seen: Sequence[Sequence[int]] | None = None
    ) -> list[Fingerprint]:
        """Return the fingerprints of portable texts; see `Fingerprinter.fingerprints`."""
        made: list[Fingerprint] = []
        anew: list[int] = []
        for i, text in enumerate(tokenized):
            assert isinstance(text, PortableText) and text.plain is not None  # noqa: S101, PT018
            if seen is None:
                made.append(text.plain)
                continue
            known = self._maker.known(seen[i])
            if any(known) and not text.fixed:
                anew.append(i)
            made.append(replace(text.plain, known=known))
        if anew and seen is not None:
            self.remade += len(anew)
            fresh = self._maker.fingerprints([tokenized[i] for i in anew], [seen[i] for i in anew])
            for i, each in zip(anew, fresh, strict=True):
                made[i] = each
        return made


def _is_fixed(text: TokenizedText, parameters: DedupParameters) -> bool:
    """Tell whether no line that could become boilerplate is short enough to be left out.

    Lines are left out shortest first, so a line above the spare tokens never is, and does not
    change which others are. Short labels are left out from the start.
    """
    if not len(text.lines.hashes):
        return True
    sizes = text.lines.ends - text.lines.starts
    if parameters.boilerplate_labels:
        sizes = sizes[~text.lines.labels]
    return not bool((sizes <= spare_tokens(len(text.tokens), parameters.boilerplate_keep)).any())


def _lines(lines: np.ndarray[tuple[int], np.dtype[np.void]]) -> Lines:
    if not len(lines):
        return NO_LINES
    return Lines(
        lines["hash"].astype(np.uint64),
        (lines["flags"] & _LABEL) != 0,
        lines["start"].astype(np.int64),
        lines["end"].astype(np.int64),
    )


def _line_use(lines: np.ndarray[tuple[int], np.dtype[np.void]]) -> LineUse:
    if not len(lines):
        return LineUse()
    sizes = np.minimum(lines["end"] - lines["start"], MAX_LINE_TOKENS)
    return LineUse(
        lines["hash"].astype(">u8").tobytes(),
        tuple(sizes.tolist()),
        tuple(((lines["flags"] & _LEFT_OUT) != 0).tolist()),
    )


def _representation(data: bytes, at: int, bands: int) -> tuple[Representation, int]:
    (size,) = _SIZE.unpack_from(data, at)
    code = size_code(size)
    at += _SIZE.size
    keys_at = at + SIGNATURE_BYTES * len(sampling_levels(code))
    end = keys_at + 4 * bands
    if end > len(data):
        raise ValueError("it ends within a representation")
    return Representation(size, code, data[at:keys_at], data[keys_at:end]), end


def _bytes(hashes: Hashes) -> bytes:
    return hashes.astype("<u8", copy=False).tobytes()
