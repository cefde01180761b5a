"""The written forms of values, the same on every screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from fanmill.screens.tables import Kind

_UNITS = ("B", "kB", "MB", "GB", "TB")
_BARS = "▁▂▃▄▅▆▇█"
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def written(  # noqa: PLR0911  a form for each kind
    value: Any, kind: Kind = "text", *, now_ms: int | None = None
) -> str:
    """Return a value for people; an empty text for None.

    Args:
        value: The value.
        kind: Its form.
        now_ms: Time of the look in ms since 1970; times are shown as ages with it.
    """
    if value is None:
        return ""
    match kind:
        case "count":
            return f"{int(value):,}"
        case "rate":
            return f"{value:,.1f}/s" if value < 100 else f"{value:,.0f}/s"  # noqa: PLR2004
        case "seconds":
            return lasting(float(value))
        case "milliseconds":
            return f"{value:,.0f} ms" if value < 10_000 else lasting(value / 1000)  # noqa: PLR2004
        case "bytes":
            return sized(float(value))
        case "share":
            return f"{100 * value:.1f} %"
        case "course":
            return bars(value)
        case "moment":
            return moment(int(value)) if now_ms is None else ago((now_ms - value) / 1000)
        case _:
            return str(value)


def shortened(text: str, most: int = 120) -> str:
    """Return a text of at most so many code points for a heading."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def bars(counts: Sequence[int]) -> str:
    """Return one bar for each count; a space for none."""
    highest = max(counts, default=0)
    steps = len(_BARS) - 1
    return "".join(_BARS[number * steps // highest] if number else " " for number in counts)


def lasting(seconds: float) -> str:
    """Return a duration in its largest two units, such as `2 min 5 s`."""
    if seconds < 10:  # noqa: PLR2004
        return f"{seconds:.1f} s"
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    whole = int(seconds)
    for size, unit, below, lower in (
        (_DAY, "d", _HOUR, "h"),
        (_HOUR, "h", _MINUTE, "min"),
        (_MINUTE, "min", 1, "s"),
    ):
        if whole >= size:
            rest = whole % size // below
            return f"{whole // size} {unit}" + (f" {rest} {lower}" if rest else "")
    return f"{whole} s"


def ago(seconds: float) -> str:
    """Return an age, such as `3 min ago`."""
    if seconds < 1:
        return "now"
    if seconds < _MINUTE:
        return f"{seconds:.0f} s ago"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE:.0f} min ago"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR:.0f} h ago"
    return f"{seconds // _DAY:,.0f} d ago"


def moment(ms: int) -> str:
    """Return a time in UTC, to the second."""
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"


def sized(number: float) -> str:
    """Return a size in decimal units, such as `1.5 MB`."""
    for unit in _UNITS:
        if number < 1000 or unit == _UNITS[-1]:  # noqa: PLR2004
            return f"{number:,.0f} {unit}" if unit == "B" else f"{number:,.1f} {unit}"
        number /= 1000
    return ""
