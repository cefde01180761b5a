"""The figures of the frame's benchmark: rows, medians, the report."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

TARGET_RATIO: Final = 5.0
TARGET_IDLE_MS: Final = 25.0
TARGET_RATE: Final = 2000.0


@dataclass(frozen=True, slots=True)
class Throughput:
    """Measurement of a run through a backlog that was complete at the start."""

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


Result = TypeVar("Result", Throughput, Publishing)


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


def by_name(results: Sequence[Result]) -> dict[str, list[Result]]:
    """Return the repetitions of each measurement, in the order of the first ones."""
    found: dict[str, list[Result]] = {}
    for result in results:
        found.setdefault(result.name, []).append(result)
    return found


def median_rate(repetitions: Sequence[Throughput | Publishing]) -> float:
    """Return the median of documents per second."""
    return statistics.median(result.rate for result in repetitions)


def throughput_rows(results: list[Throughput]) -> list[dict[str, Any]]:
    """Return the medians of all repetitions by name; ratios against a task per document."""
    rows = [
        {
            "name": name,
            "rate": median_rate(mine),
            "rates": [round(result.rate, 1) for result in mine],
            "cpu_ms": {
                process: 1000
                * statistics.median(result.cpu[process] / result.documents for result in mine)
                for process in mine[0].cpu
            },
        }
        for name, mine in by_name(results).items()
    ]
    base = next(row["rate"] for row in rows if row["name"] == "task per document")
    return [{**row, "ratio": row["rate"] / base} for row in rows]


def publishing_rows(results: list[Publishing]) -> list[dict[str, Any]]:
    """Return the medians of all repetitions by name; ratios against `task.delay`."""
    rows = [
        {
            "name": name,
            "rate": median_rate(mine),
            "own_cpu_ms": 1000
            * statistics.median(result.own_cpu / result.documents for result in mine),
        }
        for name, mine in by_name(results).items()
    ]
    base = next(row["rate"] for row in rows if row["name"] == "task.delay")
    return [{**row, "ratio": row["rate"] / base} for row in rows]


def percentiles(taken: list[float]) -> dict[str, float]:
    """Return p50, p90 and p99 of times in milliseconds, and how many there were."""
    cuts = statistics.quantiles(taken, n=100, method="inclusive")
    return {"p50": cuts[49], "p90": cuts[89], "p99": cuts[98], "documents": len(taken)}
