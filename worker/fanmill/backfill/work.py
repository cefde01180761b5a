"""Rows of a part on their way through the stages: rows become events, events outcomes."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import IO, Any, Final

from pydantic_core import from_json

from fanmill.backfill.inputs import InputFile
from fanmill.backfill.rows import PART_BYTES, Part, Row, line_number
from fanmill.batch.line_files import READ_ERRORS
from fanmill.batch.mill import Mill
from fanmill.batch.outcomes import UnjudgedRecord
from fanmill.batch.run_file import RunKey
from fanmill.core.event_fields import FieldNames, event_of, moment_of_field, place_id, value_at
from fanmill_contracts import ContractError, DocumentIngested, limits
from fanmill_contracts.codec import ingested

FILE_SHIFT: Final = 40
"""Bits for the place of a row in its file, in the sequence of a run key."""

_MAX_LINE: Final = 8 * limits.MAX_EVENT_BYTES
_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Reading:
    """How rows become events."""

    fields: FieldNames
    source: str
    arrival_field: str | None
    """Field with the time of arrival; None: all documents arrive when they are merged."""
    part_bytes: int = PART_BYTES
    """Size of a part before packing."""


class UnusableRow(ValueError):
    """A row that is no document; the text says why."""


class RowsAtWork:
    """The rows of a part on their way through the stages."""

    def __init__(self, mill: Mill, reading: Reading, file: InputFile, rejected: IO[str]) -> None:
        self._mill = mill
        self._reading = reading
        self._file = file
        self._output = rejected
        self._waiting: deque[tuple[int, int]] = deque()
        self.rejected = 0
        self.first = 0
        self.unreadable = ""

    def outcomes(
        self, part: Part
    ) -> Iterator[tuple[UnjudgedRecord | None, Callable[[str], RunKey]]]:
        """Yield the record of each document, None for a rejection, and the maker of its key."""
        for outcome in self._mill.process(self._events(part)):
            place, arrival_ms = self._waiting.popleft()
            key = partial(self._key, place, arrival_ms)
            if isinstance(outcome, UnjudgedRecord):
                yield outcome, key
            else:
                self._reject(
                    place,
                    outcome.reason,
                    outcome.error,
                    document_id=outcome.document_id,
                    stage=outcome.stage,
                )
                yield None, key

    def _key(self, place: int, arrival_ms: int, partition: str) -> RunKey:
        return RunKey(partition, arrival_ms, 0, self._file.number << FILE_SHIFT | place)

    def _events(self, part: Part) -> Iterator[DocumentIngested]:
        begun = False
        try:
            for row in part.rows():
                if not begun:
                    begun, self.first = True, row.place
                try:
                    fields = _fields(row)
                    if fields is None:
                        continue
                    arrival_ms = self._arrival(fields)
                    event = self._event(row, fields)
                except (ContractError, UnicodeEncodeError, ValueError, RecursionError) as error:
                    self._reject(row.place, "malformed-event", str(error))
                    continue
                self._waiting.append((row.place, arrival_ms))
                yield event
        except READ_ERRORS as error:
            self.unreadable = f"cannot be read: {getattr(error, 'strerror', None) or error}"
            self._write_rejection(str(self._file.path), "unreadable-input", self.unreadable)

    def _event(self, row: Row, fields: Mapping[str, Any]) -> DocumentIngested:
        if "specversion" in fields:
            return ingested(fields)
        named = self._reading.fields.renamed(fields)
        fallback = ""
        if named.get("id") is None:
            fallback = f"{self._file.name}#{line_number(self._file, row.place)}"
        return event_of(
            named,
            fallback,
            f"{self._file.name}@{row.place}",
            source=self._reading.source,
            event_id=place_id,
        )

    def _arrival(self, fields: Mapping[str, Any]) -> int:
        name = self._reading.arrival_field
        if name is None:
            return 0
        value = value_at(fields, name)
        moment = moment_of_field(value if isinstance(value, str) or value is None else str(value))
        if moment is None:
            raise UnusableRow(
                f"has no time with a zone in {name!r} (--arrival-field), such as "
                "2026-01-31T12:00:00Z"
            )
        milliseconds = round(moment.timestamp() * 1000)
        if milliseconds <= 0:
            raise UnusableRow(f"has a time before 1970 in {name!r} (--arrival-field)")
        return milliseconds

    def _reject(self, place: int, reason: str, error: str, **more: str | None) -> None:
        where = f"{self._file.path}:{line_number(self._file, place)}"
        self._write_rejection(where, reason, error, **more)

    def _write_rejection(self, where: str, reason: str, error: str, **more: str | None) -> None:
        line = {"place": where, "reason": reason, "error": error, **more}
        self._output.write(json.dumps(line, ensure_ascii=True) + "\n")
        self.rejected += 1


def _fields(row: Row) -> Mapping[str, Any] | None:
    """Return the fields of a row; None for an empty line.

    Raises:
        ValueError: The row is no JSON object.
    """
    if not isinstance(row.content, bytes):
        return row.content
    line = row.content
    if row.place == 0:
        line = line.removeprefix(_MARK)
    if len(line) > _MAX_LINE:
        raise UnusableRow(
            f"is longer than {_MAX_LINE:,} bytes; the limit of an event is "
            f"{limits.MAX_EVENT_BYTES:,} bytes"
        )
    if not line.strip():
        return None
    try:
        fields = from_json(line)
    except ValueError as error:
        raise UnusableRow(f"is not JSON in UTF-8: {error}") from None
    if not isinstance(fields, dict):
        raise UnusableRow("is not a JSON object")
    return fields
