"""Candidates to the blobs that `judge.lua` reads, and its answers back.

A blob, big-endian: 4 key of the id; 4 key of the digest; 1 flags (1 has content
view, 2 has full view, 4 check the lines); 78 the record of a unique document (1 status, 2 size,
4 digest, 7 ledger entry, 64 signature); each view: 2 size, 1 level of the first sketch,
1 number of sketches, 64 each sketch, keys; 2 number of lines; each line: 1 flags (1 first line of
this cell, 2 taken for boilerplate, 4 left out of the content), 3 cell, 2 tokens; the id.
"""

from __future__ import annotations

import hashlib
import struct
from typing import TYPE_CHECKING, Final

from fanmill.core.dedup.judgement import Candidate, Judgement
from fanmill.core.dedup.parameters import (
    ALGORITHM_REVISION,
    KEY_MASK,
    SIGNATURE_BITS,
    DedupParameters,
)
from fanmill.core.dedup.similarity import sampling_levels
from fanmill.stores.index.errors import UnusableDocumentId
from fanmill_contracts.terms import ComparedText, DecidedBy, Verdict

if TYPE_CHECKING:
    from fanmill.core.dedup.fingerprint import Fingerprint, Representation

MAX_ID_BYTES: Final = 1024
LINE_TABLE_BITS: Final = 24
"""Lines are counted in 2**24 cells of 2 bits (4 MB), two tables at most. A table
is replaced when 15 % of it is used (2.5 million lines); then one unseen line in
1500 looks like boilerplate."""

UNIQUE: Final = 1
SHORT: Final = 2
_HEAD: Final = struct.Struct(">IIBBH4s7s64s")
_REPRESENTATION_HEAD: Final = struct.Struct(">HBB")
_LINE: Final = struct.Struct(">IH")
_HEAD_OF_CALL: Final = struct.Struct(">BBBBIdddddddd")
_CHECKED: Final = 4
_ANSWER: Final = struct.Struct(">BBHH")
_NO_SIGNATURE: Final = bytes(SIGNATURE_BITS // 8)
_MEANING: Final[dict[int, tuple[Verdict, DecidedBy, ComparedText]]] = {
    UNIQUE: ("unique", "nothing-alike", "content"),
    SHORT: ("unique", "digest-only", "full"),
    3: ("exact", "digest", "full"),
    4: ("near", "jaccard", "content"),
    5: ("near", "jaccard", "full"),
    6: ("near", "containment", "content"),
    7: ("near", "containment", "full"),
}


def id_bytes(document_id: str) -> bytes:
    """Return an id as it is stored.

    Raises:
        UnusableDocumentId: It is empty or longer than MAX_ID_BYTES.

    """
    data = document_id.encode("utf-8", "surrogatepass")
    if not 0 < len(data) <= MAX_ID_BYTES:
        raise UnusableDocumentId(document_id, MAX_ID_BYTES)
    return data


def id_key(data: bytes) -> int:
    """Look-up key of an id: 28 bits, see `parameters.KEY_MASK`."""
    return int.from_bytes(hashlib.blake2b(data, digest_size=4, person=b"id").digest()) & KEY_MASK


def entry_bytes(entry_id: str) -> bytes:
    """Return a ledger entry's id as it is stored: 7 bytes in the order of the ledger.

    42 bits of milliseconds, 14 of the sequence number; a sequence number above
    that counts as later milliseconds, which keeps the order.

    Raises:
        ValueError: It is no id of a stream entry.
    """
    milliseconds, _, sequence = entry_id.partition("-")
    return min((int(milliseconds) << 14) + int(sequence or 0), 2**56 - 1).to_bytes(7)


def head(
    parameters: DedupParameters, horizon_ms: int, generations: int, max_documents: int
) -> bytes:
    """Return the parameters for `judge.lua`, packed: reading text would take longer."""
    return _HEAD_OF_CALL.pack(
        parameters.bands,
        parameters.wide_bands,
        parameters.boilerplate_documents,
        parameters.shingle_tokens,
        parameters.min_shingles,
        parameters.jaccard_threshold,
        parameters.containment_min_jaccard,
        parameters.containment_threshold if parameters.containment else 0,
        parameters.containment_size_ratio,
        horizon_ms,
        generations,
        max_documents,
        2**LINE_TABLE_BITS,
    )


def line_cells(lines: bytes) -> bytes:
    """Return the cells of line hashes (8 bytes each), 4 bytes each."""
    import numpy as np  # noqa: PLC0415  commands that only look at the index do without

    hashes = np.frombuffer(lines, dtype=">u8")
    return (hashes >> np.uint64(64 - LINE_TABLE_BITS)).astype(">u4").tobytes()


def encode(candidate: Candidate) -> bytes:
    """Return the blob of a candidate.

    Raises:
        UnusableDocumentId: Its id is empty or longer than MAX_ID_BYTES.

    """
    fingerprint = candidate.fingerprint
    content, full = fingerprint.content, fingerprint.full
    data = id_bytes(candidate.document_id)
    digest_key = int.from_bytes(fingerprint.digest[:4]) & KEY_MASK
    parts = [
        _HEAD.pack(
            id_key(data),
            digest_key,
            (0 if content is None else 1 if full is None else 3)
            + (0 if fingerprint.known is None else _CHECKED),
            SHORT if content is None else UNIQUE,
            0 if content is None else content.size_code,
            fingerprint.digest[4:],
            entry_bytes(candidate.entry_id),
            _NO_SIGNATURE if content is None else content.signature,
        )
    ]
    if content is not None:
        parts += _representation(content)
        if full is not None:
            parts += _representation(full)
    parts += (len(fingerprint.lines.sizes).to_bytes(2), _lines(fingerprint), data)
    return b"".join(parts)


def _lines(fingerprint: Fingerprint) -> bytes:
    # Texts have few lines: arrays would take several times as long.
    used = fingerprint.lines
    count = len(used.sizes)
    hashes = struct.unpack(f">{count}Q", used.hashes)
    known = fingerprint.known or (False,) * count
    counted: set[int] = set()
    written = []
    for line, taken, left_out, size in zip(hashes, known, used.left_out, used.sizes, strict=True):
        cell = line >> (64 - LINE_TABLE_BITS)
        flags = (cell not in counted) + 2 * bool(taken) + 4 * bool(left_out)
        counted.add(cell)
        written.append(_LINE.pack(flags << LINE_TABLE_BITS | cell, size))
    return b"".join(written)


def _representation(each: Representation) -> tuple[bytes, bytes, bytes]:
    made = sampling_levels(each.size_code)
    return (
        _REPRESENTATION_HEAD.pack(each.size_code, made.start, len(made)),
        each.sketches,
        each.keys,
    )


def decode(document_id: str, answer: bytes, parameters: str) -> Judgement:
    """Return the judgement in an answer of `judge.lua`."""
    status, flags, jaccard, containment = _ANSWER.unpack_from(answer)
    verdict, decided_by, view = _MEANING[status]
    original = answer[_ANSWER.size :].decode("utf-8", "surrogatepass")
    return Judgement(
        document_id=document_id,
        verdict=verdict,
        decided_by=decided_by,
        original_id=original or None,
        jaccard=jaccard / 10_000,
        containment=containment / 10_000,
        view=view,
        redelivered=bool(flags & 1),
        superseded=bool(flags & 2),
        parameters=parameters,
        revision=ALGORITHM_REVISION,
    )
