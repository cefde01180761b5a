"""Packed fingerprints: bytes, kept beside the record of a document.

An index that was lost, or gets other thresholds, is rebuilt from them without
any text. Lines are cut to 24 bits, as the line table keeps them. An unpacked fingerprint has the
content of the time when it was made, and is judged as it is.
"""

import struct
from typing import Final

import numpy as np

from fanmill.core.dedup.boilerplate import MAX_LINE_TOKENS, LineUse
from fanmill.core.dedup.fingerprint import Fingerprint, Representation
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.signature import SIGNATURE_BYTES
from fanmill.core.dedup.similarity import sampling_levels, size_code

_FORM: Final = 3
_HEAD: Final = struct.Struct(">BB4s8sI")
_SIZE: Final = struct.Struct(">I")
_HASH_BYTES: Final = 3
_LINE: Final = np.dtype([("hash", "u1", _HASH_BYTES), ("size", ">u2")])
_LINE_SIZE: Final = struct.Struct(">H")
_LEFT_OUT: Final = MAX_LINE_TOKENS + 1
"""Mark beside the number of tokens of a line."""


class UnfitFingerprint(ValueError):
    """A packed fingerprint is damaged, or has other parameters."""


def packed(fingerprint: Fingerprint, parameters: DedupParameters) -> bytes:
    """Return a fingerprint as about 230 bytes, and five for each line."""
    representations = [each for each in (fingerprint.content, fingerprint.full) if each is not None]
    head = _HEAD.pack(
        _FORM,
        len(representations),
        bytes.fromhex(parameters.signing_digest),
        fingerprint.digest,
        fingerprint.size,
    )
    used = fingerprint.lines
    bodies = [_SIZE.pack(each.size) + each.sketches + each.keys for each in representations]
    # Texts have few lines: an array would take several times as long.
    lines = [
        used.hashes[8 * at : 8 * at + _HASH_BYTES] + _LINE_SIZE.pack(size | left_out * _LEFT_OUT)
        for at, (size, left_out) in enumerate(zip(used.sizes, used.left_out, strict=True))
    ]
    return b"".join([head, *bodies, *lines])


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
    try:
        lines = np.frombuffer(data[at:], dtype=_LINE)
    except ValueError as error:
        raise UnfitFingerprint(f"packed fingerprint is cut: {error}") from None
    wide = np.zeros((len(lines), 8), dtype=np.uint8)
    wide[:, :_HASH_BYTES] = lines["hash"]
    return Fingerprint(
        digest=digest,
        content=representations[0] if representations else None,
        full=representations[1] if count > 1 else None,
        lines=LineUse(
            wide.tobytes(),
            tuple((lines["size"] & (_LEFT_OUT - 1)).tolist()),
            tuple(((lines["size"] & _LEFT_OUT) != 0).tolist()),
        ),
        size=size,
    )


def _representation(data: bytes, at: int, bands: int) -> tuple[Representation, int]:
    (size,) = _SIZE.unpack_from(data, at)
    code = size_code(size)
    at += _SIZE.size
    keys_at = at + SIGNATURE_BYTES * len(sampling_levels(code))
    end = keys_at + 4 * bands
    return Representation(size, code, data[at:keys_at], data[keys_at:end]), end
