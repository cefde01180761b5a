"""Documents from files: text, Markdown and the JSON lines of the Dolma toolkit, also packed."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from copy import copy
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final

from fanmill.batch.line_files import READ_ERRORS, bounded_lines, unpacked
from fanmill.cli.encodings import has_one_byte_line_breaks, mark_of, undecodable
from fanmill.cli.sources import InputError, Source, UnreadablePath
from fanmill.cli.standard_input import look_ahead
from fanmill.core.event_fields import EventIds, UnusableField, content_id, event_of
from fanmill_contracts import ContractError, DocumentIngested, limits

OnInputError = Callable[[InputError], None]
_MAX_BYTES: Final = 8 * limits.MAX_EVENT_BYTES
"""Bytes of one text or line that are read: more cannot become an event in any encoding."""

_CHUNK_BYTES: Final = 1 << 16
_TOO_LONG: Final = (
    f"is longer than {_MAX_BYTES:,} bytes; the limit of an event is "
    f"{limits.MAX_EVENT_BYTES:,} bytes"
)


def lines_of(path: Path) -> Iterator[bytes]:
    """Return the lines of a file of JSON lines, unpacked.

    Raises:
        UnreadablePath: The file cannot be read.
    """
    try:
        with path.open("rb") as raw, closing(unpacked(raw, path.name)) as lines:
            yield from lines
    except READ_ERRORS as error:
        raise UnreadablePath(f"{str(path)!r} cannot be read: {error}") from None


class Reader:
    """Reader of documents one by one, never of a whole collection at once.

    Args:
        source: The `source` of the events.
        on_error: Told of each document that cannot be read or is over a limit.
        event_id: Makes the id of each event.
        id_kind: Kind of ids, of `sources.ID_KINDS`, for documents without an id of their own.
        encoding: Encoding of files without a byte order mark; None for UTF-8.
    """

    def __init__(
        self,
        source: str,
        *,
        on_error: OnInputError,
        event_id: EventIds = content_id,
        id_kind: str = "path",
        encoding: str | None = None,
    ) -> None:
        self._source = source
        self._on_error = on_error
        self._event_id = event_id
        self._by_content = id_kind == "sha256"
        self._encoding = encoding
        self._finished_bytes = 0
        self._raw: BinaryIO | None = None

    def silent(self) -> Reader:
        """Return a reader of the same kind that reports no errors: it reads a second time."""
        other = copy(self)
        other._on_error = lambda _: None  # noqa: SLF001  an object of this class
        return other

    @property
    def bytes_read(self) -> int:
        """Bytes read of all files so far, packed as they are."""
        current = 0 if self._raw is None or self._raw.closed else self._raw.tell()
        return self._finished_bytes + current

    def documents(self, sources: Iterable[Source]) -> Iterator[DocumentIngested]:
        """Yield the documents of all sources in order."""
        for source in sources:
            if source.path is None:
                yield from self._stdin()
            else:
                yield from self._file(source, source.path)

    def _file(self, source: Source, path: Path) -> Iterator[DocumentIngested]:
        try:
            with path.open("rb") as raw:
                self._raw = raw if raw.seekable() else None
                with closing(unpacked(raw, path.name)) as stream:
                    if source.text:
                        yield from self._text(source, stream)
                    else:
                        yield from self._lines(source, stream)
                    self._finished_bytes = self.bytes_read
                    self._raw = None
        except READ_ERRORS as error:
            reason = getattr(error, "strerror", None) or error
            self._on_error(InputError(source.place, f"cannot be read: {reason}"))

    def _stdin(self) -> Iterator[DocumentIngested]:
        lines, stream = look_ahead(sys.stdin.buffer, self._encoding, _MAX_BYTES)
        source = Source(None, "stdin", text=not lines)
        yield from (self._lines if lines else self._text)(source, stream)

    def _text(self, source: Source, stream: BinaryIO) -> Iterator[DocumentIngested]:
        content = stream.read(_MAX_BYTES + 1)
        if len(content) > _MAX_BYTES:
            self._on_error(
                InputError(
                    source.place,
                    f"is larger than {_MAX_BYTES:,} bytes; the limit of a text is "
                    f"{limits.MAX_TEXT_BYTES:,} bytes of UTF-8",
                )
            )
            return
        _, marked = mark_of(content)
        encoding = marked or self._encoding or "utf-8"
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            self._on_error(InputError(source.place, undecodable(encoding, error.start)))
            return
        yield from self._event(source.place, source.name, source.name, {"text": text})

    def _lines(self, source: Source, stream: BinaryIO) -> Iterator[DocumentIngested]:
        for number, line in self._numbered(source, stream):
            place = f"{source.place}:{number}"
            try:
                fields = json.loads(line)
            except (ValueError, RecursionError) as error:
                self._on_error(InputError(place, f"is not JSON: {error}"))
                continue
            if not isinstance(fields, dict):
                self._on_error(InputError(place, "is not a JSON object"))
            elif not isinstance(fields.get("text"), str):
                self._on_error(InputError(place, 'has no "text" that is a string'))
            else:
                name = f"{source.name}#{number}"
                yield from self._event(place, name, name, fields)

    def _numbered(self, source: Source, stream: BinaryIO) -> Iterator[tuple[int, str]]:
        """Yield the lines that are not empty with their numbers; report those that are no text."""
        encoding = self._encoding or "utf-8"
        for number, raw in enumerate(bounded_lines(stream, _MAX_BYTES), 1):
            place, line = f"{source.place}:{number}", raw
            if number == 1:
                mark, marked = mark_of(raw)
                if not has_one_byte_line_breaks(marked or encoding):
                    yield from self._wide_lines(source, marked or encoding, raw, stream)
                    return
                line = raw[len(mark) :]
                encoding = "utf-8" if marked else encoding
            if len(line) > _MAX_BYTES:
                self._on_error(InputError(place, _TOO_LONG))
                continue
            try:
                text = line.decode(encoding)
            except UnicodeDecodeError as error:
                self._on_error(InputError(place, undecodable(encoding, error.start)))
                continue
            if text.strip():
                yield number, text

    def _wide_lines(
        self, source: Source, encoding: str, start: bytes, stream: BinaryIO
    ) -> Iterator[tuple[int, str]]:
        """Yield lines of an encoding such as UTF-16, where a line break is not one byte."""
        decoder = codecs.getincrementaldecoder(encoding)()
        left, number, chunk = "", 0, start
        while True:
            try:
                left += decoder.decode(chunk, not chunk)
            except UnicodeDecodeError:
                error = f"is not {encoding} below line {number:,}; the rest is not read"
                self._on_error(InputError(source.place, error))
                return
            *whole, left = left.split("\n")
            if not chunk:
                whole.append(left)
            for line in whole:
                number += 1
                if line.strip():
                    yield number, line
            if len(left) > _MAX_BYTES:
                error = f"{_TOO_LONG}; the rest of the file is not read"
                self._on_error(InputError(f"{source.place}:{number + 1}", error))
                return
            if not chunk:
                return
            chunk = stream.read(_CHUNK_BYTES)

    def _event(
        self, place: str, fallback_id: str, name: str, fields: Mapping[str, Any]
    ) -> Iterator[DocumentIngested]:
        if fields.get("id") is None and self._by_content:
            fallback_id = sha256(fields["text"].encode(errors="surrogatepass")).hexdigest()
        try:
            yield event_of(fields, fallback_id, name, source=self._source, event_id=self._event_id)
        except (ContractError, UnicodeEncodeError, UnusableField) as error:
            self._on_error(InputError(place, str(error)))
