"""The entries in flight that intake has to look at again."""

from typing import Any, Final, get_args

from redis import Redis

from fanmill.ports import STAGES, Overdue
from fanmill.stores.keys import GROUP, Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.work_facts import traceparent_of
from fanmill_contracts import RejectionReason

_FIELDS: Final = (
    *STAGES,
    *(f"{kind}:{stage}" for kind in ("attempts", "cause", "released") for stage in STAGES),
    "revision",
    "lost",
    "record_prefix",
    "event_prefix",
    "span",
)


def find_overdue(redis: Redis, keys: Keys, idle_seconds: float, count: int) -> list[Overdue]:
    """Return entries that are idle for long, released or lost; see `fanmill.ports.Ledger`."""
    with redis.pipeline(transaction=False) as pipe:
        pipe.xpending_range(keys.ingested, GROUP, "-", "+", count, idle=round(idle_seconds * 1000))
        pipe.srandmember(keys.released, count)
        idle, released = pipe.execute()
    known = {item["message_id"] for item in idle}
    others = sorted(entry for entry in released if entry not in known)
    if not idle and not others:
        return []
    with redis.pipeline(transaction=False) as pipe:
        for entry in others:
            pipe.xpending_range(keys.ingested, GROUP, entry, entry, 1)
        for entry in (*(item["message_id"] for item in idle), *others):
            pipe.hmget(keys.work(text(entry)), _FIELDS)
        answers: list[Any] = pipe.execute()
    pending, works = answers[: len(others)], answers[len(others) :]
    items = [
        *idle,
        *(held[0] if held else _unheld(entry) for entry, held in zip(others, pending, strict=True)),
    ]
    found = [_overdue(item, work) for item, work in zip(items, works, strict=True)]
    in_time = found[: len(idle)]
    at_once = [each for each in found[len(idle) :] if each.lost or each.released]
    gone = {entry.entry_id for entry in found[len(idle) :] if not entry.admitted and not entry.lost}
    if gone:
        # An entry that ended while it was released, by a message that came twice.
        redis.srem(keys.released, *gone)
    return [*in_time, *at_once]


def _unheld(entry: bytes) -> dict[str, Any]:
    # Lost, and no longer in the group either.
    return {"message_id": entry, "time_since_delivered": 0, "times_delivered": 1}


def _overdue(item: dict[str, Any], work: list[bytes | None]) -> Overdue:
    *values, revision, lost, record_prefix, event_prefix, span = work
    columns = (values[at : at + len(STAGES)] for at in range(0, len(values), len(STAGES)))
    results, attempts, causes, released = (dict(zip(STAGES, each, strict=True)) for each in columns)
    return Overdue(
        entry_id=text(item["message_id"]),
        idle_seconds=item["time_since_delivered"] / 1000,
        deliveries=item["times_delivered"],
        admitted=revision is not None,
        missing=tuple(stage for stage in STAGES if results[stage] is None),
        attempts={stage: int(number or 0) for stage, number in attempts.items()},
        causes={stage: _cause(cause) for stage, cause in causes.items() if cause is not None},
        lost=lost is not None,
        record_prefix=text(record_prefix or b""),
        traceparent=traceparent_of(event_prefix),
        span=None if span is None else text(span),
        released=tuple(
            stage for stage in STAGES if released[stage] is not None and results[stage] is None
        ),
    )


def _cause(value: bytes) -> RejectionReason:
    reason: Any = value.decode()
    return reason if reason in get_args(RejectionReason) else "worker-lost"
