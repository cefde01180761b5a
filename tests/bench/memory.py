"""Memory of the service: of a worker's child, of intake under hostile input, and in Redis.

All figures come from real processes on a server of their own. `make bench-memory` runs this; it
writes `memory.json` beside this file and the tables in `deploy/README.md`.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, Final

import psutil
from machine import machine, versions
from memory_table import FIGURES, PAGE, figures, written
from processes import Measured, running
from prose import LANGUAGES, texts
from redis import Redis
from redis.exceptions import RedisError
from service import Surroundings, completed, say, surroundings

from fanmill.settings import Settings
from fanmill.wiring import Wiring
from fanmill_contracts import DocumentIngested, Publisher

TEXT_BYTES: Final = 1200
STEPS: Final = (1_000, 10_000, 20_000)
CHUNK: Final = 500
REDIS_WARM_UP: Final = 3_000
"""Documents before the measured ones: counts of terms are bounded, and full by then."""
REDIS_DOCUMENTS: Final = 2_000
HUGE_EVENTS: Final = 24
HUGE_BYTES: Final = 40 * 1024 * 1024
MALFORMED_EVENTS: Final = 10_000
PATIENCE_SECONDS: Final = 3600.0
MIB: Final = 1024 * 1024

WORKER: Final = ("-m", "fanmill", "worker")
INTAKE: Final = ("-m", "fanmill", "intake")


def main() -> None:
    """Measure, and write figures and tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=STEPS[-1], help="per series of a worker")
    parser.add_argument("--dry", action="store_true", help="print the figures, write nothing")
    parser.add_argument(
        "--only", choices=("redis", "intake", "worker"), help="measure this, keep other figures"
    )
    arguments = parser.parse_args()
    steps = (*tuple(step for step in STEPS if step < arguments.documents), arguments.documents)
    found: dict[str, Any] = figures() if arguments.only else {}
    found["machine"] = machine()
    with place() as where:
        found["versions"] = versions(where.redis)
    if arguments.only in {None, "redis"}:
        found["redis"] = {**of_redis(), "before_completion": of_waiting()}
    if arguments.only in {None, "intake"}:
        found["intake"] = of_intake()
    if arguments.only in {None, "worker"}:
        found["worker"] = [*of_worker(("en",), steps), *of_worker(LANGUAGES, steps)]
    if arguments.dry:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
        return
    FIGURES.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")


@contextmanager
def place() -> Iterator[Surroundings]:
    """Run a server of its own until the block ends."""
    with (
        tempfile.TemporaryDirectory() as folder,
        surroundings(Path(folder), durable=False, log_level="warning") as where,
    ):
        yield where


def documents(languages: tuple[str, ...], count: int, seed: str) -> Iterator[DocumentIngested]:
    """Yield events of documents of 1.2 kB."""
    for number, text in enumerate(texts(languages, count, TEXT_BYTES, seed)):
        yield DocumentIngested.create(f"{seed}-{number}", text, source="/bench")


def of_worker(languages: tuple[str, ...], steps: tuple[int, ...]) -> list[dict[str, Any]]:
    """Return a child's own memory and its parent's after so many documents."""
    named = ", ".join(languages)
    rows = []
    with (
        place() as where,
        running(WORKER, where.environment, "worker") as worker,
        running(INTAKE, where.environment, "intake"),
    ):
        keys, publisher = keys_of(where), Publisher(client=where.redis)
        events = documents(languages, steps[-1], "worker")
        done = 0
        while done < steps[-1]:
            step = next(each for each in steps if each > done)
            chunk = [next(events) for _ in range(min(CHUNK, step - done))]
            done += publisher.publish_many(chunk)
            wait_completed(where.redis, keys.counters, done)
            if done in steps:
                (child,) = psutil.Process(worker.pid).children()
                row = {
                    "languages": named,
                    "documents": done,
                    "own_mb": own_bytes(child.pid) / MIB,
                    "parent_own_mb": own_bytes(worker.pid) / MIB,
                    "parent_rss_mb": psutil.Process(worker.pid).memory_info().rss / MIB,
                }
                say(f"  worker, {named}, {done:,} documents: {row['own_mb']:.0f} MB")
                rows.append(row)
    return rows


def of_intake() -> list[dict[str, Any]]:
    """Return the maximum memory of an intake that is sent what is too large or no event."""
    huge = (
        b'{"specversion":"1.0","id":"%d","source":"/bench","type":"fanmill.document.ingested.v1",'
    )
    text = b"a" * HUGE_BYTES

    def too_large() -> Iterator[bytes]:
        for number in range(HUGE_EVENTS):
            body = b'"data":{"document_id":"%d","text":"%s"}}' % (number, text)
            yield huge % number + body

    def malformed() -> Iterator[bytes]:
        for number in range(MALFORMED_EVENTS):
            yield b'{"specversion": "1.0", "id": %d' % number

    return [
        sent("documents of 1.2 kB, 1,000", ordinary),
        sent(f"events of 40 MB, {HUGE_EVENTS}", too_large),
        sent(f"malformed events, {MALFORMED_EVENTS:,}", malformed),
    ]


def ordinary() -> Iterator[bytes]:
    """Yield the bodies of a thousand ordinary events."""
    for event in documents(("en",), 1_000, "intake"):
        yield event.model_dump_json().encode()


def sent(name: str, bodies: Callable[[], Iterator[bytes]]) -> dict[str, Any]:
    """Return the peak of an intake after it has read everything; events wait before it starts."""
    with place() as where:
        keys = keys_of(where)
        count = refused = 0
        for body in bodies():
            try:
                where.redis.xadd(keys.ingested, {"event": body})
                count += 1
            except RedisError:
                refused += 1
        with running(INTAKE, where.environment, "intake") as intake:
            wait(lambda: read(where.redis, keys.ingested) >= count, f"{name}: all read")
            wait(lambda: idle(where.redis, keys.ingested), f"{name}: all judged")
            peak = peak_bytes(intake) / MIB
    row = {"sent": name, "count": count, "refused_by_server": refused, "peak_mb": peak}
    say(f"  intake, {name}: {peak:.0f} MB ({refused} refused by the server)")
    return row


def read(redis: Redis, stream: str) -> int:
    """Return how many entries of a stream were read, 0 before the group is there."""
    try:
        groups: Any = redis.xinfo_groups(stream)
    except RedisError:
        return 0
    return int(groups[0]["entries-read"] or 0) if groups else 0


def idle(redis: Redis, stream: str) -> bool:
    """Whether every entry that is left is admitted: none is held by an intake."""
    consumers: Any = redis.xinfo_consumers(stream, redis.xinfo_groups(stream)[0]["name"])
    return not any(each["pending"] for each in consumers if b"intake" in each["name"])


def of_redis() -> dict[str, Any]:
    """Return the bytes that a completed document takes in Redis, by kind of key and in all."""
    with (
        place() as where,
        running(WORKER, where.environment, "worker"),
        running(INTAKE, where.environment, "intake"),
    ):
        keys, redis = keys_of(where), where.redis
        publisher = Publisher(client=redis)
        warm = publisher.publish_many(documents(("en",), REDIS_WARM_UP, "warm"))
        wait_completed(redis, keys.counters, warm)
        before, kinds_before = used(redis), by_kind(redis)
        publisher.publish_many(documents(("en",), REDIS_DOCUMENTS, "measured"))
        wait_completed(redis, keys.counters, warm + REDIS_DOCUMENTS)
        after, kinds = used(redis), by_kind(redis)
    grown = {
        kind: round((size - kinds_before.get(kind, 0)) / REDIS_DOCUMENTS)
        for kind, size in kinds.items()
    }
    row = {
        "text_bytes": TEXT_BYTES,
        "documents": REDIS_DOCUMENTS,
        "bytes_per_document": round((after - before) / REDIS_DOCUMENTS),
        "by_kind": {
            kind: size
            for kind, size in sorted(grown.items(), key=lambda each: -each[1])
            if size >= 10
        },
    }
    say(f"  Redis: {row['bytes_per_document']:,} bytes for a document; {row['by_kind']}")
    return row


def used(redis: Redis) -> int:
    """Return what the server has allocated for data and clients, in bytes."""
    info: Any = redis.info("memory")
    return int(info["used_memory"])


def by_kind(redis: Redis) -> dict[str, int]:
    """Return the bytes of all keys by the word behind the namespace."""
    sizes: dict[str, int] = {}
    for key in redis.scan_iter(count=1000):
        kind = [*key.decode().split(":"), "queues"][1]
        size: Any = redis.memory_usage(key, samples=0)
        sizes[kind] = sizes.get(kind, 0) + int(size or 0)
    return sizes


def own_bytes(pid: int) -> int:
    """Return the bytes that a process shares with no other (USS)."""
    found = 0
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith(("Private_Clean:", "Private_Dirty:")):
            found += int(line.split()[1]) * 1024
    return found


def peak_bytes(process: Measured) -> int:
    """Return the maximum RSS that a process ever had."""
    for line in Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise SystemExit("/proc says no VmHWM; this benchmark needs Linux")


def keys_of(where: Surroundings) -> Any:
    """Return the keys of the service."""
    return Wiring(Settings(redis_url=where.environment["FANMILL_REDIS_URL"])).keys


def of_waiting() -> dict[str, int]:
    """Return the bytes in Redis of an event that waits, is in flight, or was rejected."""
    with place() as where:
        where.environment["FANMILL_MAX_IN_FLIGHT"] = str(10 * REDIS_DOCUMENTS)
        keys, redis = keys_of(where), where.redis
        empty = used(redis)
        Publisher(client=redis).publish_many(documents(("en",), REDIS_DOCUMENTS, "waiting"))
        waiting = used(redis)
        with running(INTAKE, where.environment, "intake"):
            wait(lambda: counted(redis, keys, "admitted") == REDIS_DOCUMENTS, "all admitted")
            in_flight = used(redis)
    with place() as where:
        keys, redis = keys_of(where), where.redis
        before = used(redis)
        body = b'{"specversion": "1.0", "text": "%s"' % (b"a" * TEXT_BYTES)
        for _ in range(REDIS_DOCUMENTS // 4):
            redis.xadd(keys.ingested, {"event": body})
        with running(INTAKE, where.environment, "intake"):
            wait(lambda: not redis.xlen(keys.ingested), "all rejected")
            rejected = used(redis)
    return {
        "waiting": round((waiting - empty) / REDIS_DOCUMENTS),
        "in flight": round((in_flight - waiting) / REDIS_DOCUMENTS),
        "rejected": round((rejected - before) / (REDIS_DOCUMENTS // 4)),
    }


def counted(redis: Redis, keys: Any, name: str) -> int:
    """Return one of the service's counters."""
    return int(redis.hget(keys.counters, name) or 0)


def wait_completed(redis: Redis, counters: str, count: int) -> None:
    """Wait until that many documents are complete."""
    wait(lambda: completed(redis, counters) >= count, f"{count:,} documents completed")


def wait(reached: Callable[[], Any], what: str) -> None:
    """Wait until something holds; end the benchmark if it does not within an hour."""
    deadline = perf_counter() + PATIENCE_SECONDS
    while not reached():
        if perf_counter() > deadline:
            raise SystemExit(f"{what}: not within {PATIENCE_SECONDS:g} s")
        sleep(0.05)


if __name__ == "__main__":
    main()
