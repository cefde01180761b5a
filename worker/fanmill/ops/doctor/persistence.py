"""Check of the server's disk: the append-only file and the last writes to it."""

from collections.abc import Mapping
from typing import Any

from fanmill.ops.doctor.result import CheckResult

_DISK = "free the disk or mend its permissions: df -h, and the server's log"


def judge_persistence(info: Mapping[str, Any], fsync: str | None) -> CheckResult:
    """Return a failed check if the disk refuses writes, a warning if little reaches it.

    Args:
        info: The server's INFO.
        fsync: Its setting `appendfsync`; None if this user may not read it.
    """
    if info.get("aof_enabled") and info.get("aof_last_write_status", "ok") != "ok":
        return _result("error", "the last write to the append-only file failed", _DISK)
    if info.get("rdb_last_bgsave_status", "ok") != "ok":
        return _result(
            "error",
            "the last snapshot failed; with stop-writes-on-bgsave-error the server refuses writes "
            "(MISCONF)",
            f"{_DISK}; then: redis-cli BGSAVE. Fanmill needs no snapshots: redis-cli CONFIG SET "
            "save ''",
        )
    if not info.get("aof_enabled"):
        return _result(
            "warning",
            "no append-only file",
            "all is lost when the server stops: redis-cli CONFIG SET appendonly yes (and in "
            "redis.conf)",
        )
    if info.get("aof_last_bgrewrite_status", "ok") != "ok":
        return _result("warning", "the last rewrite of the append-only file failed", _DISK)
    if fsync == "no":
        return _result(
            "warning",
            "append-only file without fsync",
            "redis-cli CONFIG SET appendfsync everysec (and in redis.conf)",
        )
    return _result("ok", f"append-only file, fsync {fsync or 'not readable by this user'}")


def _result(level: Any, seen: str, advice: str = "") -> CheckResult:
    return CheckResult("persistence", level, seen, advice)
