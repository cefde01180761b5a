"""Checks of the server itself by its INFO: version, mode, role and state."""

from collections.abc import Mapping
from typing import Any, Final

from fanmill.ops.doctor.result import SERVER, CheckResult
from fanmill.ops.doctor.server_state import CLUSTER_ADVICE, CLUSTER_NODE, MODE, REPLICATION
from fanmill_contracts.addresses import ServerAddress

OLDEST_VERSION: Final = (7, 0)
"""The first with `#!lua flags` for scripts and XAUTOCLAIM without deleted entries."""

_CLIENTS_SHARE: Final = 0.9
"""Share of `maxclients` above which a warning says that connections run out."""


def judge_loading(info: Mapping[str, Any]) -> CheckResult | None:
    """Return a failed check while the server loads its data; None when it serves."""
    if not info.get("loading"):
        return None
    percent = info.get("loading_loaded_perc", "?")
    seconds = info.get("loading_eta_seconds", "?")
    return CheckResult(
        SERVER,
        "error",
        f"the server is loading its data from disk: {percent} %, {seconds} s left",
        "wait; the progress is in: redis-cli INFO persistence",
    )


def judge_identity(info: Mapping[str, Any], address: ServerAddress) -> CheckResult:
    """Return a failed check if the answer to INFO is not one that a Redis or Valkey gives."""
    if "redis_version" in info:
        return CheckResult(SERVER, "ok", f"{address} answers")
    return CheckResult(
        SERVER,
        "error",
        f"{address} answers, but not as Redis does",
        "the URL names the port of another program; export FANMILL_REDIS_URL=redis://HOST:6379/0",
    )


def judge_version(info: Mapping[str, Any]) -> CheckResult:
    """Return a failed check for a server older than `OLDEST_VERSION`."""
    name = "Valkey" if "valkey_version" in info else "Redis"
    seen = f"{name} {info.get('valkey_version', info.get('redis_version', 'of unknown version'))}"
    # Valkey names the release of Redis that it is compatible with.
    text = str(info.get("redis_version", "0"))
    numbers = tuple(int(part) for part in text.split(".")[:2] if part.isdecimal())
    if numbers < OLDEST_VERSION:
        return CheckResult(
            "server version",
            "error",
            seen,
            "Redis 7.0 or Valkey 7.2 or later is needed; on one machine: fanmill up",
        )
    return CheckResult("server version", "ok", seen)


def judge_mode(info: Mapping[str, Any]) -> CheckResult:
    """Return a failed check for a node of a cluster and for a Sentinel."""
    mode = str(info.get("redis_mode", "standalone"))
    if info.get("cluster_enabled") or mode == "cluster":
        return CheckResult(MODE, "error", CLUSTER_NODE, CLUSTER_ADVICE)
    if mode == "sentinel":
        return CheckResult(
            MODE,
            "error",
            "a Sentinel, which holds no data",
            "point FANMILL_REDIS_URL to the primary: redis-cli -p 26379 SENTINEL MASTERS",
        )
    return CheckResult(MODE, "ok", mode)


def judge_role(info: Mapping[str, Any]) -> CheckResult:
    """Return a failed check for a replica: it refuses writes, or they are lost."""
    if info.get("role") == "master":
        replicas = int(info.get("connected_slaves", 0))
        return CheckResult(REPLICATION, "ok", f"primary, replicas: {replicas}")
    primary = f"{info.get('master_host', '?')}:{info.get('master_port', '?')}"
    if info.get("slave_read_only", 1):
        seen = f"a read-only replica of {primary}"
    else:
        seen = f"a writable replica of {primary}, which loses what is written to it"
    if info.get("master_link_status") == "down":
        seen += "; the link to it is down"
        advice = (
            f"point FANMILL_REDIS_URL to {primary} once it is back, or promote this one: "
            "redis-cli REPLICAOF NO ONE"
        )
    else:
        advice = f"export FANMILL_REDIS_URL=redis://{primary}/0"
    return CheckResult(REPLICATION, "error", seen, advice)


def judge_clients(info: Mapping[str, Any]) -> CheckResult:
    """Return a warning when few connections are left; a server without the numbers is fine."""
    clients, limit = int(info.get("connected_clients", 0)), int(info.get("maxclients", 0))
    seen = f"{clients:,} of {limit:,}" if limit else f"{clients:,}"
    if limit and clients > _CLIENTS_SHARE * limit:
        return CheckResult(
            "connections",
            "warning",
            seen,
            f"redis-cli CONFIG SET maxclients {2 * limit}, and look for leaks: "
            "redis-cli CLIENT LIST",
        )
    return CheckResult("connections", "ok", seen)
