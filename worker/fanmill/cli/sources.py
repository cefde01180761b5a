"""Documents from files: text, Markdown and the JSON lines of the Dolma toolkit."""

import gzip
import io
import json
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any, Final

import zstandard

from fanmill_contracts import DocumentIngested, InvalidEvent, limits

TEXT_SUFFIXES: Final = (".txt", ".md")
LINES_SUFFIXES: Final = (".jsonl", ".jsonl.gz", ".jsonl.zst")
STDIN: Final = "-"

_OWN_FIELDS: Final = ("title", "url", "language", "author", "publisher")
_KEPT_FIELDS: Final = frozenset({"id", "text", "metadata", *_OWN_FIELDS})


class UnreadablePath(Exception):
    """A path that does not exist or is of no known kind; the text says which are."""


@dataclass(frozen=True, slots=True)
class InputError:
    """One document that could not be read; the others go on."""

    place: str
    """File, with the line for JSON lines."""
    error: str


OnInputError = Callable[[InputError], None]
EventIds = Callable[[str, str], str]
"""From a document's id and its content to the id of its event."""


def content_id(document_id: str, content: str) -> str:
    """Return an event id that is the same for the same content: publishing again has no effect."""
    return blake2b(
        f"{document_id}\x00{content}".encode(errors="replace"), digest_size=16
    ).hexdigest()


def find_files(paths: Iterable[str]) -> list[Path | None]:
    """Return all files to read, folders searched through in order of names; None is stdin.

    Files named by the user must be of a known kind; in folders others are passed over.

    Raises:
        UnreadablePath: A path does not exist, is of no known kind, or a folder
            holds nothing to read.
    """
    found: list[Path | None] = []
    for name in paths:
        path = Path(name)
        if name == STDIN:
            found.append(None)
        elif path.is_dir():
            inside = [
                each
                for each in sorted(path.rglob("*"))
                if each.is_file()
                and each.name.endswith(TEXT_SUFFIXES + LINES_SUFFIXES)
                and not any(part.startswith(".") for part in each.relative_to(path).parts)
            ]
            if not inside:
                raise UnreadablePath(f"folder {name!r} holds no {_kinds()} file")
            found += inside
        elif not path.exists():
            raise UnreadablePath(f"{name!r} does not exist")
        elif not name.endswith(TEXT_SUFFIXES + LINES_SUFFIXES):
            raise UnreadablePath(f"{name!r} is of no known kind; expected {_kinds()}")
        else:
            found.append(path)
    return found


def documents(
    files: Iterable[Path | None], *, source: str, event_id: EventIds, on_error: OnInputError
) -> Iterator[DocumentIngested]:
    """Read documents one by one, never a whole collection at once.

    Args:
        files: From `find_files`.
        source: The `source` of the events.
        event_id: Makes the id of each event.
        on_error: Told of each document that cannot be read or is over a limit.
    """
    reader = _Reader(source, event_id, on_error)
    for path in files:
        yield from reader.read(path)


def lines_of(path: Path) -> Iterator[bytes]:
    """Return the lines of a `.jsonl` file, unpacked.

    Raises:
        UnreadablePath: It cannot be read.
    """
    try:
        with closing(_opened(path)) as lines:
            yield from lines
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        raise UnreadablePath(f"{str(path)!r} cannot be read: {error}") from None


class _Reader:
    def __init__(self, source: str, event_id: EventIds, on_error: OnInputError) -> None:
        self._source = source
        self._event_id = event_id
        self._on_error = on_error

    def read(self, path: Path | None) -> Iterator[DocumentIngested]:
        if path is None:
            yield from self._stdin()
            return
        try:
            if path.name.endswith(TEXT_SUFFIXES):
                yield from self._text(path.as_posix(), path.read_bytes())
                return
            with closing(_opened(path)) as lines:
                yield from self._lines(path.as_posix(), lines)
        except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
            self._on_error(InputError(path.as_posix(), f"cannot be read: {error}"))

    def _stdin(self) -> Iterator[DocumentIngested]:
        stream = sys.stdin.buffer
        first = stream.readline()
        # JSON lines begin with an object; any other text is one document.
        if first.lstrip().startswith(b"{"):
            yield from self._lines("stdin", chain([first], stream))
        else:
            yield from self._text("stdin", first + stream.read())

    def _text(self, name: str, content: bytes) -> Iterator[DocumentIngested]:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self._on_error(
                InputError(name, f"is not UTF-8 at byte {error.start:,}; convert it first")
            )
            return
        yield from self._event(name, name, {"text": text})

    def _lines(self, name: str, lines: Iterable[bytes]) -> Iterator[DocumentIngested]:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            place = f"{name}:{number}"
            try:
                fields = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
            except (ValueError, RecursionError) as error:
                self._on_error(InputError(place, f"is not JSON: {error}"))
                continue
            if not isinstance(fields, dict):
                self._on_error(InputError(place, "is not a JSON object"))
            elif not isinstance(fields.get("text"), str):
                self._on_error(InputError(place, 'has no "text" that is a string'))
            else:
                yield from self._event(place, f"{name}#{number}", fields)

    def _event(
        self, place: str, fallback_id: str, fields: Mapping[str, Any]
    ) -> Iterator[DocumentIngested]:
        given = fields.get("id")
        document_id = str(given) if isinstance(given, str | int) else _short_id(fallback_id)
        published = _moment(fields.get("created"))
        try:
            event = DocumentIngested.create(
                document_id,
                fields["text"],
                source=self._source,
                published_at=published,
                metadata=dict(_metadata(fields, skip_created=published is not None)),
                **{
                    name: fields[name]
                    for name in _OWN_FIELDS
                    if isinstance(fields.get(name), str) and fields[name]
                },
            )
            content = json.dumps(fields, sort_keys=True, ensure_ascii=True)
            yield event.model_copy(update={"id": self._event_id(document_id, content)})
        except InvalidEvent as error:
            self._on_error(InputError(place, str(error)))


def _opened(path: Path) -> io.BufferedIOBase:
    if path.name.endswith(".gz"):
        return gzip.open(path)
    if path.name.endswith(".zst"):
        stream = zstandard.ZstdDecompressor().stream_reader(path.open("rb"), closefd=True)
        return io.BufferedReader(stream)
    return path.open("rb")


def _metadata(fields: Mapping[str, Any], *, skip_created: bool) -> Iterator[tuple[str, Any]]:
    """Yield what the event has no member for; nested values as JSON text."""
    nested = fields.get("metadata")
    inner = nested if isinstance(nested, dict) else {}
    others = {name: value for name, value in fields.items() if name not in _KEPT_FIELDS}
    if nested is not None and not isinstance(nested, dict):
        others["metadata"] = nested
    for name, value in {**inner, **others}.items():
        if name == "created" and skip_created:
            continue
        flat = value is None or isinstance(value, bool | int | float | str)
        yield str(name), value if flat else json.dumps(value, ensure_ascii=False)


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _short_id(name: str) -> str:
    if len(name) <= limits.MAX_ID_CHARACTERS:
        return name
    digest = blake2b(name.encode(), digest_size=16).hexdigest()
    return f"{digest}-{name[-(limits.MAX_ID_CHARACTERS - len(digest) - 1) :]}"


def _kinds() -> str:
    return " ".join(TEXT_SUFFIXES + LINES_SUFFIXES)
