"""States in which a running server answers but cannot work, by the errors that tell of them."""

from dataclasses import dataclass
from typing import Final

from redis.exceptions import (
    BusyLoadingError,
    ClusterError,
    MasterDownError,
    OutOfMemoryError,
    ReadOnlyError,
)

from fanmill.ops.doctor.result import SERVER, CheckResult

REPLICATION: Final = "replication"
MODE: Final = "server mode"

CLUSTER_NODE: Final = "a node of a cluster; all keys of a namespace must be on one server"
CLUSTER_ADVICE: Final = (
    "use a server with `cluster-enabled no`; a cluster can hold the duplicate index: "
    "FANMILL_INDEX_URL=redis+cluster://HOST:6379"
)

_MEMORY: Final = "memory"
_PERSISTENCE: Final = "persistence"


@dataclass(frozen=True, slots=True)
class _State:
    """A state of a server: the errors that tell of it, and the check that it fails."""

    kinds: tuple[type[Exception], ...]
    words: tuple[str, ...]
    """Parts of messages: a script's error contains the one of its command."""
    result: CheckResult


_STATES: Final = (
    _State(
        (BusyLoadingError,),
        ("LOADING ",),
        CheckResult(
            SERVER,
            "error",
            "the server is loading its data from disk",
            "wait; the progress is in: redis-cli INFO persistence",
        ),
    ),
    _State(
        (ReadOnlyError,),
        ("READONLY ",),
        CheckResult(
            REPLICATION,
            "error",
            "the server is a read-only replica",
            "point FANMILL_REDIS_URL to its primary (redis-cli INFO replication); after a "
            "failover: redis-cli REPLICAOF NO ONE",
        ),
    ),
    _State(
        (OutOfMemoryError,),
        ("OOM command not allowed",),
        CheckResult(
            _MEMORY,
            "error",
            "the server is full and refuses writes",
            "redis-cli CONFIG SET maxmemory 4gb (and in redis.conf), or make room: "
            "fanmill rejected drop --all",
        ),
    ),
    _State(
        (),
        ("MISCONF",),
        CheckResult(
            _PERSISTENCE,
            "error",
            "the server refuses writes because it cannot save to its disk (MISCONF)",
            "free the disk or mend its permissions (df -h, the server's log); the next save that "
            "succeeds ends this: redis-cli BGSAVE",
        ),
    ),
    _State(
        (MasterDownError,),
        ("MASTERDOWN", "Link with MASTER is down"),
        CheckResult(
            REPLICATION,
            "error",
            "the server is a replica that has lost its primary and serves no data",
            "point FANMILL_REDIS_URL to the primary, or promote this one: "
            "redis-cli REPLICAOF NO ONE",
        ),
    ),
    _State(
        (),
        ("BUSY ", "is busy running a script"),
        CheckResult(
            SERVER,
            "error",
            "the server is busy with a script that does not end",
            "redis-cli SCRIPT KILL, then look for its author in: redis-cli CLIENT LIST",
        ),
    ),
    _State(
        (ClusterError,),
        ("SELECT is not allowed in cluster", "CROSSSLOT"),
        CheckResult(MODE, "error", CLUSTER_NODE, CLUSTER_ADVICE),
    ),
)
"""The order counts: a MasterDownError of redis-py is a ClusterError too."""


def judge_state(error: BaseException) -> CheckResult | None:
    """Return the result for an error by which a running server says that it cannot work now."""
    message = str(error)
    for state in _STATES:
        if isinstance(error, state.kinds) or any(word in message for word in state.words):
            return state.result
    return None
