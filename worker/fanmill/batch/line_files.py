"""Files of lines, also packed: unpacking, and lines of bounded length."""

import gzip
import io
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, cast

import zstandard

READ_ERRORS: Final = (OSError, EOFError, zlib.error, zstandard.ZstdError)
"""Errors of a file that cannot be read to its end."""


def unpacked(raw: BinaryIO, name: str) -> BinaryIO:
    """Return the content of a file, which its name tells to be packed (`.gz`, `.zst`) or not."""
    lower = name.lower()
    if lower.endswith(".gz"):
        return cast("BinaryIO", gzip.GzipFile(fileobj=raw))
    if lower.endswith(".zst"):
        stream = zstandard.ZstdDecompressor().stream_reader(
            raw, closefd=False, read_across_frames=True
        )
        return cast("BinaryIO", io.BufferedReader(cast("Any", stream)))
    return raw


def bounded_lines(stream: BinaryIO, limit: int) -> Iterator[bytes]:
    """Yield lines; of a line above the limit one byte more than it, and not the rest."""
    while line := stream.readline(limit + 1):
        yield line
        rest = line
        while len(line) > limit and rest and not rest.endswith(b"\n"):
            rest = stream.readline(limit)
