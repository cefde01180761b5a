"""The overview as plain text, for scripts, pipes and mail: no colour, no drawing."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from fanmill.core.text.escapes import escape_controls
from fanmill.screens.forms import moment, written
from fanmill.screens.overview import Overview, StageBox
from fanmill.watch.look import WORDS, said

MIN_WIDTH: Final = 40
STAGE_COLUMNS: Final = (("busy", 10), ("queue", 10), ("rate", 12), ("median", 11), ("95 %", 11))
"""Headings of the numbers of a stage, and their widths."""


def plain(seen: Overview, label: str = "", width: int = 80) -> str:
    """Return the overview as lines of at most `width` characters, 40 or more."""
    lines = _lines(seen, label, max(MIN_WIDTH, width))
    return "\n".join(escape_controls(line).rstrip() for line in lines)


def _lines(seen: Overview, label: str, width: int) -> Iterator[str]:
    yield " ".join(part for part in ("fanmill", label, moment(seen.now_ms)) if part)[:width]
    yield ""
    for line in seen.lines:
        yield from textwrap.wrap(
            escape_controls(said(line)),
            width,
            initial_indent=f"{WORDS[line.severity]} ",
            subsequent_indent=" " * 8,
        )
    if not seen.lines:
        yield from textwrap.wrap(seen.well, width)
    yield ""
    for tile in seen.tiles:
        value = "-" if tile.value is None else written(tile.value, tile.kind)
        yield f"{tile.title:<16}{value:>14}   {tile.detail}"[:width]
    yield ""
    yield stage_heading()[:width]
    for stage in seen.stages:
        yield stage_line(stage)[:width]


def stage_heading() -> str:
    """Return the headings above `stage_line`."""
    return f"{'Stage':<12}" + "".join(f"{name:>{wide}}" for name, wide in STAGE_COLUMNS)


def stage_line(stage: StageBox) -> str:
    """Return a stage in at most 75 characters."""
    values = (
        f"{stage.busy:.0f} of {stage.children}",
        written(stage.queue, "count"),
        written(stage.rate, "rate"),
        written(stage.p50_ms, "milliseconds") or "-",
        written(stage.p95_ms, "milliseconds") or "-",
    )
    cells = "".join(
        f"{value:>{wide}}" for value, (_, wide) in zip(values, STAGE_COLUMNS, strict=True)
    )
    return f"{stage.name:<12}{cells}" + ("  paused" if stage.paused else "")
