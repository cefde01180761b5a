"""Bulk actions at size: failure groups, one action over all rejections, memory of its executor.

Usage: python tests/bench/bulk_actions.py [REJECTIONS], 100,000 by default.
"""

import resource
import sys
import tempfile
from collections.abc import Callable
from json import dumps
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from redis import Redis

from fanmill.actions.executor import ActionExecutor
from fanmill.actions.slices import preview
from fanmill.local.server import EmbeddedServer
from fanmill.ports import ActionOrder, Rejection
from fanmill.stores.keys import Keys
from fanmill.stores.redis import RedisActions, RedisLedger, RedisRejections
from fanmill_contracts import StreamNames

_CAUSES: Final = ("ValueError", "KeyError", "RecursionError")
_BATCH: Final = 500


def say(text: str) -> None:
    """Write a line of the report."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def poison(redis: Redis, keys: Keys, count: int) -> float:
    """Write events and reject them, each third for another cause; return seconds of rejecting."""
    ledger = RedisLedger(
        redis,
        keys,
        result_retention_seconds=None,
        processed_stream_maxlen=None,
        idempotency_window_seconds=3600,
    )
    ledger.open()
    seconds = 0.0
    for first in range(0, count, _BATCH):
        numbers = range(first, min(count, first + _BATCH))
        with redis.pipeline(transaction=False) as pipe:
            for number in numbers:
                pipe.xadd(keys.ingested, {"event": _event(number)})
            pipe.execute()
        entries = ledger.read("bench", _BATCH, 0, enough_bytes=10**9)
        rejections = [
            Rejection(
                entry.id, "stage-failed", "tag", "no", f"d{number}", f"e{number}", "/bench",
                exception=_CAUSES[number % 3], frame="fanmill.core.x:y:1",
            )
            for number, entry in zip(numbers, entries, strict=True)
        ]  # fmt: skip
        begun = perf_counter()
        ledger.reject(rejections)
        seconds += perf_counter() - begun
    return seconds


def _event(number: int) -> str:
    data = {"document_id": f"d{number}", "text": f"Poison number {number}."}
    kind = "fanmill.document.ingested.v1"
    head = {"specversion": "1.0", "id": f"e{number}", "source": "/bench", "type": kind}
    return dumps({**head, "data": data})


def timed(what: str, count: int, function: Callable[[], Any]) -> Any:
    """Run a function, print what it took, and return its answer."""
    begun = perf_counter()
    answer = function()
    seconds = perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(
        f"{what:32} {seconds:8.2f} s {count / seconds:10,.0f}/s   peak of the process {peak:.0f} MB"
    )
    return answer


def execute(executor: ActionExecutor) -> None:
    """Execute all actions to their end."""
    while executor.step():
        pass


def main(count: int) -> None:
    """Print a line for each act on `count` rejections."""
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedServer(Path(folder), durable=False) as server,
    ):
        redis = Redis.from_url(server.url)
        keys = Keys(StreamNames("bench"))
        actions, rejections = RedisActions(redis, keys), RedisRejections(redis, keys)
        executor = ActionExecutor("bench", actions, rejections)
        seconds = poison(redis, keys, count)
        say(f"{count:,} rejections, {seconds / count * 1e6:.0f} us each with their group")
        groups = timed("groups", count, rejections.groups)
        say(f"{len(groups)} groups: {[(group.exception, group.open) for group in groups]}")
        assert sum(group.open for group in groups) == count
        replay = ActionOrder("replay", "bench", where="stage:tag age:<7d")
        timed("dry run", count, lambda: preview(actions.draft(replay), rejections))
        before = int(redis.info("memory")["used_memory"])
        action = actions.create(replay)
        timed("replay", count, lambda: execute(executor))
        after = int(redis.info("memory")["used_memory"])
        ended = actions.get(action.id)
        assert ended is not None
        say(f"{dict(ended.outcomes)}; server {before / 1e6:.0f} -> {after / 1e6:.0f} MB")
        assert redis.xlen(keys.ingested) == count
        assert rejections.count() == 0


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "")) if sys.argv[1:] else 100_000)
