"""Run files: portable fingerprints on disk, sorted by partition and arrival.

A run file begins with `MAGIC` and a line of JSON. Blocks of up to 256 documents follow: lengths,
keys, and fingerprints, the latter two compressed. The end is a line of JSON with the number of
documents and the first and last key, its length, and `MAGIC` again. A file without that end is
damaged. A reader that looks for a key skips the fingerprints of earlier blocks.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, NamedTuple, Self

import msgpack
import zstandard

MAGIC: Final = b"fanmill run 1\n"
SUFFIX: Final = ".run"

_BLOCK: Final = struct.Struct("<III")
"""Number of documents, and lengths of keys and of fingerprints in bytes."""
_LENGTH: Final = struct.Struct("<I")
_BLOCK_DOCUMENTS: Final = 256
_BLOCK_BYTES: Final = 4 << 20
_LEVEL: Final = 1
"""Level of compression: higher ones save little, for hashes have no pattern but repetition."""


class RunKey(NamedTuple):
    """Place of a document in the order in which fingerprints are judged."""

    partition: str
    arrival_ms: int
    """Time of arrival in ms since 1970; 0 for the time of the merge."""
    source: int
    """Number of the back-fill, for files of several back-fills."""
    sequence: int
    """Place in the input: order of documents with the same time."""


class RunEntry(NamedTuple):
    """A document of a run file."""

    key: RunKey
    document_id: str
    fingerprint: bytes


class DamagedRunFile(Exception):
    """A file is no run file, or it is cut or damaged; the text says which."""


class RunWriter:
    """Writes a run file, which appears under its name when it is complete.

    Args:
        path: The file.
        signing: `DedupParameters.signing_digest` of the fingerprints.
    """

    def __init__(self, path: Path, signing: str) -> None:
        self._path = path
        self._unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        self._file: IO[bytes] = self._unfinished.open("wb")
        self._file.write(MAGIC + json.dumps({"signing": signing}).encode() + b"\n")
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL)
        self._entries: list[RunEntry] = []
        self._bytes = 0
        self._first: RunKey | None = None
        self._last: RunKey | None = None
        self.documents = 0

    def add(self, entry: RunEntry) -> None:
        """Add a document.

        Raises:
            ValueError: It comes before the last one.
        """
        if self._last is not None and entry.key <= self._last:
            raise ValueError(f"{entry.key} comes behind {self._last}; a run is sorted")
        self._first = self._first or entry.key
        self._last = entry.key
        self._entries.append(entry)
        self._bytes += len(entry.fingerprint)
        self.documents += 1
        if len(self._entries) >= _BLOCK_DOCUMENTS or self._bytes >= _BLOCK_BYTES:
            self._write_block()

    def close(self) -> None:
        """Write the end, and give the file its name once all is on disk."""
        self._write_block()
        end = json.dumps({"documents": self.documents, "first": self._first, "last": self._last})
        data = end.encode()
        self._file.write(_BLOCK.pack(0, 0, 0) + data + _LENGTH.pack(len(data)) + MAGIC)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._unfinished.replace(self._path)

    def abandon(self) -> None:
        """Remove what was written."""
        self._file.close()
        self._unfinished.unlink(missing_ok=True)

    def _write_block(self) -> None:
        if not self._entries:
            return
        keys: Any = [
            [tuple(each.key) for each in self._entries],
            [each.document_id for each in self._entries],
            [len(each.fingerprint) for each in self._entries],
        ]
        packed = self._compressor.compress(msgpack.packb(keys))
        blobs = self._compressor.compress(b"".join(each.fingerprint for each in self._entries))
        self._file.write(_BLOCK.pack(len(self._entries), len(packed), len(blobs)))
        self._file.write(packed + blobs)
        self._entries, self._bytes = [], 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()


class RunFile:
    """A complete run file.

    Raises:
        DamagedRunFile: It is none, or not whole.
    """

    def __init__(self, path: Path, source: int | None = None) -> None:
        """Read the end of a file; `source` replaces the source in all keys."""
        self.path = path
        self._source = source
        try:
            with path.open("rb") as file:
                self.signing = self._read_head(file)
                end = self._read_end(file)
        except (OSError, ValueError, struct.error) as error:
            raise DamagedRunFile(f"{path}: {error}") from None
        self.documents: int = end["documents"]
        self.first = self._key(end["first"]) if end["first"] else None
        self.last = self._key(end["last"]) if end["last"] else None

    def entries(self, after: RunKey | None = None) -> Iterator[RunEntry]:
        """Yield the documents in order; only those behind a key if it is given.

        Raises:
            DamagedRunFile: A block cannot be read.
        """
        decompressor = zstandard.ZstdDecompressor()
        try:
            with self.path.open("rb") as file:
                self._read_head(file)
                while True:
                    count, key_bytes, blob_bytes = _BLOCK.unpack(file.read(_BLOCK.size))
                    if not count:
                        return
                    packed = decompressor.decompress(file.read(key_bytes))
                    keys, ids, lengths = msgpack.unpackb(packed, use_list=False)
                    if after is not None and self._key(keys[-1]) <= after:
                        file.seek(blob_bytes, os.SEEK_CUR)
                        continue
                    blobs = decompressor.decompress(file.read(blob_bytes))
                    at = 0
                    for values, document_id, length in zip(keys, ids, lengths, strict=True):
                        key = self._key(values)
                        if after is None or key > after:
                            yield RunEntry(key, document_id, blobs[at : at + length])
                        at += length
        except (OSError, ValueError, struct.error, zstandard.ZstdError) as error:
            raise DamagedRunFile(f"{self.path}: {error}") from None

    def _key(self, values: Any) -> RunKey:
        key = RunKey(*values)
        return key if self._source is None else key._replace(source=self._source)

    @staticmethod
    def _read_head(file: IO[bytes]) -> str:
        if file.read(len(MAGIC)) != MAGIC:
            raise ValueError("is no run file of fanmill backfill")
        return str(json.loads(file.readline())["signing"])

    @staticmethod
    def _read_end(file: IO[bytes]) -> dict[str, Any]:
        tail = _LENGTH.size + len(MAGIC)
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - tail))
        length, magic = file.read(_LENGTH.size), file.read()
        if magic != MAGIC:
            raise ValueError("ends too early; the copy is not complete")
        file.seek(size - tail - _LENGTH.unpack(length)[0])
        end: dict[str, Any] = json.loads(file.read(_LENGTH.unpack(length)[0]))
        return end
