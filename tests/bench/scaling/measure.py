"""Measures a fanmill of several workers and partitions on hosts of its own: `make bench-scale`.

    PYTHONPATH=tests python -m bench.scaling.measure [--drain 100000] [--documents 1500]

Documents differ, have 1.2 kB and natural vocabulary, and pass through all stages. Each case is a
backlog (documents/s), a steady load and bursts (time from ledger to record); the last one is the
drain of a large backlog. Writes `scaling.json`, the plots and the tables of `deploy/SCALING.md`.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGCONT, SIGSTOP
from statistics import quantiles
from time import monotonic, sleep
from typing import Any, Final

import psutil

from bench.machine import machine, versions
from bench.prose import Prose
from bench.scaling.fleet import Fleet
from bench.scaling.hosts import Hosts, namespaces_available
from bench.scaling.page import FIGURES, figures, write
from fanmill_contracts import DocumentIngested

TEXT_BYTES: Final = 1200
TRAFFIC_TEXT_BYTES: Final = (1200, 7000)
WORKERS: Final = (1, 2, 4, 8)
PARTITIONS: Final = (1, 2, 3)
STEADY_SHARE: Final = 0.5
"""Steady load, as a share of the documents/s of the backlog in the same case."""
BURST_SHARE: Final = 2.0
"""Load of a burst, as the same share; between bursts a quarter."""
CALM_SHARE: Final = 0.25
BURST_SECONDS: Final = 2.0
TICK_SECONDS: Final = 0.05


def events(prefix: str, count: int, text_bytes: int = TEXT_BYTES) -> list[DocumentIngested]:
    """Return documents with ids that begin with the prefix; no two prefixes share a text."""
    prose = Prose("en", prefix)
    return [
        DocumentIngested.create(f"{prefix}-{number}", prose.text(text_bytes), source="/bench")
        for number in range(count)
    ]


@contextmanager
def fleet(hosts: Hosts, workers: int, partitions: int) -> Iterator[Fleet]:
    """Run a fleet, warmed up, until the block ends."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Fleet(hosts, Path(folder), workers, partitions) as running,
    ):
        sent = running.publish(events("warm", 128 * workers))
        running.wait(lambda: running.completed() == sent, "documents of the warm-up")
        yield running


def backlog(running: Fleet, load: list[DocumentIngested]) -> dict[str, Any]:
    """Publish documents while the intakes are held, and work them off."""
    before = running.completed()
    running.hold(SIGSTOP)
    moved_before = running.traffic()
    for at in range(0, len(load), 1000):
        running.publish(load[at : at + 1000])
    cpu, started = running.cpu_seconds(), monotonic()
    running.hold(SIGCONT)
    running.wait(lambda: running.waiting() == 0, "documents of the backlog")
    seconds = monotonic() - started
    after, moved = running.cpu_seconds(), running.traffic()
    count = running.completed() - before
    if count != len(load):
        raise SystemExit(f"{count} documents came out of {len(load)}")
    used = {role: after[role] - cpu[role] for role in after}
    return {
        "documents": count,
        "seconds": round(seconds, 2),
        "rate": round(count / seconds, 1),
        "cpu_ms": {role: round(1000 * each / count, 3) for role, each in used.items()},
        "cpus_used": round(sum(used.values()) / seconds, 2),
        "server_received_bytes": round((moved.received - moved_before.received) / count),
        "server_sent_bytes": round((moved.sent - moved_before.sent) / count),
        "server_memory_bytes": round((moved.memory - moved_before.memory) / count),
    }


def paced(running: Fleet, load: list[DocumentIngested], rates: list[tuple[float, float]]) -> None:
    """Publish documents at rates per second, each for some seconds, until none is left."""
    at = 0
    for seconds, rate in rates:
        started, sent = monotonic(), 0
        while (now := monotonic() - started) < seconds and at < len(load):
            due = min(int(now * rate) - sent, len(load) - at)
            if due > 0:
                running.publish(load[at : at + due])
                at, sent = at + due, sent + due
            sleep(TICK_SECONDS)


def latency(
    running: Fleet, prefix: str, rates: list[tuple[float, float]]
) -> dict[str, float | int]:
    """Return p50 and p99 in milliseconds from ledger to record under a load."""
    before = running.completed()
    sent = events(prefix, int(sum(seconds * rate for seconds, rate in rates)))
    paced(running, sent, rates)
    running.wait(lambda: running.waiting() == 0, f"documents under {prefix} load")
    taken = running.latencies(prefix)
    if len(taken) != running.completed() - before:
        raise SystemExit(f"{len(taken)} latencies of {running.completed() - before} documents")
    cuts = quantiles(taken, n=100, method="inclusive")
    return {"documents": len(taken), "p50_ms": round(cuts[49], 1), "p99_ms": round(cuts[98], 1)}


def case(hosts: Hosts, workers: int, partitions: int, options: Any) -> dict[str, Any]:
    """Measure a number of worker processes and partitions."""
    with fleet(hosts, workers, partitions) as running:
        found = backlog(running, events("backlog", options.documents))
        rate = found["rate"]
        calm, burst = (options.seconds / 2, rate * CALM_SHARE), (BURST_SECONDS, rate * BURST_SHARE)
        row: dict[str, Any] = {
            "workers": workers,
            "partitions": partitions,
            "backlog": found,
            "steady": latency(running, "steady", [(options.seconds, rate * STEADY_SHARE)]),
            "burst": latency(running, "burst", [calm, burst, calm]),
        }
    _say(
        f"{workers} worker processes, {partitions} partitions: {rate:,.0f} documents/s, "
        f"steady p50 {row['steady']['p50_ms']:,.0f} ms, {found['cpus_used']:.1f} CPUs used"
    )
    return row


def drain(hosts: Hosts, options: Any) -> dict[str, Any]:
    """Measure the time in which a large backlog is worked off."""
    _say(f"makes {options.drain:,} documents for the drain")
    load = events("drain", options.drain)
    with fleet(hosts, options.drain_workers, 1) as running:
        found = backlog(running, load)
    _say(f"drained {options.drain:,} documents in {found['seconds']:,.0f} s")
    load_average = psutil.getloadavg()[0]
    return {"workers": options.drain_workers, "partitions": 1, "load": load_average, **found}


def traffic(running: Fleet, text_bytes: int) -> dict[str, int]:
    """Return the bytes that the servers receive and send for a document of a size."""
    found = backlog(running, events(f"traffic-{text_bytes}", 256, text_bytes))
    names = ("server_received_bytes", "server_sent_bytes")
    return {"text_bytes": text_bytes, **{name: found[name] for name in names}}


def measure(options: Any, hosts: Hosts, found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Measure, and yield all figures after each case."""
    if options.only != "drain":
        found["cases"] = []
        found["seconds"] = options.seconds
        for partitions in options.partitions:
            for workers in options.workers:
                if workers >= partitions:
                    found["cases"].append(case(hosts, workers, partitions, options))
                    yield found
        with fleet(hosts, 1, 1) as running:
            found["traffic"] = [traffic(running, size) for size in TRAFFIC_TEXT_BYTES]
        found["load_at_end"] = psutil.getloadavg()[0]
        yield found
    if options.only != "cases":
        found["drain"] = drain(hosts, options)
        yield found


def surroundings(hosts: Hosts) -> dict[str, Any]:
    """Return what the figures were measured on."""
    with fleet(hosts, 1, 1) as running:
        return {
            "machine": machine(),
            "versions": versions(running.redis[0]),
            "namespaces": hosts.namespaces,
            "text_bytes": TEXT_BYTES,
        }


def arguments() -> Any:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--documents", type=int, default=1500, help="documents of each backlog")
    parser.add_argument("--seconds", type=float, default=8.0, help="seconds of each steady load")
    parser.add_argument("--workers", type=int, nargs="+", default=WORKERS)
    parser.add_argument("--partitions", type=int, nargs="+", default=PARTITIONS)
    parser.add_argument("--drain", type=int, default=100_000, help="documents to drain")
    parser.add_argument("--drain-workers", type=int, default=2)
    parser.add_argument("--only", choices=("cases", "drain"), help="keep the figures of the other")
    parser.add_argument("--loopback", action="store_true", help="no namespaces, even as root")
    parser.add_argument("--json", action="store_true", help="figures to stdout; write no file")
    return parser.parse_args()


def main() -> None:
    """Measure, and write the figures after each case, the plots and the page at the end."""
    options = arguments()
    namespaces = not options.loopback and namespaces_available()
    if not namespaces:
        _say("network namespaces need root and the program ip: all hosts share loopback")
    found = figures() if FIGURES.exists() else {}
    with Hosts(namespaces=namespaces) as hosts:
        if options.only != "drain" or not found:
            found |= surroundings(hosts)
        for each in measure(options, hosts, found):
            if not options.json:
                FIGURES.write_text(json.dumps(each, indent=2) + "\n", encoding="utf-8")
    if options.json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
    elif found.keys() >= {"cases", "drain"}:
        write(found)
    else:
        _say("the page needs both parts: run without --only")


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
