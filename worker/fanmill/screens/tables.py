"""Tables and their columns, as data for any form of display."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Kind = Literal[
    "text",
    "prose",
    "id",
    "count",
    "rate",
    "seconds",
    "milliseconds",
    "moment",
    "bytes",
    "share",
    "course",
]
"""Form of a value. `moment`: a time in ms since 1970. `share`: a part of 1. `id`: never broken.
`course`: a number over time, oldest first. `prose`: a sentence of ours, code in backticks."""

Role = Literal["reader", "operator", "admin"]
"""Rights: `reader` looks, `operator` acts and can undo it, `admin` destroys."""

ROLES: tuple[Role, ...] = ("reader", "operator", "admin")


def may(role: Role, needed: Role) -> bool:
    """Return whether a role includes another."""
    return ROLES.index(role) >= ROLES.index(needed)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: Name in code, JSON and addresses.
        title: Heading.
        kind: Form of its values.
        meaning: Explanation in a sentence.
        wide: Whether narrow screens leave it out.
        quotes: Whether its values may quote a document, and are hidden where texts are.
    """

    name: str
    title: str
    kind: Kind = "text"
    meaning: str = ""
    wide: bool = False
    quotes: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """An act on a row or on all that match a filter.

    Attributes:
        name: Name in code and addresses.
        title: Verb on the button.
        key: Key of the keyboard; upper case for what destroys.
        role: Least role that may do it.
        confirm: Question before it; empty for none.
        word: Word to type before it; empty for none.
        whole: Whether it acts on the whole table, whatever is chosen.
    """

    name: str
    title: str
    key: str
    role: Role = "operator"
    confirm: str = ""
    word: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its id for addresses and actions, and a value or None for each column."""

    id: str
    values: Sequence[Any]
    link: str = ""
    tone: Literal["", "good", "warn", "bad"] = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with what it shows now.

    Attributes:
        name: Name in code and addresses.
        title: Heading.
        columns: Its columns.
        rows: Its rows, in their order.
        actions: Actions on its rows.
        empty: Advice when there is no row.
        more: Number of rows beyond those shown; None if unknown, 0 for none.
        note: Remark below the table.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Row] = ()
    actions: tuple[Action, ...] = ()
    empty: str = "Nothing here."
    more: int | None = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A number of the overview with its course and its limit.

    Attributes:
        name: Name in code.
        title: Heading.
        value: The number now; None if it is unknown.
        kind: Form of the number.
        detail: A second line.
        limit: Value that it should not exceed; None without one.
        points: Values of the last 24 hours, oldest first; None where nothing was counted.
    """

    name: str
    title: str
    value: float | None
    kind: Kind
    detail: str = ""
    limit: float | None = None
    points: Sequence[float | None] = field(default_factory=tuple)
    tone: Literal["", "good", "warn", "bad"] = ""


PARTITION = Column("partition", "Partition", "count")


def with_partitions(table: Table, number: int) -> Table:
    """Return a table with the partition of each row, if there are several partitions.

    Args:
        table: A table whose rows have ids such as `PARTITION:ID`.
        number: Number of partitions.
    """
    if number == 1:
        return table
    rows = [replace(row, values=(*row.values, int(row.id.partition(":")[0]))) for row in table.rows]
    return replace(table, columns=(*table.columns, PARTITION), rows=rows)


def as_dicts(table: Table) -> list[dict[str, Any]]:
    """Return the rows of a table as objects, for JSON."""
    names = [column.name for column in table.columns]
    return [{"id": row.id, **dict(zip(names, row.values, strict=True))} for row in table.rows]


Formatter = Callable[[Any], str]
