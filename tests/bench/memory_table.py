"""The tables of memory in `deploy/README.md`, made from the figures of the last measurement."""

import json
from pathlib import Path
from typing import Any, Final

FIGURES: Final = Path(__file__).parent / "memory.json"
PAGE: Final = Path(__file__).parents[2] / "deploy" / "README.md"
MARKS: Final = ("<!-- memory: begin (make bench-memory) -->", "<!-- memory: end -->")
LABELS: Final = {
    "document": ("record", "`FANMILL_RESULT_RETENTION_DAYS`, 30 days"),
    "document.processed": (
        "processed event",
        "the newest `FANMILL_PROCESSED_STREAM_MAXLEN`, 100,000 of all documents",
    ),
    "event": ("event id", "`FANMILL_IDEMPOTENCY_WINDOW_DAYS`, 7 days"),
    "dedup": ("duplicate index", "`FANMILL_DEDUP_HORIZON_DAYS`, 30 days, up to an eighth longer"),
    "results": ("completed documents by time", "`FANMILL_RESULT_RETENTION_DAYS`, 30 days"),
    "trends": ("counts of terms", "bounded by `FANMILL_TRENDS_MAX_TERMS`"),
}
"""Name and lifetime of each kind of key, by the word behind the namespace."""


def figures() -> dict[str, Any]:
    """Return the figures of the last measurement."""
    found: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return found


def tables(found: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    machine, versions, redis = found["machine"], found["versions"], found["redis"]
    software = ", ".join(f"{name} {version}" for name, version in versions.items())
    before = redis["before_completion"]
    rows = [
        ("event in the ledger", before["waiting"], "until the document is complete"),
        ("stage results and ids in flight", before["in flight"], "until the document is complete"),
        ("rejected event", before["rejected"], "until replayed or dropped"),
        *((*LABELS.get(kind, (f"`{kind}`", "")), size) for kind, size in redis["by_kind"].items()),
    ]
    lines = [
        (
            f"Measured by `make bench-memory` on {machine['cpus']} CPUs ({machine['processor']}), "
            f"{machine['memory_gib']} GiB of memory, {machine['system']}, with {software}. Load "
            f"average at the start: {machine['load']:.1f}. Texts are {redis['text_bytes']:,} bytes "
            "long."
        ),
        "",
        "| In Redis | bytes per document | for how long |",
        "|---|---:|---|",
        *(f"| {name} | {size:,} | {kept} |" for name, size, kept in map(_ordered, rows)),
        (
            f"| **completed document: all keys, with the server's overhead** "
            f"| **{redis['bytes_per_document']:,}** | |"
        ),
        "",
        "| Child of a worker, after | languages | its own memory, MB | parent's RSS, MB |",
        "|---|---|---:|---:|",
        *(
            f"| {row['documents']:,} documents | {row['languages']} | {row['own_mb']:.0f} "
            f"| {row['parent_rss_mb']:.0f} |"
            for row in found["worker"]
        ),
        "",
        "| Intake, sent | maximum RSS, MB |",
        "|---|---:|",
        *(f"| {row['sent']} | {row['peak_mb']:.0f} |" for row in found["intake"]),
    ]
    return "\n".join(lines)


def _ordered(row: tuple[Any, ...]) -> tuple[str, int, str]:
    name, second, third = row
    return (name, second, third) if isinstance(second, int) else (name, third, second)


def written(page: str, found: dict[str, Any]) -> str:
    """Return the page with the tables between the marks."""
    before, _, rest = page.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    return f"{before}{MARKS[0]}\n{tables(found)}\n{MARKS[1]}{after}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), figures()), encoding="utf-8")
