"""Benchmark of counting: the scripts of the ledger with and without their counts.

Both sides run by turns over the same server: each document is read, admitted, started and
committed at three stages, without Celery and without functions. `--help` shows the options.
"""

import argparse
import json
import re
import sys
import tempfile
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

from load import documents
from machine import machine, versions
from redis import Redis

from fanmill.intake.validation import validate
from fanmill.local.server import EmbeddedServer
from fanmill.ports import STAGES, Admission, StageResult
from fanmill.stores.keys import Keys
from fanmill.stores.redis import RedisLedger
from fanmill.stores.script import Script
from fanmill_contracts import StreamNames, encode

BATCHES: Final = (1, 64)

FRAME_MS: Final = {1: 5.7, 64: 0.49}
"""CPU time of the whole frame per document, by size of the batch; see README.md beside this."""

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


@dataclass(frozen=True)
class Run:
    """Cost of one run per document.

    Attributes:
        server_us: CPU time of the server in microseconds.
        wall_us: Time that passed in microseconds, client included.
    """

    server_us: float
    wall_us: float


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


def measure(redis: Redis, count: int, batch: int, *, counts: bool) -> Run:
    """Measure a run over a new namespace, which is removed afterwards."""
    redis.flushall()
    ledger = ledger_of(redis, counts=counts)
    with redis.pipeline(transaction=False) as pipe:
        for event in documents(count, "count"):
            pipe.xadd(ledger._keys.ingested, {"event": encode(event)})
        pipe.execute()
    before, started = cpu_seconds(redis), perf_counter()
    if work_off(ledger, batch) != count:
        raise SystemExit("not all documents were worked off")
    wall, cpu = perf_counter() - started, cpu_seconds(redis) - before
    return Run(cpu / count * 1e6, wall / count * 1e6)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=int, default=4000, help="in each run (4000)")
    parser.add_argument("--repeats", type=int, default=7, help="the median is reported (7)")
    parser.add_argument("--json", action="store_true", help="figures for programs")
    options = parser.parse_args()
    rows = []
    with (
        tempfile.TemporaryDirectory(prefix="fanmill-bench-") as folder,
        EmbeddedServer(Path(folder), durable=False) as server,
        Redis(port=server.port) as redis,
    ):
        about = {"machine": machine(), "versions": versions(redis)}
        for batch in BATCHES:
            count = options.documents if batch > 1 else options.documents // 4
            sides: dict[bool, list[Run]] = {True: [], False: []}
            for _ in range(options.repeats):
                for counts in (False, True):
                    sides[counts].append(measure(redis, count, batch, counts=counts))
            rows.append(_row(batch, sides))
    if options.json:
        sys.stdout.write(json.dumps({**about, "rows": rows}, indent=2) + "\n")
        return
    sys.stdout.write(
        "batch | server us/document without | with | counting us/document | share of the server "
        f"| share of the frame (limit {MAX_SHARE:.0%})\n"
    )
    for row in rows:
        sys.stdout.write(
            f"{row['batch']} | {row['without_us']:.1f} | {row['with_us']:.1f} "
            f"| {row['counting_us']:.1f} | {row['share_of_server']:.1%} "
            f"| {row['share_of_frame']:.1%}\n"
        )


def _row(batch: int, sides: dict[bool, list[Run]]) -> dict[str, float]:
    plain = median(run.server_us for run in sides[False])
    counted = median(run.server_us for run in sides[True])
    # Runs are neighbours in time by pairs, so the median of their differences is steadier.
    pairs = zip(sides[False], sides[True], strict=True)
    cost = median(with_.server_us - without.server_us for without, with_ in pairs)
    return {
        "batch": batch,
        "without_us": plain,
        "with_us": counted,
        "wall_without_us": median(run.wall_us for run in sides[False]),
        "wall_with_us": median(run.wall_us for run in sides[True]),
        "counting_us": cost,
        "share_of_server": cost / counted,
        "share_of_frame": cost / (FRAME_MS[batch] * 1000),
    }


if __name__ == "__main__":
    main()
