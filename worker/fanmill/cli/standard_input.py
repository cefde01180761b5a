"""Standard input: tells JSON lines from a single text, without reading more than a line ahead."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from fanmill.cli.encodings import has_one_byte_line_breaks, mark_of

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_MAX_BLANK_LINES: Final = 1000
"""Maximum number of blank lines before the first line that decides."""
_PEEKED_BYTES: Final = 64
"""Bytes that decide in encodings whose line break is more than a byte."""


def look_ahead(stream: BinaryIO, encoding: str | None, max_bytes: int) -> tuple[bool, BinaryIO]:
    r"""Return whether a stream holds JSON lines, and a stream of all its bytes.

    JSON lines begin with a line that is a JSON object, or one that has the shape of an object
    (`{"` to `}`) and is damaged. Any other text is one document, also if it begins with a brace: a
    template of a wiki, RTF, JSON over several lines.

    Args:
        stream: Standard input.
        encoding: Its encoding if it has no byte order mark; None for UTF-8.
        max_bytes: Maximum number of bytes in a line that is read.
    """
    if not hasattr(stream, "peek"):
        stream = cast("BinaryIO", io.BufferedReader(cast("io.RawIOBase", stream)))
    start = cast("io.BufferedReader", stream).peek(_PEEKED_BYTES)[:_PEEKED_BYTES]
    mark, marked = mark_of(start)
    known = marked or encoding or "utf-8"
    if not start[len(mark) :].lstrip().startswith(b"{") and has_one_byte_line_breaks(known):
        if start.strip():
            return False, stream
    elif not has_one_byte_line_breaks(known):
        return start.decode(known, errors="ignore").lstrip().startswith('{"'), stream
    seen = b""
    for _ in range(_MAX_BLANK_LINES):
        line = stream.readline(max_bytes + 1)
        seen += line
        if line.strip(b" \t\r\n" + mark) or not line:
            break
    text = seen[len(mark) :].decode(known, errors="ignore").strip()
    resumed = io.BufferedReader(_Resumed(seen, stream))
    return _is_json_line(text), cast("BinaryIO", resumed)


def _is_json_line(line: str) -> bool:
    if not line.startswith("{"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return line.startswith('{"') and line.endswith("}")


class _Resumed(io.RawIOBase):
    """A stream whose first bytes were read already."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start = memoryview(start)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        room = memoryview(buffer).cast("B")
        if self._start:
            part = self._start[: len(room)]
            self._start = self._start[len(part) :]
        else:
            part = memoryview(cast("io.BufferedReader", self._rest).read1(len(room)))
        room[: len(part)] = part
        return len(part)
