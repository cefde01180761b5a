"""Checks of the ledger: its stream and consumer group, its ids, its backlog and its losses."""

from dataclasses import dataclass
from typing import Any, Final

from redis import Redis

from fanmill.ops.doctor.result import CheckResult
from fanmill.stores.keys import GROUP, Keys

EXHAUSTED: Final = f"{2**64 - 1}-{2**64 - 1}"
"""The highest id there is: a stream that has it takes no further entry."""

FRESH_STREAM: Final = (
    "stop the intakes, wait until fanmill status shows nothing in flight, "
    "run fanmill intake --repair-stream, start the intakes again"
)
"""Recipe that moves the ledger to a new stream, whose ids follow the clock."""

_BACKLOG_SHARE: Final = 0.8
"""Share of `FANMILL_MAX_BACKLOG` above which a warning says that publishers will be refused."""


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """The state of the ledger as the server tells it."""

    kind: str
    """Redis type of the key; "none" if it does not exist."""
    length: int = 0
    pending: int = 0
    """Entries read and not complete."""
    last_id: str = "0-0"
    has_group: bool = False
    lost_unread: int = 0
    """Entries that others removed before an intake read them."""


def ask_ledger(redis: Redis, keys: Keys) -> LedgerFacts:
    """Return the state of the ledger; read-only.

    Raises:
        RedisError: The server refused, or the connection broke.
    """
    kind = _text(redis.type(keys.ingested))
    if kind != "stream":
        return LedgerFacts(kind)
    stream: Any = redis.xinfo_stream(keys.ingested)
    groups: Any = redis.xinfo_groups(keys.ingested)
    ours = [group for group in groups if _text(group["name"]) == GROUP]
    return LedgerFacts(
        kind,
        length=int(stream["length"]),
        pending=sum(int(group["pending"]) for group in ours),
        last_id=_text(stream["last-generated-id"]),
        has_group=bool(ours),
        lost_unread=lost_unread(redis, keys),
    )


def lost_unread(redis: Redis, keys: Keys) -> int:
    """Return how many entries others removed unread, as intake counted them last; read-only."""
    counts: Any = redis.hmget(keys.reading, ["lost", "current"])
    return sum(int(count or 0) for count in counts)


def judge_ledger(facts: LedgerFacts, stream: str) -> CheckResult:
    """Return whether the key of the ledger is a stream that intakes read."""
    if facts.kind == "none":
        return CheckResult(
            "ledger",
            "warning",
            f"no {stream} yet",
            "the first publisher or intake makes it: fanmill intake",
        )
    if facts.kind != "stream":
        return CheckResult(
            "ledger",
            "error",
            f"{stream} is a {facts.kind}, not a stream: another program uses this name",
            "choose another namespace: export FANMILL_NAMESPACE=fanmill2 (producers too)",
        )
    if facts.last_id == EXHAUSTED:
        return CheckResult(
            "ledger",
            "error",
            f"{stream} is exhausted: its last id is the highest there is, XADD is refused",
            f"find the producer that wrote this id; then: {FRESH_STREAM}",
        )
    if not facts.has_group:
        return CheckResult(
            "ledger",
            "warning",
            f"{stream} has no consumer group, {facts.length:,} events",
            "the first intake makes it: fanmill intake",
        )
    return CheckResult("ledger", "ok", f"{stream}, {facts.length:,} events")


def judge_backlog(facts: LedgerFacts, max_backlog: int | None) -> CheckResult:
    """Return a failed check for a full backlog, a warning for one nearly full.

    `max_backlog` is the number of events at which publishers are refused; None for no limit.
    """
    waiting = max(0, facts.length - facts.pending)
    if max_backlog is None:
        return CheckResult("backlog", "ok", f"{waiting:,} waiting, no limit")
    seen = f"{waiting:,} waiting; {facts.length:,} of {max_backlog:,} in the ledger"
    advice = (
        "scale the stage whose queue is long: fanmill status; then fanmill worker --queues "
        "summarize,tag; or raise FANMILL_MAX_BACKLOG if the server has memory"
    )
    if facts.length >= max_backlog:
        return CheckResult("backlog", "error", f"{seen}: publishers are refused", advice)
    if facts.length > _BACKLOG_SHARE * max_backlog:
        return CheckResult("backlog", "warning", seen, advice)
    return CheckResult("backlog", "ok", seen)


def judge_losses(facts: LedgerFacts, stream: str) -> CheckResult:
    """Return a warning if others removed entries that no intake had read."""
    if not facts.lost_unread:
        return CheckResult("losses", "ok", "no entry lost unread")
    return CheckResult(
        "losses",
        "warning",
        f"{facts.lost_unread:,} entries of {stream} were removed before an intake read them",
        "find the program that trims the stream (XTRIM, XADD with MAXLEN, XDEL): redis-cli "
        "CLIENT LIST, redis-cli ACL LOG; let its producers publish the events again",
    )


def _text(answer: Any) -> str:
    return answer.decode() if isinstance(answer, bytes) else str(answer)
