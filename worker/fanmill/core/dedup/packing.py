"""Packed fingerprints: bytes, kept beside the record of a document.

An index that was lost, or gets other thresholds, is rebuilt from them without
any text. Lines are cut to 24 bits, as the line table keeps them.
"""

import struct
from typing import Final

import numpy as np

from fanmill.core.dedup.fingerprint import Fingerprint, Representation
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.signature import SIGNATURE_BYTES
from fanmill.core.dedup.similarity import sampling_levels, size_code

_FORM: Final = 2
_HEAD: Final = struct.Struct(">BB4s8sI")
_SIZE: Final = struct.Struct(">I")
_LINE_BYTES: Final = 3


class UnfitFingerprint(ValueError):
    """A packed fingerprint is damaged, or has other parameters."""


def packed(fingerprint: Fingerprint, parameters: DedupParameters) -> bytes:
    """Return a fingerprint as about 230 bytes, and three for each line."""
    representations = [each for each in (fingerprint.content, fingerprint.full) if each is not None]
    head = _HEAD.pack(
        _FORM,
        len(representations),
        bytes.fromhex(parameters.signing_digest),
        fingerprint.digest,
        fingerprint.size,
    )
    lines = np.frombuffer(fingerprint.lines, dtype=np.uint8).reshape(-1, 8)[:, :_LINE_BYTES]
    bodies = [_SIZE.pack(each.size) + each.sketches + each.keys for each in representations]
    return b"".join([head, *bodies, lines.tobytes()])


def unpacked(data: bytes, parameters: DedupParameters) -> Fingerprint:
    """Return the fingerprint that `packed` made the data of, with lines of 24 bits.

    Raises:
        UnfitFingerprint: The data is damaged, or has other parameters.
    """
    try:
        form, count, made_with, digest, size = _HEAD.unpack_from(data)
    except struct.error as error:
        raise UnfitFingerprint(f"no packed fingerprint: {error}") from None
    if form != _FORM or made_with.hex() != parameters.signing_digest:
        raise UnfitFingerprint(
            f"fingerprint of form {form} and parameters {made_with.hex()}; "
            f"wanted {_FORM} and {parameters.signing_digest}"
        )
    representations, at = [], _HEAD.size
    for _ in range(count):
        each, at = _representation(data, at, parameters.bands)
        representations.append(each)
    lines = np.frombuffer(data[at:], dtype=np.uint8)
    rows = lines.reshape(-1, _LINE_BYTES)
    wide = np.zeros((len(rows), 8), dtype=np.uint8)
    wide[:, :_LINE_BYTES] = rows
    return Fingerprint(
        digest=digest,
        content=representations[0] if representations else None,
        full=representations[1] if count > 1 else None,
        lines=wide.tobytes(),
        size=size,
    )


def _representation(data: bytes, at: int, bands: int) -> tuple[Representation, int]:
    (size,) = _SIZE.unpack_from(data, at)
    code = size_code(size)
    at += _SIZE.size
    keys_at = at + SIGNATURE_BYTES * len(sampling_levels(code))
    end = keys_at + 4 * bands
    return Representation(size, code, data[at:keys_at], data[keys_at:end]), end
