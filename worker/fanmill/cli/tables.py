"""Results and rejections as tables for people. The same facts as JSON, fewer of them."""

from collections.abc import Iterable
from datetime import UTC, datetime

from rich.box import SIMPLE_HEAD
from rich.table import Table

from fanmill.cli.console import escaped
from fanmill.ports import RejectedEntry
from fanmill_contracts import Deduplication, DocumentResult

_PHRASES_SHOWN = 3


def results_table(results: Iterable[DocumentResult], title: str | None = None) -> Table:
    """Return one row per document: verdict, language, sizes, first keyphrases."""
    # Ratios share what the fixed columns leave; without expand rich shrinks the fixed ones.
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("document", overflow="ellipsis", no_wrap=True, min_width=16, ratio=4)
    table.add_column("verdict", overflow="ellipsis", no_wrap=True, min_width=8, ratio=4)
    table.add_column("lang", no_wrap=True, min_width=4)
    table.add_column("words", justify="right", no_wrap=True, min_width=6)
    table.add_column("reading", justify="right", no_wrap=True, min_width=7)
    table.add_column("keyphrases", overflow="ellipsis", no_wrap=True, ratio=5)
    for result in results:
        table.add_row(escaped(result.document_id), *_cells(result))
    return table


def _cells(result: DocumentResult) -> tuple[str, ...]:
    judged = result.deduplication
    verdict = verdict_text(judged)
    statistics, tagging = result.statistics, result.tagging
    if statistics is None or tagging is None:
        return (escaped(verdict), "", "", "", "")
    phrases = [tag.value for tag in tagging.tags.get("keyphrase", ())]
    return (
        escaped(verdict),
        tagging.language,
        f"{statistics.words:,}",
        duration(statistics.reading_time_seconds),
        escaped(", ".join(phrases[:_PHRASES_SHOWN])),
    )


def verdict_text(judged: Deduplication) -> str:
    """Return a verdict as people read it: `near 0.93 of inv-0017`.

    One decided by containment shows that: `near 0.97 in inv-0017`, whichever of the
    two is the longer.
    """
    if judged.duplicate_of is None:
        return judged.verdict
    if judged.verdict != "near" or judged.similarity is None:
        return f"{judged.verdict} of {judged.duplicate_of}"
    if judged.decided_by == "containment" and judged.containment is not None:
        return f"near {judged.containment:.2f} in {judged.duplicate_of}"
    return f"near {judged.similarity:.2f} of {judged.duplicate_of}"


def rejected_table(entries: Iterable[RejectedEntry]) -> Table:
    """Return one row per rejection: when, which, why, where, after how many attempts."""
    table = Table()
    for name in ("rejected id", "when", "document"):
        table.add_column(name, overflow="fold")
    table.add_column("reason", overflow="fold")
    table.add_column("stage")
    table.add_column("attempts", justify="right")
    table.add_column("error", overflow="fold", ratio=1)
    for entry in entries:
        data = entry.event.data
        table.add_row(
            entry.id,
            moment(data.rejected_at),
            escaped(data.document_id or "?"),
            data.reason,
            data.stage,
            str(data.attempts),
            escaped(data.error),
        )
    return table


def duration(seconds: float) -> str:
    """Return a length of time as people say it: `45 s`, `3 min`, `2 h 5 min`."""
    if seconds < 60:  # noqa: PLR2004
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 60:  # noqa: PLR2004
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def moment_ms(milliseconds: int) -> str:
    """Return milliseconds since 1970 as `moment` does."""
    return moment(datetime.fromtimestamp(milliseconds / 1000, UTC))


def moment(time: datetime) -> str:
    """Return a point in time for a table: to the second, in UTC."""
    return f"{time:%Y-%m-%d %H:%M:%S}Z"
