"""Memory of the service: of a worker's child, of intake under hostile input, and in Redis.

All figures come from real processes on a server of their own. `make bench-memory` runs this; it
writes `memory.json` beside this file and the tables in `deploy/README.md`.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import psutil
from machine import machine, versions
from memory_redis import of_redis, of_waiting
from memory_service import INTAKE, WORKER, documents, keys_of, place, wait, wait_completed
from memory_table import FIGURES, PAGE, figures, written
from processes import Measured, running
from prose import LANGUAGES
from redis import Redis
from redis.exceptions import RedisError
from service import say

from fanmill_contracts import Publisher

STEPS: Final = (1_000, 10_000, 20_000)
CHUNK: Final = 500
HUGE_EVENTS: Final = 24
HUGE_BYTES: Final = 40 * 1024 * 1024
MALFORMED_EVENTS: Final = 10_000
MIB: Final = 1024 * 1024


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
    """Return whether every remaining entry is admitted, so that no intake holds any."""
    consumers: Any = redis.xinfo_consumers(stream, redis.xinfo_groups(stream)[0]["name"])
    return not any(each["pending"] for each in consumers if b"intake" in each["name"])


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


if __name__ == "__main__":
    main()
