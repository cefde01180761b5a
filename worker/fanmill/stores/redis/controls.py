"""Durable orders of operators: pauses of intake, stages and sinks, requests to workers.

They are fields of one hash, so that a process reads all of them with one command. An order
survives restarts of every process and of the server.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, get_args

from redis import Redis

from fanmill.ports import STAGES, Activity
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import text
from fanmill_contracts.terms import Place

Target = Place | Literal["sink"]

TARGETS: Final[tuple[Target, ...]] = ("intake", *STAGES, "sink")
"""Parts of the service that can be paused."""

Order = Literal["quiet", "stop"]
"""`quiet`: take no more work, stay. `stop`: finish the work, end."""

MAX_NOTE: Final = 500
"""Maximum number of characters of a note."""

_PAUSE: Final = "pause:"
_RESUMED: Final = "resumed:"
_REQUEST: Final = "request:"


@dataclass(frozen=True, slots=True)
class Signature:
    """The person behind an order, its time and its reason."""

    by: str
    since_ms: int
    """Time of the order by the server's clock, in ms since 1970."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Request(Signature):
    """An order to one worker."""

    order: Order = "quiet"


@dataclass(frozen=True, slots=True)
class Orders:
    """All orders at one moment."""

    now_ms: int
    pauses: dict[str, Signature] = field(default_factory=dict)
    """Pauses by target: `intake`, a stage or `sink`."""
    resumed_ms: dict[str, int] = field(default_factory=dict)
    """Time of the last resumption, by target."""
    requests: dict[str, Request] = field(default_factory=dict)
    """Requests by the name of the worker."""

    def activity(self) -> Activity:
        """Return what intake needs to know."""
        seconds = {
            stage: max(0.0, (self.now_ms - self.resumed_ms[stage]) / 1000)
            for stage in STAGES
            if stage in self.resumed_ms
        }
        seconds.update({stage: 0.0 for stage in STAGES if stage in self.pauses})
        return Activity("intake" in self.pauses, seconds)


_LAST_MS: Final = 253_402_300_800_000
"""End of the year 9999, the last that a calendar of Python has."""


class RedisControls:
    """`fanmill.ports.Controls` on Redis, and the commands of operators."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._key = keys.controls

    def activity(self) -> Activity:
        """Return which parts of the service are paused now."""
        return self.read().activity()

    def read(self) -> Orders:
        """Return all orders. A field that is not ours counts as an order without a signature."""
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.time()
            pipe.hgetall(self._key)
            (seconds, microseconds), fields = pipe.execute()
        orders = Orders(int(seconds) * 1000 + int(microseconds) // 1000)
        for name, value in fields.items():
            kind, _, target = name.decode(errors="replace").partition(":")
            match f"{kind}:":
                case "pause:" if target in TARGETS:
                    orders.pauses[target] = Signature(**_signature(value))
                case "resumed:" if target in TARGETS:
                    orders.resumed_ms[target] = _signature(value)["since_ms"]
                case "request:":
                    order: Any = _object(value).get("order")
                    if order in get_args(Order):
                        orders.requests[target] = Request(**_signature(value), order=order)
        return orders

    def pause(self, target: Target, by: str, note: str = "") -> Signature:
        """Pause a part of the service; return its pause, the earlier one if there was one."""
        signature = Signature(by, self._now_ms(), note)
        if self._redis.hsetnx(self._key, _PAUSE + target, json.dumps(asdict(signature))):
            return signature
        return self.read().pauses.get(target, signature)

    def resume(self, target: Target, by: str) -> Signature | None:
        """Resume a part of the service; return the pause that ended, None if there was none."""
        pause = self.read().pauses.get(target)
        resumed = json.dumps(asdict(Signature(by, self._now_ms())))
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.hset(self._key, _RESUMED + target, resumed)
            pipe.hdel(self._key, _PAUSE + target)
            ended = pipe.execute()[1]
        return pause if ended else None

    def request(self, worker: str, order: Order, by: str, note: str = "") -> Request:
        """Order a worker to be quiet or to stop; the last order counts."""
        request = Request(by, self._now_ms(), note, order)
        self._redis.hset(self._key, _REQUEST + worker, json.dumps(asdict(request)))
        return request

    def withdraw(self, *workers: str) -> int:
        """Withdraw the orders to workers; return how many there were."""
        if not workers:
            return 0
        answer: Any = self._redis.hdel(self._key, *(_REQUEST + name for name in workers))
        return int(answer)

    def _now_ms(self) -> int:
        answer: Any = self._redis.time()
        return int(answer[0]) * 1000 + int(answer[1]) // 1000


def _object(value: bytes) -> dict[str, Any]:
    try:
        content = json.loads(value)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _signature(value: bytes) -> dict[str, Any]:
    content = _object(value)
    since = content.get("since_ms")
    return {
        "by": text(str(content.get("by", "unknown"))),
        "since_ms": since if type(since) is int and 0 <= since < _LAST_MS else 0,
        "note": str(content.get("note", ""))[:MAX_NOTE],
    }
