"""A look at the installation: all that a screen of the terminal shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from fanmill.screens.attention import Line, Severity
from fanmill.screens.overview import Overview, Series, Span, overview, series
from fanmill.screens.reading import Reader
from fanmill.screens.tables import Table, Tile, as_dicts
from fanmill.stores.redis.controls import RedisControls, Signature
from fanmill.watch.catalogue import VIEWS, View, tables_of

WORDS: Final[Mapping[Severity, str]] = {"bad": "TROUBLE", "warn": "WARNING"}
"""First word of a line of attention: colour alone tells nothing to some, and not in a pipe."""


@dataclass(frozen=True, slots=True)
class Look:
    """The contents of a screen.

    Attributes:
        view: Name of the screen.
        overview: Attention lines and tiles; every screen shows the former.
        tables: Tables of the screen.
        course: Course of events; None on screens that do not show it.
        pauses: Pauses by partition and target.
    """

    view: str
    overview: Overview
    tables: Sequence[Table]
    course: Series | None
    pauses: Mapping[tuple[int, str], Signature]


def look(
    reader: Reader,
    view: View,
    span: Span = "24h",
    where: str = "",
    known: Sequence[Table] | None = None,
) -> Look:
    """Read what a screen shows.

    Args:
        reader: Reads all partitions.
        view: The screen.
        span: Span of the course of events.
        where: A filter; empty for none.
        known: Tables of an earlier look that are shown again; None to read them.

    Raises:
        FilterError: The filter cannot be read.
        RedisError: A server does not answer.
        StoreError: The store cannot be used.
    """
    reader = reader.at_once()
    return Look(
        view=view.name,
        overview=overview(reader),
        tables=tables_of(reader, view, where) if known is None else known,
        course=series(reader, span) if view.name == "overview" else None,
        pauses={
            (partition.number, target): signature
            for partition in reader.partitions
            for target, signature in RedisControls(partition.redis, partition.keys)
            .read()
            .pauses.items()
        },
    )


def as_json(reader: Reader, seen: Overview) -> dict[str, Any]:
    """Return all live screens as one object: attention, tiles, stages, tables by name.

    Args:
        reader: Reads the tables.
        seen: The overview of the same look.

    Raises:
        RedisError: A server does not answer.
    """
    tables = [table for view in VIEWS if view.live for table in view.tables(reader, "")]
    return {
        "now_ms": seen.now_ms,
        "well": not seen.lines,
        "attention": [_attention(line) for line in seen.lines],
        "tiles": {tile.name: _tile(tile) for tile in seen.tiles},
        "stages": [asdict(stage) for stage in seen.stages],
        "tables": {table.name: as_dicts(table) for table in tables},
    }


def oldest_seconds(seen: Overview) -> float:
    """Return the age of the oldest waiting event; 0 without one."""
    return next((float(tile.value or 0) for tile in seen.tiles if tile.name == "age"), 0.0)


def said(line: Line) -> str:
    """Return a line of attention as one text."""
    where = "" if line.partition is None else f"Partition {line.partition}. "
    return f"{where}{line.text} {line.advice}"


def _attention(line: Line) -> dict[str, Any]:
    return {
        "severity": line.severity,
        "text": line.text,
        "advice": line.advice,
        "partition": line.partition,
    }


def _tile(tile: Tile) -> dict[str, Any]:
    return {
        "title": tile.title,
        "value": tile.value,
        "kind": tile.kind,
        "limit": tile.limit,
        "detail": tile.detail,
    }
