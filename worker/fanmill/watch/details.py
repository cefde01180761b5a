"""All of a row: its values, and what its screen in the web console would show beside them."""

from __future__ import annotations

import shlex

from rich.text import Text

from fanmill.core.text.escapes import escape_controls
from fanmill.screens.actions import look_at as look_at_action
from fanmill.screens.clusters import cluster
from fanmill.screens.document import document, shown_tags
from fanmill.screens.failures import find, group_filter
from fanmill.screens.reading import Reader
from fanmill.screens.rejection import look_at as look_at_rejection
from fanmill.screens.tables import Row, Table
from fanmill.screens.tracing import follow
from fanmill.screens.whereabouts import in_words
from fanmill.watch.cells import exact

_MAX_LINES = 400
_MAX_CHARACTERS = 40_000
_MEMBERS = 20
_NAME_WIDTH = 18


def values_of(table: Table, row: Row, now_ms: int) -> Text:
    """Return the values of all columns, those that a narrow table leaves out among them."""
    text = Text()
    for column, value in zip(table.columns, row.values, strict=True):
        if column.kind == "course":
            continue
        text.append(f"{column.title:<{_NAME_WIDTH}}", style="bold")
        text.append(f"{exact(value, column, now_ms)}\n")
    return text


def beside(reader: Reader, table: Table, row: Row) -> str:
    """Return further lines about a row, read now; empty if there is nothing to add.

    Raises:
        RedisError: A server does not answer.
    """
    match table.name:
        case "waiting" | "inflight":
            text = _trace(reader, row.id.partition(":")[2])
        case "documents":
            text = _document(reader, row.id)
        case "clusters":
            text = _cluster(reader, row.id)
        case "rejections":
            text = _rejection(reader, row.id)
        case "failures":
            text = _group(reader, row.id)
        case "actions":
            text = _action(reader, row.id)
        case _:
            return ""
    lines = escape_controls(text[:_MAX_CHARACTERS], keep_line_breaks=True).splitlines()
    more = [f"{len(lines) - _MAX_LINES:,} more lines"] if len(lines) > _MAX_LINES else []
    if len(text) > _MAX_CHARACTERS:
        more = [f"{len(text) - _MAX_CHARACTERS:,} more characters"]
    return "\n".join(["", *lines[:_MAX_LINES], *more])


def _trace(reader: Reader, entry_id: str) -> str:
    return "\n".join(f"Now: {step.text}" for step in follow(reader, entry_id))


def _document(reader: Reader, document_id: str) -> str:
    found = document(reader, document_id)
    if found is None:
        return "No record of it is stored any more."
    texts = reader.settings.console_text
    parts = [f"Now: {in_words(found.trace)}"]
    for name, chips in shown_tags(found, texts=texts).items():
        parts.append(f"{name}: " + ", ".join(chip.value for chip in chips))
    parts += [f"Fails {name}: {why}" for name, why in found.failed]
    if found.comparison is not None and found.cluster:
        parts.append(f"Its cluster: /{found.cluster} in the web console, or fanmill clusters.")
    if texts:
        parts += ["", *(each.text for each in found.sentences)]
    parts += ["", f"All of it: fanmill show {shlex.quote(document_id)}"]
    return "\n".join(parts)


def _cluster(reader: Reader, original: str) -> str:
    found = cluster(reader, original)
    if found is None:
        return "No record of it is stored any more."
    members = [
        f"{each['deduplication']['verdict']:<10}{each['document_id']}" for each in found.members
    ]
    more = [f"{len(members) - _MEMBERS:,} more"] if len(members) > _MEMBERS else []
    return "\n".join([f"Members: {found.size}", *members[:_MEMBERS], *more])


def _rejection(reader: Reader, row_id: str) -> str:
    number, _, rejected_id = row_id.partition(":")
    seen = look_at_rejection(reader, number, rejected_id)
    if seen is None:
        return "It was replayed or dropped meanwhile."
    if not reader.settings.console_text:
        return "The original event is hidden: FANMILL_CONSOLE_TEXT=off."
    if not seen.event:
        kept = "\n".join(f"{name}: {value}" for name, value in seen.raw.items())
        return f"Original entry, which is no event in JSON\n{kept}" if kept else seen.cut
    return f"Original event\n{seen.event}"


def _group(reader: Reader, group_id: str) -> str:
    found = find(reader, group_filter(group_id)).table
    names = [column.name for column in found.columns]
    lines = [
        f"{row.values[names.index('rejection')]}  {row.values[names.index('document')] or '-'}  "
        f"{row.values[names.index('error')] or ''}"
        for row in found.rows[:10]
    ]
    return "\n".join(["First rejections", *(line.replace("\n", " ") for line in lines)])


def _action(reader: Reader, action_id: str) -> str:
    seen = look_at_action(reader, action_id)
    if seen is None:
        return "It is no longer kept."
    left = f"Left out {seen.left:,}: {seen.reasons}" if seen.left else ""
    return "\n".join(part for part in (f"{seen.rate:,.1f} rejections/s", left, seen.stuck) if part)
