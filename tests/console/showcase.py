"""A service as operators meet it on a working day, for pictures, tests and benchmarks.

Records come from the real stages and the samples of this repository. Counts of the past and entries
of processes are written as the scripts and heartbeats would have written them.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass, replace
from json import loads
from math import pi, sin
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from builders import POLICY, Mill, RedisStores, ingested, raw_body
from builders.functions import refuses
from fanmill import __version__
from fanmill.ops.process_registry import Process, server_ms, write_entry
from fanmill.ports import STAGES, Load, Rejection, RunningBatch
from fanmill.settings import Settings
from fanmill.stage_functions import functions_of
from fanmill.stores.redis.history import BOUNDS_MS, KEPT, SPAN_MS
from fanmill_contracts import DocumentIngested

if TYPE_CHECKING:
    from redis import Redis

    from fanmill.core.document import Document
    from fanmill.stores.keys import Keys

SAMPLES: Final = Path(__file__).parents[2] / "deploy" / "samples"
SOURCES: Final = ("/crawler/eu", "/crawler/asia", "/mail", "/partners/lowmarsh")
CAUSES: Final = (
    ("stage-failed", "tag", "ConnectionError", "acme_topics.model:ask:88",
     "the model at topics.internal:8080 did not answer within 5 s", 24),
    ("time-limit", "summarize", "", "fanmill.core.statistics.repetition:of:61",
     "the stage did not end within 120 s", 3),
    ("stage-failed", "tag", "UnicodeDecodeError", "acme_topics.labels:read:17",
     "'utf-8' codec can't decode byte 0xe9 in position 12", 7),
)  # fmt: skip
"""Reason, stage, exception, place, error and number of rejections."""


def events() -> list[DocumentIngested]:
    """Return the documents of the samples, in their order."""
    found = []
    for path in ("news.jsonl", "languages.jsonl.gz", "reprints.jsonl"):
        body = (SAMPLES / path).read_bytes()
        for line in (gzip.decompress(body) if path.endswith("gz") else body).splitlines():
            fields = loads(line)
            known = {key: fields[key] for key in ("title", "url", "language") if fields.get(key)}
            source = SOURCES[len(found) % len(SOURCES)]
            found.append(ingested(fields["id"], fields["text"], source=source, **known))
    return found


def functions() -> Any:
    """Return the real functions of the stages, which refuse what the builders refuse."""
    real = functions_of(Settings(_env_file=None))  # type: ignore[call-arg]

    def tag(document: Document) -> Any:
        refuses("tag", document)
        return real.tag(document)

    return replace(real, tag=tag)


def fill_history(redis: Redis, keys: Keys, per_second: float = 180.0) -> None:
    """Count a day of minutes and a month of hours, with a rhythm and a burst of failures."""
    now, chance = server_ms(redis), Random(7)
    with redis.pipeline(transaction=False) as pipe:
        for resolution, span in SPAN_MS.items():
            last = now // span
            for number in range(last - KEPT[resolution] + 1, last):
                hours = number * span / 3_600_000
                wave = 0.62 + 0.3 * sin((hours - 8) * pi / 12) + chance.uniform(-0.05, 0.05)
                received = int(per_second * wave * span / 1000)
                ago = (now - number * span) / 3_600_000
                failed = int(received * (0.02 if 5.0 < ago < 6.0 else 0.0004))
                counts = _counts(received, failed)
                pipe.hset(f"{keys.history}{resolution[0]}{number}", mapping=counts)
        pipe.execute()


def _counts(received: int, failed: int) -> dict[str, int]:
    completed = received - failed
    counts = {
        "received": received, "admitted": received, "completed": completed, "rejected": failed,
        "rejected:stage-failed": failed, "verdict:unique": completed * 7 // 10,
        "verdict:exact": completed // 5, "verdict:near": completed // 10,
    }  # fmt: skip
    for name, middle in (("deduplicate", 4), ("summarize", 7), ("tag", 8), ("total", 9)):
        if name != "total":
            counts[f"stage:{name}"] = completed
            counts[f"busy:{name}"] = completed * 2
        counts[f"{name}:sum"] = completed * BOUNDS_MS[middle]
        for away, share in ((-1, 30), (0, 62), (1, 8)):
            counts[f"{name}:{BOUNDS_MS[middle + away]}"] = completed * share // 100
    return counts


@dataclass(frozen=True)
class Showcase:
    """A namespace with documents of every state."""

    redis: Redis
    keys: Keys

    def fill(self, *more: DocumentIngested) -> Mill:
        """Process the samples and more, reject some, leave some in flight and some waiting."""
        stores = RedisStores(self.redis, self.keys)
        stores.ledger.open()
        policy = replace(POLICY, batch_max_documents=16, max_in_flight=64)
        mill = Mill(stores, functions=functions(), policy=policy)
        mill.publish(*events(), *more)
        mill.run()
        self.reject(stores)
        stores.add(b'{"specversion": "1.0", "data": {"text": "cut of')
        stores.add(raw_body(id="no-language", data={"language": "not a tag"}))
        mill.run()
        mill.publish(*(ingested(f"held-{at}", f"Text {at} is in work.") for at in range(3)))
        mill.poll()
        names = ("harbour-tides", "market-prices-thu", "council-minutes-41", "ferry-notice-7")
        mill.publish(
            *(
                ingested(name, f"{name} waits for its turn.", source=SOURCES[at % 4])
                for at, name in enumerate(names)
            )
        )
        return mill

    def reject(self, stores: RedisStores) -> None:
        """Reject documents for the causes."""
        for reason, stage, exception, frame, error, count in CAUSES:
            for at in range(count):
                name = f"{exception.lower() or reason}-{at}"
                data = {"document_id": name, "text": f"Text {at} of {name}.", "title": f"No. {at}"}
                stores.add(raw_body(id=f"event-{name}", source=SOURCES[at % 4], data=data))
            entries = stores.ledger.read("reader", count, 0, enough_bytes=10**9)
            stores.ledger.reject(
                [
                    Rejection(
                        entry.id, reason, stage, error,  # type: ignore[arg-type]
                        f"{exception.lower() or reason}-{at}",
                        f"event-{exception.lower() or reason}-{at}", SOURCES[at % 4],
                        exception=exception, frame=frame,
                    )
                    for at, entry in enumerate(entries)
                ]
            )  # fmt: skip

    def beat(self) -> None:
        """Write the entries of all processes, as their heartbeats do."""
        waiting: Any = self.redis.xpending_range(self.keys.ingested, "fanmill", "-", "+", 1)
        entry = waiting[0]["message_id"].decode() if waiting else "1-0"
        batch = RunningBatch("tag", "b1", 1, entry, (entry,), 1, 2.4)
        for process in (
            _process("intake", "mill-a", 1, Load(memory_bytes=61_000_000)),
            _process("intake", "mill-b", 2, Load(memory_bytes=60_200_000)),
            _process("worker", "mill-a", 3, Load(1, (batch,), 92.4, 410_000_000)),
            _process("worker", "mill-b", 4, Load(0, (), 88.1, 402_500_000)),
        ):
            write_entry(self.redis, self.keys, process)


def _process(role: Any, host: str, pid: int, load: Load) -> Process:
    working = role == "worker"
    return Process(
        f"{role}-{host}-{4000 + pid}-{pid:06x}", role, host, 4000 + pid, __version__,
        STAGES if working else (), 4 if working else 1, 0, load=load,
    )  # fmt: skip
