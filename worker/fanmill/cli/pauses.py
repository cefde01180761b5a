"""The table of pauses that several commands show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from fanmill.stores.redis.controls import Signature


def pauses_table(pauses: Mapping[str, Signature]) -> Table:
    """Return a table of what is paused, since when, by whom and why."""
    from fanmill.cli.tables import add_row, listing, moment_ms

    paused = listing("paused", "since", "by", "note", title="paused (fanmill resume)")
    for target, pause in pauses.items():
        add_row(paused, target, moment_ms(pause.since_ms), pause.by, pause.note)
    return paused
