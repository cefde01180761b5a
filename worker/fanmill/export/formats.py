"""Formats of an export: each turns a row into a line of bytes. Pure."""

from __future__ import annotations

import csv
import io
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, get_args

from pydantic_core import from_json, to_json

from fanmill.core.text.escapes import escape_json
from fanmill.export.dolma import attributes_in
from fanmill.export.quality import quality_signals_in
from fanmill.export.scalars import SCALAR_COLUMNS, scalars_of
from fanmill.export.sources import ExportRow, RejectionRow
from fanmill.export.terms import ExportFormat
from fanmill_contracts import DocumentRejected

STORED: Final = "stored"
"""Member of an exported line that an import needs, and other readers pass over."""
REJECTED: Final = "rejected"
"""Only other member of the line of a rejection."""

_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
"""First characters of a cell that spreadsheets execute (OWASP, CSV injection)."""


class RejectionNotExported(Exception):
    """A format has no place for rejections."""


class Encoder(Protocol):
    """A format."""

    def head(self) -> bytes:
        """Return what each file begins with."""

    def line(self, row: ExportRow) -> bytes:
        """Return the bytes of a row."""


def encoder_of(name: ExportFormat, *, fingerprints: bool) -> Encoder:
    """Return the encoder of a format; for Parquet one that writes lines for it."""
    if name == "jsonl":
        return JsonLines(fingerprints=fingerprints)
    if name == "csv":
        return Csv()
    if name == "dolma":
        return OfRecords(attributes_in)
    if name == "quality-signals":
        return OfRecords(quality_signals_in)
    from fanmill.export.parquet import ParquetLines  # noqa: PLC0415  circular

    assert name in get_args(ExportFormat)  # noqa: S101
    return ParquetLines(fingerprints=fingerprints)


@dataclass(frozen=True, slots=True)
class JsonLines:
    """Records as they are, with the member `stored` at their end; rejections likewise.

    `{"document_id": ..., "stored": {"entry_id", "fingerprint"}}` is a record, and
    `{"rejected": {...}, "stored": {"rejected_id", "event"}}` a rejection: `rejected` holds the
    `data` of its event and `event` the other members.
    """

    fingerprints: bool = False

    def head(self) -> bytes:
        """Return nothing."""
        return b""

    def line(self, row: ExportRow) -> bytes:
        """Return the JSON of a row on one line."""
        if isinstance(row, RejectionRow):
            # In the form of the model: databases differ in what they keep of empty members.
            model = DocumentRejected.model_validate_json(row.event_json)
            event = model.model_dump(mode="json", exclude_none=True)
            data = event.pop("data")
            kept = {"rejected_id": row.rejected_id, "event": event}
            return _line(to_json({REJECTED: data, STORED: kept}))
        stored: dict[str, Any] = {"entry_id": row.entry_id}
        if self.fingerprints and row.fingerprint:
            stored["fingerprint"] = b64encode(row.fingerprint).decode()
        record = row.record_json.rstrip()
        return _line(record[:-1] + b',"' + STORED.encode() + b'":' + to_json(stored) + b"}")


@dataclass(frozen=True, slots=True)
class Csv:
    """Scalars of records as CSV (RFC 4180, UTF-8, lines end in CR LF).

    A text that a spreadsheet would execute as a formula gets an apostrophe before it.
    """

    def head(self) -> bytes:
        """Return the line of names."""
        return _csv_line(list(SCALAR_COLUMNS))

    def line(self, row: ExportRow) -> bytes:
        """Return the line of a record."""
        values = scalars_of(_record(row))
        return _csv_line([_cell(value) for value in values.values()])


class OfRecords:
    """JSON lines made from each record.

    Args:
        make: Returns the object of a record.
    """

    def __init__(self, make: Any) -> None:
        self._make = make

    def head(self) -> bytes:
        """Return nothing."""
        return b""

    def line(self, row: ExportRow) -> bytes:
        """Return the JSON of a record's object."""
        return _line(to_json(self._make(_record(row))))


def _record(row: ExportRow) -> Mapping[str, Any]:
    if isinstance(row, RejectionRow):
        raise RejectionNotExported
    record: Mapping[str, Any] = from_json(row.record_json)
    return record


def _line(json: bytes) -> bytes:
    # Line separators of Unicode inside of strings would end the line for some readers.
    return escape_json(json.decode()).encode() + b"\n"


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA_SIGNS):
        return f"'{value}"
    return value


def _csv_line(cells: list[Any]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerow(cells)
    return stream.getvalue().encode()
