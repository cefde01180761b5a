"""Benchmark of the frame: what fanmill costs when the stages do nothing.

Beside it, in the same run and on the same server, one Celery task per document
and one chord per document. `python tests/bench/frame.py --help`.
"""

import argparse
import gc
import json
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import perf_counter, process_time, sleep
from typing import Any, Final

import rivals
from celery import Celery
from figures import Publishing, Throughput, percentiles, publishing_rows, report, throughput_rows
from load import TEXT_CHARACTERS, documents
from machine import machine, versions
from processes import cpu_seconds, running
from redis import Redis
from service import Surroundings, completed, measured, say, surroundings, wait, worked_off

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
    configure_logs(settings.log_format, settings.log_level, role="intake")
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    Wiring(settings).intake("bench-intake").run(stop)


ROLES: Final[dict[str, Callable[[], None]]] = {
    "intake": work_as_intake,
    "fanmill": rivals.work_as_fanmill,
    "rival": rivals.work_as_rival,
}
"""Program of the processes under measurement: this file, with `--role`."""


def fanmill(name: str, place: Surroundings, count: int) -> Throughput:
    """Measure the frame of fanmill on so many documents."""
    return worked_off(
        name,
        place,
        worker=[__file__, "--role", "fanmill"],
        intake=[__file__, "--role", "intake"],
        warm=documents(WARM_UP, "warm"),
        load=documents(count, "load"),
    )


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
            say(f"repetition {turn + 1} of {options.repeats}")
            throughput += [self._fanmill(batch) for batch in BATCHES]
            throughput += [
                self._rival("task per document", rivals.send_task),
                self._rival("chord per document", rivals.send_chord, CHORD_SHARE),
            ]
            latency += self._latency()
            publishing += self._publishing()
        return {
            "machine": machine(),
            "versions": self._versions,
            "documents": options.documents,
            "text_characters": TEXT_CHARACTERS,
            "repeats": options.repeats,
            "durable": options.durable,
            "throughput": throughput_rows(throughput),
            "idle_latency_ms": percentiles(latency),
            "publishing": publishing_rows(publishing),
        }

    def _fanmill(self, batch: int) -> Throughput:
        with self._server(batch) as place:
            return fanmill(f"fanmill, batch {batch}", place, self._options.documents)

    def _rival(self, name: str, send: Callable[[Celery, str], None], share: int = 1) -> Throughput:
        with (
            self._server() as place,
            running([__file__, "--role", "rival"], place.environment, "worker") as worker,
        ):
            app = rivals.build_rival(Settings(redis_url=place.environment["FANMILL_REDIS_URL"]))
            wait(lambda: place.redis.exists(rivals.READY_KEY))
            for event in documents(WARM_UP, "warm"):
                send(app, encode(event).decode())
            wait(lambda: _results(place.redis, "warm", WARM_UP) == WARM_UP)
            count = self._options.documents // share
            with worker.held():
                for event in documents(count, "load"):
                    send(app, encode(event).decode())
                before = cpu_seconds((place.server, worker))
                started = perf_counter()
            # A single child works in the order of sending, so the last result comes last.
            wait(lambda: place.redis.exists(rivals.result_key(f"load-{count - 1}")))
            seconds = perf_counter() - started
            after = cpu_seconds((place.server, worker))
            wait(lambda: _results(place.redis, "load", count) == count)
            _close(app)
            return measured(name, count, seconds, before, after)

    def _latency(self) -> list[float]:
        with (
            self._server() as place,
            running([__file__, "--role", "fanmill"], place.environment, "worker"),
            running([__file__, "--role", "intake"], place.environment, "intake"),
        ):
            keys = Wiring(Settings(redis_url=place.environment["FANMILL_REDIS_URL"])).keys
            publisher = Publisher(client=place.redis)
            publisher.publish_many(documents(WARM_UP, "warm"))
            wait(lambda: completed(place.redis, keys.counters) == WARM_UP)
            taken = []
            last = place.redis.xinfo_stream(keys.processed)["last-generated-id"]
            for event in documents(self._options.latency_documents, "idle"):
                # Long enough for everything to fall idle and to wait in its blocking reads.
                sleep(0.01)
                body = encode(event)
                started = perf_counter()
                place.redis.xadd(keys.ingested, {"event": body})
                answer: Any = place.redis.xread({keys.processed: last}, block=10_000, count=1)
                taken.append((perf_counter() - started) * 1000)
                if not answer:
                    raise SystemExit("a document took longer than ten seconds")
                last = _last_id(answer)
            return taken

    def _publishing(self) -> list[Publishing]:
        count = self._options.documents
        events = list(documents(count, "publish"))
        with self._server() as place:
            app = rivals.build_rival(Settings(redis_url=place.environment["FANMILL_REDIS_URL"]))
            publisher = Publisher(client=place.redis)
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
                say(f"  publishing: {name}")
                started, cpu = perf_counter(), process_time()
                act()
                rows.append(
                    Publishing(name, number, perf_counter() - started, process_time() - cpu)
                )
            _close(app)
            return rows

    @contextmanager
    def _server(self, batch: int = 64) -> Iterator[Surroundings]:
        self._runs += 1
        options = self._options
        with surroundings(
            self._folder / str(self._runs),
            batch=batch,
            durable=options.durable,
            log_level=options.log_level,
        ) as place:
            self._versions = versions(place.redis)
            yield place


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
