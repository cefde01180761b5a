"""Checks of the server's memory: use, limit and what happens at the limit."""

from collections.abc import Mapping
from typing import Any, Final

from fanmill.ops.doctor.result import CheckResult

WARNING_SHARE: Final = 0.8
"""Share of `maxmemory` above which a warning says that the server will be full."""

_ROOM: Final = (
    "make room: fanmill rejected drop --all; or keep less: FANMILL_RESULT_RETENTION_DAYS, "
    "FANMILL_PROCESSED_STREAM_MAXLEN"
)


def judge_eviction(info: Mapping[str, Any]) -> CheckResult:
    """Return a failed check for a policy that lets a full server delete events and records.

    Without a memory limit the policy has no effect yet: a warning.
    """
    policy = str(info.get("maxmemory_policy", "unknown"))
    limit = int(info.get("maxmemory", 0))
    if policy in {"noeviction", "unknown"}:
        return CheckResult("eviction policy", "ok", policy)
    return CheckResult(
        "eviction policy",
        "error" if limit else "warning",
        policy if limit else f"{policy}, without effect while maxmemory is 0",
        "a full server would delete events: redis-cli CONFIG SET maxmemory-policy noeviction "
        "(and in redis.conf)",
    )


def judge_memory(info: Mapping[str, Any]) -> CheckResult:
    """Return a failed check for a full server, and a warning above `WARNING_SHARE`."""
    used, limit = int(info.get("used_memory", 0)), int(info.get("maxmemory", 0))
    amount = f"{_mib(used)} used"
    if not limit:
        return CheckResult("memory", "ok", f"{amount}, no limit")
    seen = f"{amount}, {used / limit:.0%} of {_mib(limit)}"
    raise_limit = f"redis-cli CONFIG SET maxmemory {2 * limit} (and in redis.conf)"
    if used >= limit:
        return CheckResult(
            "memory", "error", f"{seen}: full, writes are refused", f"{raise_limit}, or {_ROOM}"
        )
    if used > WARNING_SHARE * limit:
        return CheckResult(
            "memory", "warning", seen, f"a full server refuses events: {raise_limit}, or {_ROOM}"
        )
    return CheckResult("memory", "ok", seen)


def _mib(size: int) -> str:
    return f"{size / (1 << 20):,.1f} MiB"
