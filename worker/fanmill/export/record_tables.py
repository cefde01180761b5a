"""Records of a back-fill as Parquet files, with the columns of an export (extra `parquet`)."""

from __future__ import annotations

import os
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from pydantic_core import from_json, to_json

from fanmill.backfill.inputs import PARQUET_SUFFIX
from fanmill.export.parquet import ParquetFailed, table_row, write_parquet

_JUDGED: Final[dict[str, Any]] = {
    "revision": None,
    "completed_at": "1970-01-01T00:00:00Z",
    "deduplication": {"verdict": None},
}
"""Members that an unjudged record lacks."""
_OF_VERDICT: Final = dict.fromkeys(("completed_at", "partition"))
"""Columns that are null until there is a verdict."""


@dataclass(frozen=True, slots=True)
class RecordTables:
    """Tables of records; see `backfill.record_files.RecordFormat`.

    Members that an unjudged record lacks, such as the verdict, are null.
    """

    name: str = "parquet"
    suffix: str = PARQUET_SUFFIX

    def line(self, record_json: bytes) -> bytes:
        """Return the row of a record as JSON."""
        record = from_json(record_json)
        judged = "deduplication" in record
        values = table_row(record if judged else record | _JUDGED)
        if not judged:
            values |= _OF_VERDICT
        return to_json({**values, "record": record_json.decode()}) + b"\n"

    def opened(self, draft: BinaryIO) -> Any:
        """Return the draft: it is read once, and not worth compression."""
        return nullcontext(draft)

    def finish(self, draft: Path, path: Path) -> None:
        """Write the table, and remove the draft."""
        try:
            write_parquet(draft, path, fingerprints=False, entry_ids=False)
        except ParquetFailed as error:
            raise OSError(str(error)) from None
        with path.open("rb") as file:
            os.fsync(file.fileno())
        draft.unlink()
