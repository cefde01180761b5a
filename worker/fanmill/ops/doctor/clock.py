"""Checks of time: this machine's clock and the ledger's ids against the server's clock."""

from datetime import UTC, datetime
from typing import Final

from fanmill.ops.doctor.result import CheckResult

MAX_SKEW_SECONDS: Final = 5.0
"""Difference of two clocks that is not worth a warning; a heartbeat comes as often."""

_MAX_RFC_3339_MS: Final = 253_402_300_799_999
"""The last moment of the year 9999."""


def judge_clock(here_ms: int, server_ms: int) -> CheckResult:
    """Return a warning if this machine's clock and the server's differ by more than 5 s."""
    ahead = (here_ms - server_ms) / 1000
    seen = f"this machine is {abs(ahead):.1f} s {'ahead of' if ahead > 0 else 'behind'} the server"
    if abs(ahead) > MAX_SKEW_SECONDS:
        return CheckResult(
            "clock",
            "warning",
            seen,
            "times in events and logs disagree; set the clock by a time service on both machines: "
            "timedatectl set-ntp true",
        )
    return CheckResult("clock", "ok", seen)


def judge_last_id(last_id: str, server_ms: int, recipe: str) -> CheckResult:
    """Return a warning if the ledger's last id is ahead of the server's clock.

    All later entries get ids behind it, so that their age and latency are unknown.

    Args:
        last_id: `last-generated-id` of the stream, such as `1763000000000-0`.
        server_ms: The server's time in ms since 1970.
        recipe: Advice on how to begin the stream anew.
    """
    ahead_ms = int(last_id.partition("-")[0]) - server_ms
    if ahead_ms <= MAX_SKEW_SECONDS * 1000:
        return CheckResult("ids", "ok", f"last id {last_id}")
    return CheckResult(
        "ids",
        "warning",
        f"the last id {last_id} is {_span(ahead_ms)} ahead of the server's clock "
        f"({_moment(ahead_ms + server_ms)}); the age and latency of later events are unknown",
        f"find the producer that writes ids of its own in place of `*`; then: {recipe}",
    )


def _span(ms: int) -> str:
    days = ms / 86_400_000
    return f"{days:,.0f} days" if days >= 1 else f"{ms / 1000:,.0f} s"


def _moment(ms: int) -> str:
    if ms > _MAX_RFC_3339_MS:
        return "beyond the year 9999"
    return datetime.fromtimestamp(ms // 1000, UTC).isoformat()
