"""Waiting and in-flight entries: listed and removed, in bounded time on the server."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from redis import Redis
from redis.exceptions import ResponseError

from fanmill.core.claimed_ids import claimed_ids
from fanmill.ops.process_registry import all_processes, server_ms
from fanmill.ports import STAGES, Rejection
from fanmill.stores.keys import GROUP, Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.redis.rejecting import reject
from fanmill.stores.script import load
from fanmill.stores.work_facts import record_facts, traceparent_of

MAX_SCANNED: Final = 10_000
"""Waiting entries that a listing by source looks at, unless it is told to look at all."""

_PAGE: Final = 100
_PAGE_BYTES: Final = 2_000_000
_EVENT_BYTES: Final = 65_536
_IDS_BYTES: Final = 2048
"""Beginning of an event in which its ids usually are: a list needs no texts."""
_REMOVER: Final = "operators"


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """An event that no intake has read; its ids are not verified."""

    entry_id: str
    document_id: str | None
    event_id: str | None
    source: str | None
    age_seconds: float
    bytes: int
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class InFlightEntry:
    """An event that was read and has no end yet."""

    entry_id: str
    document_id: str | None
    event_id: str | None
    source: str | None
    stage: str
    """Stages whose result is missing, in work or next, such as `summarize, tag`; `intake` before
    admission."""
    attempt: int
    """Attempts at these stages, the largest; 0 while it waits for a worker."""
    worker: str | None
    """Worker that had it in work at its last heartbeat; None while it waits."""
    since_ms: int | None
    """Start of the last attempt in ms since 1970; None while it waits."""
    age_seconds: float
    idle_seconds: float
    deliveries: int
    traceparent: str | None = None


def waiting(redis: Redis, keys: Keys, page: int = _PAGE) -> Iterator[WaitingEntry]:
    """Yield waiting entries, the oldest first; each call of the server handles up to 2 MB.

    Args:
        redis: A client of the server.
        keys: The keys of the namespace.
        page: Entries that a call lists, as many as the caller is likely to use.
    """
    after = ""
    now = server_ms(redis)
    while True:
        _, _, found = peek(redis, keys, after, page, _PAGE_BYTES, beginning=_IDS_BYTES)
        for entry_id, body, size in found:
            after = text(entry_id)
            entry = waiting_entry(after, body, size, now)
            if size > _IDS_BYTES and None in (entry.document_id, entry.event_id, entry.source):
                entry = _in_full(redis, keys, entry, now)
            yield entry
        if not found:
            return


def _in_full(redis: Redis, keys: Keys, entry: WaitingEntry, now: int) -> WaitingEntry:
    """Return an entry whose ids are behind a long text, if it still waits."""
    for found, body, size in peek(redis, keys, _before(entry.entry_id), 1, 1)[2]:
        if text(found) == entry.entry_id:
            return waiting_entry(entry.entry_id, body, size, now)
    return entry


def peek(
    redis: Redis,
    keys: Keys,
    start: str,
    count: int,
    enough_bytes: int,
    *,
    beginning: int = _EVENT_BYTES,
) -> tuple[str, str, list[Any]]:
    """Return the last id that was read, the last id given, and waiting entries; see `peek.lua`."""
    answer: Any = load("redis", "peek").run(
        redis, [keys.ingested], [GROUP, start, count, enough_bytes, beginning]
    )
    delivered, last, page = answer
    return text(delivered), text(last), page


def waiting_entry(entry_id: str, body: bytes | None, size: int, now: int) -> WaitingEntry:
    """Return an entry of a page with the ids that its event claims."""
    ids = claimed_ids(body or b"")
    age = max(0.0, (now - _milliseconds(entry_id)) / 1000)
    return WaitingEntry(
        entry_id, ids.document_id, ids.event_id, ids.source, age, size, ids.traceparent
    )


def in_flight(redis: Redis, keys: Keys, limit: int) -> list[InFlightEntry]:
    """Return entries that were read and have no end, the oldest first."""
    return describe(redis, keys, held_by_group(redis, keys, limit=limit))


def held_by_group(
    redis: Redis, keys: Keys, entry_id: str | None = None, limit: int = 1
) -> list[dict[str, Any]]:
    """Return what XPENDING says of one entry, or of the oldest; empty without a group."""
    first, last = (entry_id, entry_id) if entry_id else ("-", "+")
    try:
        held: Any = redis.xpending_range(keys.ingested, GROUP, first, last, limit)
    except ResponseError as error:
        if str(error).startswith("NOGROUP"):
            return []
        raise
    return list(held)


def count_in_flight(redis: Redis, keys: Keys) -> int:
    """Return how many entries were read and have no end; 0 without a group."""
    try:
        return int(redis.xpending(keys.ingested, GROUP)["pending"])
    except ResponseError as error:
        if str(error).startswith("NOGROUP"):
            return 0
        raise


def describe(redis: Redis, keys: Keys, pending: Sequence[dict[str, Any]]) -> list[InFlightEntry]:
    """Return the facts of entries that the group holds, given as XPENDING describes them."""
    if not pending:
        return []
    fields = [
        "record_prefix",
        "event_prefix",
        *STAGES,
        *(f"{kind}:{stage}" for kind in ("attempts", "started") for stage in STAGES),
    ]
    with redis.pipeline(transaction=False) as pipe:
        for item in pending:
            pipe.hmget(keys.work(text(item["message_id"])), fields)
        works: list[Any] = pipe.execute()
    now = server_ms(redis)
    holders = {
        entry: process.name
        for process in all_processes(redis, keys)
        for batch in process.load.batches
        for entry in batch.entries
    }
    return [_in_flight(item, work, now, holders) for item, work in zip(pending, works, strict=True)]


def _in_flight(
    item: dict[str, Any], work: list[bytes | None], now: int, holders: dict[str, str]
) -> InFlightEntry:
    prefix, event_prefix, *rest = work
    results, attempts, started = (
        dict(zip(STAGES, rest[at : at + 3], strict=True)) for at in (0, 3, 6)
    )
    missing = [stage for stage in STAGES if results[stage] is None]
    if "deduplicate" in missing:
        missing = ["deduplicate"]
    entry_id = text(item["message_id"])
    facts = record_facts(prefix)
    event = facts.get("event", {})
    starts = [int(started[stage] or 0) for stage in missing if started[stage]]
    return InFlightEntry(
        entry_id=entry_id,
        document_id=facts.get("document_id"),
        event_id=event.get("id"),
        source=event.get("source"),
        stage=", ".join(missing) if prefix else "intake",
        attempt=max((int(attempts[stage] or 0) for stage in missing), default=0) if prefix else 0,
        worker=holders.get(entry_id),
        since_ms=max(starts) if starts else None,
        age_seconds=max(0.0, (now - _milliseconds(entry_id)) / 1000),
        idle_seconds=item["time_since_delivered"] / 1000,
        deliveries=item["times_delivered"],
        traceparent=traceparent_of(event_prefix),
    )


def which_wait(redis: Redis, keys: Keys, entry_ids: Sequence[str]) -> list[str]:
    """Return the entries, among some, that no intake has read."""
    return [
        entry
        for entry in entry_ids
        for found, _, _ in peek(redis, keys, _before(entry), 1, 1)[2]
        if text(found) == entry
    ]


def remove_waiting(redis: Redis, keys: Keys, entry_ids: Sequence[str], why: str) -> list[str]:
    """Reject waiting entries; return those that were waiting."""
    if not entry_ids:
        return []
    bodies = {
        entry: waiting_entry(entry, body, size, 0)
        for entry in entry_ids
        for found, body, size in peek(redis, keys, _before(entry), 1, 1)[2]
        if text(found) == entry
    }
    held = load("redis", "hold").run(
        redis, [keys.ingested, keys.reading], [GROUP, _REMOVER, *entry_ids]
    )
    removed = [entry for entry, is_held in zip(entry_ids, held, strict=True) if is_held]
    rejections = [
        Rejection(
            entry_id=entry,
            reason="removed",
            place="intake",
            error=why,
            document_id=bodies[entry].document_id if entry in bodies else None,
            event_id=bodies[entry].event_id if entry in bodies else None,
            source=bodies[entry].source if entry in bodies else None,
            traceparent=bodies[entry].traceparent if entry in bodies else None,
            unverified=True,
        )
        for entry in removed
    ]
    done = reject(redis, keys, rejections) if rejections else []
    return [entry for entry, ended in zip(removed, done, strict=True) if ended]


def remove_in_flight(
    redis: Redis, keys: Keys, entry_ids: Sequence[str], why: str
) -> list[InFlightEntry]:
    """Reject entries in flight; return those that were. A worker's later result is dropped.

    The caller lets the index forget their documents.
    """
    held: list[Any] = []
    for entry in entry_ids:
        held += held_by_group(redis, keys, entry)
    found = describe(redis, keys, held)
    rejections = [
        Rejection(
            entry_id=each.entry_id,
            reason="removed",
            place=_place(each.stage),
            error=why,
            document_id=each.document_id,
            event_id=each.event_id,
            source=each.source,
            unverified=each.document_id is None,
            traceparent=each.traceparent,
            attempts=max(1, each.attempt),
        )
        for each in found
    ]
    done = reject(redis, keys, rejections) if rejections else []
    return [each for each, ended in zip(found, done, strict=True) if ended]


def _place(stage: str) -> Any:
    return stage.partition(",")[0]


def _before(entry_id: str) -> str:
    milliseconds, _, sequence = entry_id.partition("-")
    if int(sequence) > 0:
        return f"{milliseconds}-{int(sequence) - 1}"
    return f"{max(0, int(milliseconds) - 1)}-18446744073709551615"


def _milliseconds(entry_id: str) -> int:
    return int(entry_id.partition("-")[0])
