"""Benchmark against services that users would build: the same documents through both, in turn.

`make bench-peers` prepares the environment of the peers and runs this.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from os import environ
from pathlib import Path
from time import time
from typing import Any, Final

import psutil
from documents import documents
from figures import Throughput
from machine import machine, versions
from service import say, surroundings, wait, worked_off

from fanmill_contracts import encode

QUEUES: Final = ("celery", "dramatiq", "rq", "datatrove")
HERE: Final = Path(__file__).parent
WARM_UP: Final = 64
NAMES: Final = {"en": "English", "zh": "Chinese"}


class Peers:
    """All measurements of a run.

    Args:
        folder: Folder for the data of servers and for logs.
        options: See `--help`.
    """

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self._folder = folder
        self._options = options
        self._runs = 0
        self._versions: dict[str, str] = {}

    def run(self) -> dict[str, Any]:
        """Measure each side in turn; return medians by language and side."""
        rows = []
        for language in self._options.languages:
            found: dict[str, list[Throughput]] = {}
            for turn in range(self._options.repeats):
                say(f"{NAMES[language]}, repetition {turn + 1} of {self._options.repeats}")
                found.setdefault("fanmill", []).append(self._fanmill(language))
                for queue in self._options.queues:
                    if queue == "datatrove":
                        # The limits of its filters leave no Chinese document.
                        if language == "en":
                            found.setdefault(queue, []).append(self._datatrove())
                        continue
                    found.setdefault(queue, []).append(self._peer(language, queue))
            rows += [_row(language, name, each, found["fanmill"]) for name, each in found.items()]
        return {"machine": machine(), "versions": self._versions, "rows": rows}

    def _fanmill(self, language: str) -> Throughput:
        options = self._options
        with self._server() as place:
            result = worked_off(
                "fanmill",
                place,
                worker=["-m", "fanmill", "worker"],
                intake=["-m", "fanmill", "intake"],
                warm=documents(language, WARM_UP, "warm"),
                load=documents(language, options.documents, "load"),
            )
            counters: dict[bytes, bytes] = place.redis.hgetall("fanmill:counters")
            near = sum(
                int(counters.get(f"verdict:{each}".encode(), 0)) for each in ("near", "exact")
            )
            say(f"  duplicates: {near}")
            return result

    def _peer(self, language: str, queue: str) -> Throughput:
        options = self._options
        count = options.peer_documents
        with self._server() as place:
            environment = {**environ, **place.environment}
            log = (Path(environment["BENCH_FOLDER"]) / "peer.log").open("ab")
            command = [options.python, str(HERE / "queues.py")]
            worker = subprocess.Popen(
                [*command, "work", queue, str(options.processes)],
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                self._sent(command, queue, environment, documents(language, WARM_UP, "warm"))
                wait(lambda: int(place.redis.get("done") or 0) == WARM_UP)
                before = place.server.cpu_seconds() + _tree_seconds(worker.pid)
                self._sent(command, queue, environment, documents(language, count, "load"))
                wait(lambda: int(place.redis.get("done") or 0) == WARM_UP + count)
                seconds = time() - float(place.redis.get("started"))
                cpu = place.server.cpu_seconds() + _tree_seconds(worker.pid) - before
            finally:
                _end(worker)
                log.close()
            kept = sum(
                b"duplicate_of" in place.redis.get(key) for key in place.redis.keys("result:load-*")
            )
            result = Throughput(queue, count, seconds, {"all": cpu})
            say(f"  {queue}: {result.rate:,.1f} documents/s; duplicates: {kept}")
            return result

    def _datatrove(self) -> Throughput:
        count = self._options.peer_documents
        self._runs += 1
        lines = b"\n".join(encode(event) for event in documents("en", count, "load"))
        program = [self._options.python, str(HERE / "datatrove_batch.py")]
        done = subprocess.run(
            [*program, str(self._folder / str(self._runs))],
            input=lines,
            capture_output=True,
            check=True,
        )
        found = json.loads(done.stdout.splitlines()[-1])
        result = Throughput("datatrove", count, found["seconds"], {"all": found["cpu"]})
        say(f"  datatrove: {result.rate:,.1f} documents/s; remaining: {found['remaining']}")
        return result

    @staticmethod
    def _sent(command: list[str], queue: str, environment: dict[str, str], events: Any) -> None:
        lines = b"\n".join(encode(event) for event in events)
        subprocess.run([*command, "send", queue], input=lines, env=environment, check=True)

    @contextmanager
    def _server(self) -> Any:
        self._runs += 1
        with surroundings(
            self._folder / str(self._runs), children=self._options.processes, log_level="info"
        ) as place:
            self._versions = versions(place.redis)
            yield place


def _tree_seconds(pid: int) -> float:
    """Return the CPU time of a process and its children, ended ones included."""
    top = psutil.Process(pid)
    total = 0.0
    for process in (top, *top.children(recursive=True)):
        times = process.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
    return total


def _end(worker: subprocess.Popen[bytes]) -> None:
    """End a worker and its children."""
    processes = psutil.Process(worker.pid).children(recursive=True)
    worker.terminate()
    try:
        worker.wait(10)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
    for process in processes:
        if process.is_running():
            process.kill()


def _row(
    language: str, name: str, mine: list[Throughput], ours: list[Throughput]
) -> dict[str, Any]:
    rate, cpu = _medians(mine)
    our_rate, our_cpu = _medians(ours)
    return {
        "language": language,
        "name": name,
        "documents": mine[0].documents,
        "rate": rate,
        "cpu_ms": cpu,
        "fanmill_times_rate": our_rate / rate,
        "fanmill_times_cpu": cpu / our_cpu,
    }


def _medians(results: list[Throughput]) -> tuple[float, float]:
    return (
        statistics.median(each.rate for each in results),
        statistics.median(1000 * sum(each.cpu.values()) / each.documents for each in results),
    )


def report(results: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    computer = results["machine"]
    numbers = ", ".join(f"{name} {number}" for name, number in results["versions"].items())
    shown = "".join(
        f"| {NAMES[row['language']]} | {row['name']} | {row['rate']:,.1f} | {row['cpu_ms']:.1f} "
        f"| {row['fanmill_times_rate']:.1f} | {row['fanmill_times_cpu']:.1f} |\n"
        for row in results["rows"]
    )
    return f"""\
{computer["processor"]}, {computer["cpus"]} CPUs, load {computer["load"]:.1f}; {numbers}.

| | | documents/s | CPU ms/document | fanmill's documents/s are x times | its CPU is 1/x |
|---|---|---:|---:|---:|---:|
{shown}"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--python", required=True, help="Python with requirements.txt installed")
    parser.add_argument("--documents", type=int, default=2000, help="for fanmill (2000)")
    parser.add_argument("--peer-documents", type=int, default=150, help="for a peer (150)")
    parser.add_argument("--processes", type=int, default=2, help="of each worker (2)")
    parser.add_argument("--repeats", type=int, default=3, help="the median is reported (3)")
    parser.add_argument("--queues", nargs="+", default=QUEUES, choices=QUEUES)
    parser.add_argument("--languages", nargs="+", default=list(NAMES), choices=list(NAMES))
    parser.add_argument("--json", action="store_true", help="figures for programs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fanmill-peers-") as folder:
        results = Peers(Path(folder), options).run()
    sys.stdout.write(json.dumps(results, indent=2) + "\n" if options.json else report(results))


if __name__ == "__main__":
    main()
