"""Benchmark of the frame: what fanmill costs when the stages do nothing.

Beside it, in the same run and on the same server, one Celery task per document
and one chord per document. `python tests/bench/frame.py --help`.
"""

import argparse
import gc
import json
import os
import platform
import signal
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from threading import Event
from time import perf_counter, process_time, sleep
from typing import Any, Final

import psutil
import rivals
from celery import Celery
from load import TEXT_CHARACTERS, documents
from processes import Measured, cpu_seconds, running
from redis import Redis

from fanmill.local.server import EmbeddedServer
from fanmill.ops.logs import configure_logs
from fanmill.settings import Settings
from fanmill.wiring import Wiring
from fanmill_contracts import Publisher, encode

BATCHES: Final = (1, 8, 64, 256)
WARM_UP: Final = 64
CHORD_SHARE: Final = 4
"""A chord is so slow that a quarter of the documents says enough."""

TARGET_RATIO: Final = 5.0
TARGET_IDLE_MS: Final = 25.0
TARGET_RATE: Final = 2000.0
_PATIENCE_SECONDS: Final = 300.0


@dataclass(frozen=True, slots=True)
class Throughput:
    """One run through a backlog that was there from the start."""

    name: str
    documents: int
    seconds: float
    cpu: dict[str, float]
    """CPU seconds by process."""

    @property
    def rate(self) -> float:
        """Documents per second."""
        return self.documents / self.seconds


@dataclass(frozen=True, slots=True)
class Publishing:
    """How fast one process hands documents over."""

    name: str
    documents: int
    seconds: float
    own_cpu: float

    @property
    def rate(self) -> float:
        """Documents per second."""
        return self.documents / self.seconds


def main() -> None:
    """Measure and print."""
    options = _options()
    if options.role:
        {
            "intake": work_as_intake,
            "fanmill": rivals.work_as_fanmill,
            "rival": rivals.work_as_rival,
        }[options.role]()
        return
    with tempfile.TemporaryDirectory(prefix="fanmill-bench-") as folder:
        results = Bench(Path(folder), options).run()
    if options.json:
        sys.stdout.write(json.dumps(results, indent=2) + "\n")
    else:
        sys.stdout.write(report(results))


def work_as_intake() -> None:
    """Run an intake until SIGTERM."""
    settings = Settings()
    configure_logs(settings, role="intake")
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    Wiring(settings).intake("bench-intake").run(stop)


ROLES: Final[dict[str, Callable[[], None]]] = {
    "intake": work_as_intake,
    "fanmill": rivals.work_as_fanmill,
    "rival": rivals.work_as_rival,
}
"""What the processes under measurement run: this file once more, with `--role`."""


class Bench:
    """All measurements of one run.

    Args:
        folder: For the server's data and the logs; thrown away afterwards.
        options: See `--help`.
    """

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self._folder = folder
        self._options = options
        self._runs = 0

    def run(self) -> dict[str, Any]:
        """Measure everything and return the figures, medians of all repetitions."""
        options = self._options
        throughput: list[Throughput] = []
        publishing: list[Publishing] = []
        latency: list[float] = []
        # Taken by turns: what else the machine does meets all of them alike.
        for turn in range(options.repeats):
            _say(f"repetition {turn + 1} of {options.repeats}")
            throughput += [self._fanmill(batch) for batch in BATCHES]
            throughput += [
                self._rival("task per document", rivals.send_task),
                self._rival("chord per document", rivals.send_chord, CHORD_SHARE),
            ]
            latency += self._latency()
            publishing += self._publishing()
        return {
            "machine": _machine(),
            "versions": self._versions,
            "documents": options.documents,
            "text_characters": TEXT_CHARACTERS,
            "repeats": options.repeats,
            "durable": options.durable,
            "throughput": _throughput_rows(throughput),
            "idle_latency_ms": _percentiles(latency),
            "publishing": _publishing_rows(publishing),
        }

    def _fanmill(self, batch: int) -> Throughput:
        with (
            self._server(batch) as (server, redis, environment),
            running([__file__, "--role", "fanmill"], environment, "worker") as worker,
            running([__file__, "--role", "intake"], environment, "intake") as intake,
        ):
            settings = Settings(redis_url=environment["FANMILL_REDIS_URL"])
            keys = Wiring(settings).keys
            publisher = Publisher(client=redis, max_backlog=0)
            publisher.publish_many(documents(WARM_UP, "warm"))
            _wait(lambda: _completed(redis, keys.counters) == WARM_UP)
            with intake.held():
                publisher.publish_many(documents(self._options.documents, "load"))
                before = cpu_seconds((server, worker, intake))
                started = perf_counter()
            _wait(lambda: redis.xlen(keys.ingested) == 0)
            seconds = perf_counter() - started
            done = _completed(redis, keys.counters) - WARM_UP
            if done != self._options.documents:
                raise SystemExit(f"{done} documents came out of {self._options.documents}")
            after = cpu_seconds((server, worker, intake))
            return self._measured(
                f"fanmill, batch {batch}", self._options.documents, seconds, before, after
            )

    def _rival(self, name: str, send: Callable[[Celery, str], None], share: int = 1) -> Throughput:
        with (
            self._server() as (server, redis, environment),
            running([__file__, "--role", "rival"], environment, "worker") as worker,
        ):
            app = rivals.build_rival(Settings(redis_url=environment["FANMILL_REDIS_URL"]))
            _wait(lambda: redis.exists(rivals.READY_KEY))
            for event in documents(WARM_UP, "warm"):
                send(app, encode(event).decode())
            _wait(lambda: _results(redis, "warm", WARM_UP) == WARM_UP)
            count = self._options.documents // share
            with worker.held():
                for event in documents(count, "load"):
                    send(app, encode(event).decode())
                before = cpu_seconds((server, worker))
                started = perf_counter()
            # One child works in the order of sending: the last result comes last.
            _wait(lambda: redis.exists(rivals.result_key(f"load-{count - 1}")))
            seconds = perf_counter() - started
            after = cpu_seconds((server, worker))
            _wait(lambda: _results(redis, "load", count) == count)
            _close(app)
            return self._measured(name, count, seconds, before, after)

    def _latency(self) -> list[float]:
        with (
            self._server() as (_, redis, environment),
            running([__file__, "--role", "fanmill"], environment, "worker"),
            running([__file__, "--role", "intake"], environment, "intake"),
        ):
            keys = Wiring(Settings(redis_url=environment["FANMILL_REDIS_URL"])).keys
            publisher = Publisher(client=redis)
            publisher.publish_many(documents(WARM_UP, "warm"))
            _wait(lambda: _completed(redis, keys.counters) == WARM_UP)
            taken = []
            last = redis.xinfo_stream(keys.processed)["last-generated-id"]
            for event in documents(self._options.latency_documents, "idle"):
                # Long enough for everything to fall idle and to wait in its blocking reads.
                sleep(0.01)
                body = encode(event)
                started = perf_counter()
                redis.xadd(keys.ingested, {"event": body})
                answer: Any = redis.xread({keys.processed: last}, block=10_000, count=1)
                taken.append((perf_counter() - started) * 1000)
                if not answer:
                    raise SystemExit("a document took longer than ten seconds")
                last = _last_id(answer)
            return taken

    def _publishing(self) -> list[Publishing]:
        count = self._options.documents
        events = list(documents(count, "publish"))
        with self._server() as (_, redis, environment):
            app = rivals.build_rival(Settings(redis_url=environment["FANMILL_REDIS_URL"]))
            publisher = Publisher(client=redis, max_backlog=0)
            publisher.publish(events[0])
            rivals.send_task(app, encode(events[0]).decode())

            def one_by_one() -> None:
                for event in events:
                    publisher.publish(event)

            def pipelined() -> None:
                publisher.publish_many(events)

            def tasks() -> None:
                for event in events:
                    rivals.send_task(app, encode(event).decode())

            def chords() -> None:
                for event in events[: count // CHORD_SHARE]:
                    rivals.send_chord(app, encode(event).decode())

            rows = []
            for name, act, number in (
                ("Publisher.publish", one_by_one, count),
                ("Publisher.publish_many", pipelined, count),
                ("task.delay", tasks, count),
                ("chord", chords, count // CHORD_SHARE),
            ):
                _say(f"  publishing: {name}")
                started, cpu = perf_counter(), process_time()
                act()
                rows.append(
                    Publishing(name, number, perf_counter() - started, process_time() - cpu)
                )
            _close(app)
            return rows

    @contextmanager
    def _server(self, batch: int = 64) -> Iterator[tuple[Measured, Redis, dict[str, str]]]:
        self._runs += 1
        folder = self._folder / str(self._runs)
        with (
            EmbeddedServer(folder, durable=self._options.durable) as server,
            Redis.from_url(server.url, socket_timeout=60.0) as redis,
        ):
            self._versions = _versions(redis)
            environment = {
                "BENCH_FOLDER": str(folder),
                "FANMILL_REDIS_URL": server.url,
                "FANMILL_BATCH_DOCUMENTS": str(batch),
                # At the default of 1 MiB a message would hold about 145 of these documents.
                "FANMILL_BATCH_BYTES": str(16 * 1024 * 1024),
                "FANMILL_WORKER_CONCURRENCY": "1",
                "FANMILL_LOG_LEVEL": self._options.log_level,
            }
            yield Measured("server", server.pid), redis, environment

    def _measured(
        self,
        name: str,
        count: int,
        seconds: float,
        before: dict[str, float],
        after: dict[str, float],
    ) -> Throughput:
        cpu = {process: after[process] - before[process] for process in after}
        result = Throughput(name, count, seconds, cpu)
        _say(f"  {name}: {result.rate:,.0f} documents/s")
        return result


def report(results: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    machine = results["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in results["versions"].items())
    durable = "on" if results["durable"] else "off"
    idle = results["idle_latency_ms"]
    parts = (
        f"""\
{results["documents"]:,} documents of {results["text_characters"]:,} characters, empty stages, \
one prefork worker with one child, append-only file {durable}; median of {results["repeats"]}.
{machine["processor"]}, {machine["cpus"]} CPUs, load {machine["load"]:.1f}; {versions}.

| Working off | documents/s | x task | CPU ms/document | intake | worker | server |
|---|---:|---:|---:|---:|---:|---:|
""",
        *(_throughput_line(row) for row in results["throughput"]),
        """
| Handing over | documents/s | x task.delay | publisher's CPU ms/document |
|---|---:|---:|---:|
""",
        *(_publishing_line(row) for row in results["publishing"]),
        f"""
Idle, from XADD to the processed event: p50 {idle["p50"]:.1f} ms, p90 {idle["p90"]:.1f} ms, \
p99 {idle["p99"]:.1f} ms ({idle["documents"]} documents, one at a time).

| Target | Reached |
|---|---|
""",
        *_targets(results),
    )
    return "".join(parts)


def _throughput_line(row: dict[str, Any]) -> str:
    cpu = row["cpu_ms"]
    shares = " | ".join(
        f"{cpu[name]:.3f}" if name in cpu else "" for name in ("intake", "worker", "server")
    )
    return (
        f"| {row['name']} | {row['rate']:,.0f} | {row['ratio']:.1f} "
        f"| {sum(cpu.values()):.3f} | {shares} |\n"
    )


def _publishing_line(row: dict[str, Any]) -> str:
    return (
        f"| {row['name']} | {row['rate']:,.0f} | {row['ratio']:.1f} | {row['own_cpu_ms']:.3f} |\n"
    )


def _targets(results: dict[str, Any]) -> Iterator[str]:
    fanmill = [row for row in results["throughput"] if row["name"].startswith("fanmill")]
    ratio = max(row["ratio"] for row in fanmill)
    rate = max(row["rate"] for row in fanmill)
    idle = results["idle_latency_ms"]["p50"]
    for target, reached, seen in (
        (f"at least {TARGET_RATIO:g} x a task per document", ratio >= TARGET_RATIO, f"{ratio:.1f}"),
        (f"idle p50 below {TARGET_IDLE_MS:g} ms", idle < TARGET_IDLE_MS, f"{idle:.1f}"),
        (f"at least {TARGET_RATE:,.0f} documents/s", rate >= TARGET_RATE, f"{rate:,.0f}"),
    ):
        yield f"| {target} | {'yes' if reached else 'no'}: {seen} |\n"


def _throughput_rows(results: list[Throughput]) -> list[dict[str, Any]]:
    rows = []
    for name in dict.fromkeys(result.name for result in results):
        mine = [result for result in results if result.name == name]
        rows.append(
            {
                "name": name,
                "rate": statistics.median(result.rate for result in mine),
                "rates": [round(result.rate, 1) for result in mine],
                "cpu_ms": {
                    process: 1000
                    * statistics.median(result.cpu[process] / result.documents for result in mine)
                    for process in mine[0].cpu
                },
            }
        )
    base = next(row["rate"] for row in rows if row["name"] == "task per document")
    return [{**row, "ratio": row["rate"] / base} for row in rows]


def _publishing_rows(results: list[Publishing]) -> list[dict[str, Any]]:
    rows = []
    for name in dict.fromkeys(result.name for result in results):
        mine = [result for result in results if result.name == name]
        rows.append(
            {
                "name": name,
                "rate": statistics.median(result.rate for result in mine),
                "own_cpu_ms": 1000
                * statistics.median(result.own_cpu / result.documents for result in mine),
            }
        )
    base = next(row["rate"] for row in rows if row["name"] == "task.delay")
    return [{**row, "ratio": row["rate"] / base} for row in rows]


def _percentiles(taken: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(taken, n=100, method="inclusive")
    return {"p50": cuts[49], "p90": cuts[89], "p99": cuts[98], "documents": len(taken)}


def _machine() -> dict[str, Any]:
    return {
        "processor": _processor(),
        "cpus": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "load": os.getloadavg()[0],
        "system": platform.system(),
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _versions(redis: Redis) -> dict[str, str]:
    server: Any = redis.info("server")
    name = "Valkey" if "valkey_version" in server else "Redis"
    return {
        "Python": platform.python_version(),
        "Celery": version("celery"),
        "kombu": version("kombu"),
        "redis-py": version("redis"),
        name: str(server.get("valkey_version", server["redis_version"])),
    }


def _completed(redis: Redis, counters: str) -> int:
    return int(redis.hget(counters, "completed") or 0)


def _results(redis: Redis, run: str, count: int) -> int:
    return int(redis.exists(*(rivals.result_key(f"{run}-{number}") for number in range(count))))


def _close(app: Celery) -> None:
    # A chord's results unsubscribe when they are collected, with many retries where the server
    # is gone: let them do it now, and none of them later, in the middle of another measurement.
    gc.collect()
    app.backend.result_consumer._pubsub = None
    app.close()


def _last_id(answer: Any) -> bytes:
    entries = next(iter(answer.values()))[0] if isinstance(answer, dict) else answer[0][1]
    last: bytes = entries[-1][0]
    return last


def _wait(reached: Callable[[], Any]) -> None:
    deadline = perf_counter() + _PATIENCE_SECONDS
    while not reached():
        if perf_counter() > deadline:
            raise SystemExit(f"not done within {_PATIENCE_SECONDS:g} s")
        sleep(0.01)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--documents", type=int, default=4000, help="in each measurement (4000)")
    parser.add_argument("--latency-documents", type=int, default=200, help="one at a time (200)")
    parser.add_argument("--repeats", type=int, default=3, help="the median is reported (3)")
    parser.add_argument("--durable", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--log-level", default="info", help="of the worker and intake (info)")
    parser.add_argument("--json", action="store_true", help="figures for programs")
    parser.add_argument("--role", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
