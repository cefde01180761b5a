"""Names of the formats, and the format that a file's name tells."""

from pathlib import Path
from typing import Final, Literal

ExportFormat = Literal["jsonl", "csv", "parquet", "dolma", "quality-signals"]

Packing = Literal["", ".gz", ".zst"]

_BY_SUFFIX: Final[dict[str, ExportFormat]] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
}


def format_of(path: Path) -> ExportFormat | None:
    """Return the format that a file's name tells; None if it tells none."""
    name = path.name.lower().removesuffix(packing_of(path))
    return next((kind for suffix, kind in _BY_SUFFIX.items() if name.endswith(suffix)), None)


def packing_of(path: Path) -> Packing:
    """Return the ending that tells how a file is packed; empty for a plain one."""
    name = path.name.lower()
    if name.endswith(".gz"):
        return ".gz"
    return ".zst" if name.endswith(".zst") else ""
