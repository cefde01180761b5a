"""Rehearses a rolling upgrade, the loss of a node and of a server, under load: `make rehearse`.

    PYTHONPATH=tests python -m rehearsal.rehearse [--rate 40] [--old CHECKOUT] [--json]

Two nodes with an intake and a worker for each of two partitions, and a sink each. Documents are
published all the time. At the end each accepted event is exactly one record or one rejection, in
the streams and in the store. Exit code 0: all is in order; 1: something is lost or doubled.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any, Final

from bench.scaling.hosts import Hosts, namespaces_available
from rehearsal.account import announced, faults, stored
from rehearsal.cluster import NODES, PARTITIONS, SETTLE_SECONDS, START_SECONDS, Cluster, Member
from rehearsal.producer import Producer, publish_later_version

OLD: Final = "0.1.0"
NEW: Final = "0.2.0"
LATER_EVENTS: Final = 3
"""Events of a later version in each phase, for each partition: they must be rejected."""


class Rehearsal:
    """The phases, and what is to be accounted for.

    Args:
        cluster: Servers that run; no process of fanmill.
        rate: Documents per second.
        pause: Number of documents that each phase completes at least, in each partition.
    """

    def __init__(self, cluster: Cluster, rate: float, pause: int) -> None:
        self.cluster = cluster
        self.refused: list[str] = []
        self.said: list[str] = []
        self.phases: list[dict[str, Any]] = []
        self.producers: list[Producer] = []
        self._rate, self._pause = rate, pause
        self._numbers = count()

    def start_producer(self) -> None:
        """Start a producer that goes on with the numbers of the one before."""
        self.producers.append(Producer(self.cluster.addresses, self._numbers, self._rate))

    def require(self, holds: bool, fault: str) -> None:
        """Note a fault unless something holds."""
        if not holds:
            self.said.append(fault)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Note the duration of a phase, after which both partitions work on."""
        started = monotonic()
        for redis in self.cluster.redis:
            for _ in range(LATER_EVENTS):
                number = len(self.refused)
                stream = self.cluster.keys.ingested
                self.refused.append(publish_later_version(redis, stream, number))
        yield
        before = [self.cluster.completed(at) for at in range(PARTITIONS)]
        self.cluster.until(
            lambda: all(
                self.cluster.completed(at) >= before[at] + self._pause for at in range(PARTITIONS)
            ),
            SETTLE_SECONDS,
            f"both partitions work on after: {name}",
        )
        self.phases.append({"phase": name, "seconds": round(monotonic() - started, 1)})
        sys.stderr.write(f"{name}: {self.phases[-1]['seconds']} s\n")

    def replace(self, role: str) -> None:
        """Replace the processes of a role, one after the other; the new one starts first."""
        for old in [each for each in self.cluster.members if each.role == role]:
            new = self.cluster.start(role, old.node, old.partition, NEW)
            self.cluster.await_ready([new])
            self.require(
                self.cluster.versions(role) == {OLD, NEW}, f"{role}: versions do not run together"
            )
            code = self.cluster.stop(old)
            self.require(code == 0, f"{role} of {old.node} ended with exit code {code}")
        self.require(self.cluster.versions(role) == {NEW}, f"{role}: an old version remains")

    def run(self) -> None:
        """Run all phases and wait until nothing is left to do."""
        with self.phase("start"):
            self.cluster.await_ready(self._start_nodes(NODES, OLD))
            self.start_producer()
        for role in ("worker", "intake", "sink"):
            with self.phase(f"upgrade: {role}"):
                self.replace(role)
        with self.phase("upgrade: producer"):
            self.producers[-1].stop()
            self.start_producer()
        with self.phase("node lost"):
            self.cluster.lose_node(NODES[0])
        with self.phase("node back"):
            self.cluster.mend_node(NODES[0])
            self.cluster.await_ready(self._start_nodes(NODES[:1], NEW))
        with self.phase("server lost and back"):
            self._lose_server()
        self.producers[-1].stop()
        started = monotonic()
        self.cluster.until(self.cluster.is_settled, SETTLE_SECONDS, "all is done")
        for member in list(self.cluster.members):
            code = self.cluster.stop(member)
            self.require(code == 0, f"{member.role} of {member.node} ended with exit code {code}")
        self.phases.append({"phase": "settle", "seconds": round(monotonic() - started, 1)})

    def _start_nodes(self, nodes: tuple[str, ...], version: str) -> list[Member]:
        return [each for node in nodes for each in self.cluster.start_node(node, version)]

    def _lose_server(self) -> None:
        failures = self.producers[-1].failures
        self.cluster.kill_server(1)
        self.cluster.until(
            lambda: self.producers[-1].failures > failures,
            START_SECONDS,
            "the producer notices that a server is away",
        )
        self.cluster.restart_server(1)

    def account(self) -> dict[str, Any]:
        """Return the account, with all faults under `faults`."""
        accepted = {name: event for each in self.producers for name, event in each.accepted.items()}
        streams = announced(self.cluster.redis, self.cluster.keys)
        store = stored(self.cluster.store_url)
        said = [
            *self.said,
            *faults("streams", streams, accepted, self.refused),
            *faults("store", store, accepted, self.refused),
        ]
        return {
            "accepted": len(accepted) + len(self.refused),
            "records": streams.records.total(),
            "rejections": streams.rejections.total(),
            "stored_records": store.records.total(),
            "stored_rejections": store.rejections.total(),
            "refused_by_servers": sum(each.failures for each in self.producers),
            "phases": self.phases,
            "faults": said,
        }


def main() -> int:
    """Rehearse, print the account, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--rate", type=float, default=40.0, help="documents per second")
    parser.add_argument("--pause", type=int, default=60, help="documents of each phase")
    parser.add_argument("--old", type=Path, help="checkout whose code is the old version")
    parser.add_argument("--loopback", action="store_true", help="no namespaces, even as root")
    parser.add_argument("--json", action="store_true", help="the account as JSON")
    options = parser.parse_args()
    namespaces = not options.loopback and namespaces_available()
    if not namespaces:
        sys.stderr.write("namespaces need root and the program ip: all nodes share loopback\n")
    code = {OLD: options.old.resolve()} if options.old else {}
    with (
        tempfile.TemporaryDirectory() as folder,
        Hosts(namespaces=namespaces) as hosts,
        Cluster(hosts, Path(folder), code) as cluster,
    ):
        rehearsal = Rehearsal(cluster, options.rate, options.pause)
        try:
            rehearsal.run()
        finally:
            for producer in rehearsal.producers:
                producer.stop()
        found = {"namespaces": namespaces, **rehearsal.account()}
    _print(found, as_json=options.json)
    return 1 if found["faults"] else 0


def _print(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
        return
    sys.stdout.write(
        f"events accepted {found['accepted']:,}; records {found['records']:,}, rejections "
        f"{found['rejections']:,}; in the store {found['stored_records']:,} and "
        f"{found['stored_rejections']:,}\n"
    )
    for fault in found["faults"]:
        sys.stdout.write(f"fault: {fault}\n")
    if not found["faults"]:
        sys.stdout.write("each event ended exactly once\n")


if __name__ == "__main__":
    sys.exit(main())
