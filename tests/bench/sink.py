"""Cost of a sink: CPU per outcome, apart from the store and with it.

Usage: python tests/bench/sink.py [DOCUMENTS] [RECORDS.jsonl], 20,000 documents by default. The
records come from a file of `fanmill run --output`, or are made up with the size of real ones.
"""

import json
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from itertools import cycle, islice
from pathlib import Path
from threading import Event
from time import monotonic, perf_counter, process_time, time
from typing import Any, Final

from redis import Redis

from fanmill.local.server import EmbeddedServer
from fanmill.ops.logs import configure_logs
from fanmill.ports.store import Outcome, SaveCounts
from fanmill.sink import Sink, SinkPolicy
from fanmill.sink.saving import SinkStore
from fanmill.sink_process import spare_collector
from fanmill.stores.keys import Keys
from fanmill.stores.opening import open_store
from fanmill.stores.redis import connect
from fanmill.stores.redis.outbox import RedisOutbox
from fanmill_contracts import StreamNames
from fanmill_contracts.events import FANMILL_SOURCE, DocumentProcessed

_TYPE: Final = DocumentProcessed.model_fields["type"].default
_FINGERPRINT: Final = bytes(range(120))


class _NoStore:
    """A store that forgets: what remains is the cost of the sink itself."""

    def save(self, outcomes: Sequence[Outcome]) -> SaveCounts:
        return SaveCounts(len(outcomes), 0, 0, 0, 0)

    def expire(self, completed_before: datetime, limit: int = 1000) -> int:
        raise NotImplementedError(completed_before, limit)

    def close(self) -> None:
        return


class _Clock:
    def monotonic(self) -> float:
        return monotonic()

    def wall(self) -> float:
        return time()


def fill(redis: Redis, keys: Keys, records: Sequence[dict[str, Any]], number: int) -> int:
    """Write processed events with their fingerprints; return their bytes."""
    size = 0
    with redis.pipeline(transaction=False) as pipe:
        for at, record in enumerate(islice(cycle(records), number)):
            document, entry = f"doc-{at}", f"1700000000000-{at}"
            data = {**record, "document_id": document}
            event = {
                "specversion": "1.0", "id": entry, "source": FANMILL_SOURCE, "type": _TYPE,
                "subject": document, "time": "2026-01-01T00:00:00.000Z", "data": data,
            }  # fmt: skip
            body = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()
            size += len(body)
            pipe.xadd(keys.processed, {"event": body})
            pipe.hset(
                keys.document(document), mapping={"entry": entry, "fingerprint": _FINGERPRINT}
            )
            if at % 1000 == 999:
                pipe.execute()
        pipe.execute()
    return size


def measure(redis: Redis, keys: Keys, name: str, store: SinkStore, number: int) -> str:
    """Let a sink of its own store everything; return its rates in words."""
    outbox = RedisOutbox(redis, keys, name, name, None)
    sink = Sink(
        "a",
        outbox=outbox,
        open_store=lambda: store,
        policy=SinkPolicy(take_over_seconds=3600, retention_days=None),
        clock=_Clock(),
    )
    server = _server_cpu(redis)
    began, busy = perf_counter(), process_time()
    stop = Event()
    done = 0
    while done < number:
        done += sink.poll(stop, 0)
    seconds, cpu = perf_counter() - began, process_time() - busy
    server = _server_cpu(redis) - server
    return (
        f"{name:<12} {number / cpu:>8,.0f} /CPU-s of the sink  {cpu / number * 1e6:>5.0f} us CPU "
        f"{server / number * 1e6:>5.0f} us of Redis  {number / seconds:>8,.0f} /s"
    )


def _server_cpu(redis: Redis) -> float:
    info: Any = redis.info("cpu")
    return float(info["used_cpu_user"]) + float(info["used_cpu_sys"])


def main(arguments: list[str]) -> None:
    """Measure the sink without a store, then with SQLite."""
    configure_logs("console", "warning", role="bench")
    spare_collector()
    number = int(arguments[0]) if arguments else 20_000
    if len(arguments) > 1:
        lines = Path(arguments[1]).read_text(encoding="utf-8").splitlines()
        records = [json.loads(line) for line in lines]
    else:
        sample = Path(__file__).parents[1] / "contracts/v1/processed-full.json"
        records = [json.loads(sample.read_text(encoding="utf-8"))["data"]]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with EmbeddedServer(folder / "server", durable=False) as server:
            redis, keys = connect(server.url, retry_seconds=3), Keys(StreamNames("bench"))
            size = fill(redis, keys, records, number)
            sys.stdout.write(f"{number:,} records of {size / number:,.0f} bytes\n")
            sys.stdout.write(measure(redis, keys, "no store", _NoStore(), number) + "\n")
            store = open_store(f"sqlite:///{folder / 'results.sqlite'}", create=True)
            sys.stdout.write(measure(redis, keys, "sqlite", store, number) + "\n")
            store.close()
            redis.close()


if __name__ == "__main__":
    main(sys.argv[1:])
