"""Points in time and lengths of time as options take them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from fanmill.cli.console import fail
from fanmill.cli.exits import Exit

_SPAN: Final = re.compile(r"(\d{1,9})\s*([smhd])")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_MAX_SECONDS: Final = 36_500 * 86_400
"""A hundred years; further back no `datetime` may exist."""


def seconds_of(text: str) -> int | None:
    """Return the length of a span such as `15m` or `7d` in seconds; None for other text."""
    found = _SPAN.fullmatch(text.strip())
    return min(int(found[1]) * _SECONDS[found[2]], _MAX_SECONDS) if found else None


def moment_of(text: str) -> datetime:
    """Return the time that `--since` names: `2026-01-31T08:00`, or `15m` for 15 minutes ago.

    A time without a zone is local. Other text ends the command.
    """
    seconds = seconds_of(text)
    if seconds is not None:
        return datetime.now(UTC) - timedelta(seconds=seconds)
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.astimezone()
    except (ValueError, OverflowError):
        fail(
            Exit.USAGE,
            f"--since is {text!r}; expected a time such as 2026-01-31T08:00 or a span such as 15m",
        )


def day_of(text: str) -> date:
    """Return the day that `--since` names, in UTC: `2026-01-31`, or `7d` for a week ago.

    Other text ends the command.
    """
    seconds = seconds_of(text)
    if seconds is not None and text.strip().endswith("d"):
        return datetime.now(UTC).date() - timedelta(seconds=seconds)
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(Exit.USAGE, f"--since is {text!r}; expected a day such as 2026-01-31, or 7d")
