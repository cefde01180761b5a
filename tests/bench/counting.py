"""Benchmark of counting: the scripts of the ledger with and without their counts.

Both sides take turns on the same server, a few batches at a time: each document is read, admitted,
started and committed at three stages, without Celery and without functions. The frame, whose share
the counts are, is measured in the same run. `--help` shows the options.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from hashlib import sha1
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final
from uuid import uuid4

from frame import fanmill
from load import documents
from machine import machine, versions
from redis import Redis
from service import surroundings

from fanmill.intake.validation import validate
from fanmill.local.server import EmbeddedServer
from fanmill.ports import STAGES, Admission, StageResult
from fanmill.stores.keys import Keys
from fanmill.stores.redis import RedisLedger
from fanmill.stores.script import Script
from fanmill_contracts import StreamNames, encode

BATCHES: Final = (1, 64)

DOCUMENTS: Final = {1: 8, 64: 64}
"""Documents of a side in a pair, by size of the batch: few, so that other jobs meet few pairs."""

MAX_SHARE: Final = 0.03

_COUNTING: Final = ("add", "add_durations", "write_counts")


def without_counting(script: Script) -> Script:
    """Return the script with functions that count nothing."""
    source = script.source
    for name in _COUNTING:
        source, found = re.subn(
            rf"(local function {name}\(.*?\)\n).*?\nend\n", r"\1end\n", source, flags=re.DOTALL
        )
        # A script without counts has none of the functions.
        if found != source.count(f"local function {name}("):
            raise SystemExit(f"the function {name} is not where it was")
    source = source.replace(", 'started:' .. stage, started)", ")")
    digest = sha1(source.encode(), usedforsecurity=False).hexdigest()
    return Script(source, digest, script.writes)


def ledger_of(redis: Redis, *, counts: bool) -> RedisLedger:
    """Return a ledger over a new namespace."""
    ledger = RedisLedger(
        redis,
        Keys(StreamNames(f"count-{uuid4().hex[:8]}")),
        result_retention_seconds=3600,
        processed_stream_maxlen=1000,
        idempotency_window_seconds=3600,
    )
    if not counts:
        for name, value in vars(ledger).items():
            if isinstance(value, Script):
                setattr(ledger, name, without_counting(value))
    ledger.open()
    return ledger


def work_off(ledger: RedisLedger, batch: int) -> int:
    """Take all waiting documents through the ledger; return their number."""
    done = 0
    while entries := ledger.read("bench", batch, 0, 1 << 30):
        valid: list[Any] = [validate(entry, redacts=False) for entry in entries]
        ledger.admit([each for each in valid if isinstance(each, Admission)])
        ids = [entry.id for entry in entries]
        for stage in STAGES:
            jobs = ledger.start(stage, ids)
            ledger.commit(
                stage,
                [
                    StageResult(
                        entry_id=job.entry_id,
                        document_id=job.event["data"]["document_id"],
                        members=json.dumps({f"{stage}_member": 1}),
                        verdict="unique" if stage == "deduplicate" else None,
                    )
                    for job in jobs
                ],
            )
        done += len(ids)
    return done


def cpu_seconds(redis: Redis) -> float:
    """Return the CPU time of the server so far; psutil knows it to 10 ms only."""
    info: Any = redis.info("cpu")
    return float(info["used_cpu_user"]) + float(info["used_cpu_sys"])


def side(redis: Redis, ledger: RedisLedger, events: list[bytes], batch: int) -> float:
    """Return the server's CPU time for documents, in microseconds for each."""
    with redis.pipeline(transaction=False) as pipe:
        for event in events:
            pipe.xadd(ledger._keys.ingested, {"event": event})
        pipe.execute()
    before = cpu_seconds(redis)
    if work_off(ledger, batch) != len(events):
        raise SystemExit("not all documents were worked off")
    return (cpu_seconds(redis) - before) / len(events) * 1e6


def pairs(redis: Redis, batch: int, count: int) -> list[tuple[float, float]]:
    """Return the costs of a document without and with counts, of neighbouring runs."""
    ledgers = [ledger_of(redis, counts=False), ledger_of(redis, counts=True)]
    found = []
    # The first pair makes the keys and loads the scripts.
    for number in range(count + 1):
        run = f"{batch}-{number}"
        events = [encode(event) for event in documents(DOCUMENTS[batch], run)]
        # Each side comes first in half of the pairs.
        order = (0, 1) if number % 2 else (1, 0)
        costs = {at: side(redis, ledgers[at], events, batch) for at in order}
        found.append((costs[0], costs[1]))
    redis.flushall()
    return found[1:]


def spread_of_median(values: Sequence[float]) -> tuple[float, float]:
    """Return the interval that has the median of further such values in 95 of 100 cases."""
    chance = Random(0)
    medians = sorted(median(chance.choices(values, k=len(values))) for _ in range(2000))
    return medians[49], medians[1949]


def frame_us(folder: Path, batch: int, count: int) -> float:
    """Return the CPU time of all processes for a document with empty stages, in microseconds."""
    with surroundings(folder, batch=batch, log_level="info") as place:
        whole = fanmill(f"frame, batch {batch}", place, count)
    return sum(whole.cpu.values()) / whole.documents * 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pairs", type=int, default=400, help="of runs at each size (400)")
    parser.add_argument("--frames", type=int, default=4, help="measurements of the frame (4)")
    parser.add_argument("--documents", type=int, default=2000, help="for each of them (2000)")
    parser.add_argument("--json", action="store_true", help="figures for programs")
    options = parser.parse_args()
    rows = []
    with (
        tempfile.TemporaryDirectory(prefix="fanmill-bench-") as folder,
        EmbeddedServer(Path(folder) / "ledger", durable=False) as server,
        Redis(port=server.port) as redis,
    ):
        about = {"machine": machine(), "versions": versions(redis)}
        for batch in BATCHES:
            count = options.documents if batch > 1 else options.documents // 4
            costs: list[tuple[float, float]] = []
            frames = []
            for number in range(options.frames):
                costs += pairs(redis, batch, options.pairs // options.frames)
                frames.append(frame_us(Path(folder) / f"{batch}-{number}", batch, count))
            rows.append(_row(batch, costs, frames))
    if options.json:
        sys.stdout.write(json.dumps({**about, "rows": rows}, indent=2) + "\n")
        return
    sys.stdout.write(
        f"load {about['machine']['load']:.1f}; medians, in brackets the interval of 95 % or the "
        f"least and the highest; limit {MAX_SHARE:.0%}\n"
        "batch | server us/document without | with | counting us/document "
        "| frame us/document | share of the frame\n"
    )
    for row in rows:
        sys.stdout.write(
            f"{row['batch']} | {row['without_us']:.1f} | {row['with_us']:.1f} "
            f"| {_spread(row['counting_us'], '.1f')} | {_spread(row['frame_us'], '.0f')} "
            f"| {_spread(row['share_of_frame'], '.1%')}\n"
        )


def _spread(figures: tuple[float, float, float], form: str) -> str:
    figure, low, high = (format(each, form) for each in figures)
    return f"{figure} ({low}-{high})"


def _row(
    batch: int, costs: Sequence[tuple[float, float]], frames: Sequence[float]
) -> dict[str, Any]:
    # Runs are neighbours in time by pairs, so the median of their differences is steadier.
    differences = [counted - plain for plain, counted in costs]
    counting = (median(differences), *spread_of_median(differences))
    frame = median(frames)
    return {
        "batch": batch,
        "without_us": median(plain for plain, _ in costs),
        "with_us": median(counted for _, counted in costs),
        "counting_us": counting,
        "frame_us": (frame, min(frames), max(frames)),
        "share_of_frame": tuple(each / frame for each in counting),
    }


if __name__ == "__main__":
    main()
