"""Tables for people: results, rejections, lists. All text in them is escaped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from fanmill.cli.short_ids import short_ids
from fanmill.core.text.escapes import escape_controls

if TYPE_CHECKING:
    from fanmill.ports import RejectedEntry
    from fanmill_contracts import Deduplication, DocumentResult

_PHRASES_SHOWN: Final = 3
_WIDE: Final = 100
"""Columns from which a table of results has room for the reading time."""


def cell(value: object, style: str = "") -> Text:
    """Return a value as text for a table: no markup, control characters as escapes."""
    return Text(escape_controls(str(value), keep_line_breaks=True), style=style)


def listing(*names: str, numbers: Collection[str] = (), title: str = "") -> Table:
    """Return an empty table with these columns; those in `numbers` are set to the right."""
    table = Table(
        title=cell(title, "bold") if title else None,
        title_justify="left",
        box=SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for name in names:
        table.add_column(name, justify="right" if name in numbers else "left", overflow="fold")
    return table


def add_row(table: Table, *values: object) -> None:
    """Add a row of values, each escaped; a `Text` stays as it is."""
    table.add_row(*(value if isinstance(value, Text) else cell(value) for value in values))


def facts(rows: Iterable[tuple[str, object]], title: str = "") -> Table:
    """Return names with their values in two columns."""
    table = Table(
        title=cell(title, "bold") if title else None,
        title_justify="left",
        show_header=False,
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
    )
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        add_row(table, cell(name), value)
    return table


def results_table(results: Sequence[DocumentResult], width: int) -> Table:
    """Return one row per document: verdict, language, sizes, first keyphrases.

    Args:
        results: The results, in the order of the rows.
        width: Columns of the terminal. Below 100 the reading time is left out.
    """
    wide = width >= _WIDE
    limit = width * 3 // 10
    ids = short_ids(
        (
            each
            for result in results
            for each in (result.document_id, result.deduplication.duplicate_of)
            if each is not None
        ),
        limit,
    )
    table = listing(
        "document",
        "verdict",
        "lang",
        "words",
        *(["reading"] if wide else []),
        "keyphrases",
        numbers={"words", "reading"},
    )
    table.expand = True
    table.columns[0].max_width = limit
    table.columns[1].max_width = max(width // 4, 8)
    for column in table.columns[2:]:
        column.no_wrap = True
    table.columns[-1].ratio = 1
    table.columns[-1].overflow = "ellipsis"
    for result in results:
        cells = _cells(result, ids)
        add_row(table, *(cells if wide else cells[:4] + cells[5:]))
    return table


def _cells(result: DocumentResult, ids: Mapping[str, str]) -> tuple[str, ...]:
    document, verdict = ids[result.document_id], verdict_text(result.deduplication, ids)
    statistics, tagging = result.statistics, result.tagging
    if statistics is None or tagging is None:
        return (document, verdict, "", "", "", "")
    phrases = [tag.value for tag in tagging.tags.get("keyphrase", ())]
    return (
        document,
        verdict,
        tagging.language,
        f"{statistics.words:,}",
        duration(statistics.reading_time_seconds),
        ", ".join(phrases[:_PHRASES_SHOWN]),
    )


def verdict_text(judged: Deduplication, ids: Mapping[str, str] | None = None) -> str:
    """Return a verdict for people: `near 0.93 of inv-0017`.

    `near 0.97 in inv-0017` is one decided by containment, whichever of the two texts is longer.

    Args:
        judged: The verdict.
        ids: Short forms of ids, from `short_ids`.
    """
    if judged.duplicate_of is None:
        return judged.verdict
    original = (ids or {}).get(judged.duplicate_of, judged.duplicate_of)
    if judged.verdict != "near" or judged.similarity is None:
        return f"{judged.verdict} of {original}"
    if judged.decided_by == "containment" and judged.containment is not None:
        return f"near {judged.containment:.2f} in {original}"
    return f"near {judged.similarity:.2f} of {original}"


def rejected_table(entries: Sequence[RejectedEntry], width: int) -> Table:
    """Return one row per rejection: its id, the document, reason, stage and attempts, the error.

    Args:
        entries: The rejections, in the order of the rows.
        width: Columns of the terminal.
    """
    ids = short_ids((each.event.data.document_id or "?" for each in entries), width // 4)
    table = listing("rejected id", "document", "reason, stage", "error")
    table.columns[0].no_wrap = table.columns[2].no_wrap = True
    table.columns[1].max_width = max(width // 4, 8)
    for entry in entries:
        data = entry.event.data
        place = f"{data.reason}\n{data.stage}"
        if data.attempts > 1:
            place += f", {data.attempts} attempts"
        add_row(table, entry.id, ids[data.document_id or "?"], place, data.error)
    return table


def duration(seconds: float) -> str:
    """Return a length of time for people: `45 s`, `3 min`, `2 h 5 min`."""
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
