"""The generated parts of `deploy/SCALING.md`: measurements, plots, sizes."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import leather

from bench.scaling.autoscaler_table import autoscaler_part
from bench.scaling.capacity import Capacity, Costs, Demand, Traffic, backfill_cores, capacity

FIGURES: Final = Path(__file__).parent / "scaling.json"
PAGE: Final = Path(__file__).parents[3] / "deploy" / "SCALING.md"
PLOTS: Final = PAGE.parent / "scaling"
MEASURED: Final = ("<!-- measured: begin (make bench-scale) -->", "<!-- measured: end -->")
SIZES: Final = ("<!-- sizes: begin (make docs) -->", "<!-- sizes: end -->")
AUTOSCALER: Final = ("<!-- autoscaler: begin (make docs) -->", "<!-- autoscaler: end -->")
DEMANDS: Final = (
    ("1,000/s", 1_000.0),
    ("100,000/s", 100_000.0),
    ("1,000,000/s", 1_000_000.0),
    ("10^9 in a day", 1e9 / 86_400),
)
_COLORS: Final = ("#1b6ca8", "#d1495b", "#3a7d44")


def figures() -> dict[str, Any]:
    """Return the figures of the last measurement."""
    found: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return found


def traffic_of(found: dict[str, Any]) -> Traffic:
    """Return the traffic of a document, received and sent, by the size of its text."""
    small, large = (
        (row["text_bytes"], float(row["server_received_bytes"] + row["server_sent_bytes"]))
        for row in found["traffic"]
    )
    return Traffic.through(small, large)


def per_cpu_second(case: dict[str, Any]) -> float:
    """Return the documents for each second of CPU time of all processes in a backlog."""
    return 1000 / float(sum(case["backlog"]["cpu_ms"].values()))


def measured_part(found: dict[str, Any]) -> str:
    """Return the measurements as Markdown."""
    machine, cases, drain = found["machine"], found["cases"], found["drain"]
    software = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    kind = "network namespaces" if found["namespaces"] else "loopback, without namespaces"
    base = per_cpu_second(cases[0])
    rows = [
        (
            case["partitions"],
            case["workers"],
            f"{case['backlog']['rate']:,.0f}",
            f"{case['backlog']['cpus_used']:.2f}",
            f"{per_cpu_second(case):,.0f}",
            f"{per_cpu_second(case) / base:.2f}",
            *(f"{case['backlog']['cpu_ms'][role]:.2f}" for role in ("worker", "intake", "server")),
            *(
                f"{case[load]['p50_ms']:,.0f} / {case[load]['p99_ms']:,.0f}"
                for load in ("steady", "burst")
            ),
        )
        for case in cases
    ]
    titles = (
        *("partitions", "worker processes", "documents/s", "CPUs used"),
        *("documents per CPU second", "ratio", "worker", "intake", "server"),
        *("steady p50 / p99, ms", "burst p50 / p99, ms"),
    )
    return "\n".join(
        (
            (
                f"{machine['processor']}, {machine['cpus']} CPUs, load {machine['load']:.1f} at "
                f"the start and {found['load_at_end']:.1f} at the end; hosts: {kind}. "
                f"{software}. {cases[0]['backlog']['documents']:,} documents of "
                f"{found['text_bytes']:,} bytes in each backlog. Worker, intake and server are "
                "milliseconds of CPU time per document."
            ),
            "",
            *_table(titles, rows),
            "",
            (
                f"A backlog of {drain['documents']:,} documents was drained by {drain['workers']} "
                f"worker processes in {drain['seconds']:,.0f} s: {drain['rate']:,.0f} documents/s "
                f"with {drain['cpus_used']:.2f} CPUs at load {drain['load']:.1f}, "
                f"{sum(drain['cpu_ms'].values()):.2f} ms of CPU and "
                f"{drain['server_memory_bytes']:,} bytes of Redis per document."
            ),
            "",
            *_table(
                ("bytes of text", "received by Redis", "sent by Redis"),
                [
                    (
                        f"{row['text_bytes']:,}",
                        *(f"{row[f'server_{way}_bytes']:,}" for way in ("received", "sent")),
                    )
                    for row in found["traffic"]
                ],
            ),
        )
    )


def sizes_part(found: dict[str, Any]) -> str:
    """Return the computed sizes as Markdown."""
    costs, traffic = Costs(), traffic_of(found)
    sizes = [capacity(Demand(each), costs, traffic) for _, each in DEMANDS]
    rows: list[tuple[str, ...]] = []

    def row(label: str, cells: Iterable[str]) -> None:
        rows.append((label, *cells))

    def of(attribute: str, digits: int = 0) -> list[str]:
        return [f"{getattr(size, attribute):,.{digits}f}" for size in sizes]

    row("cores for workers", of("worker_cores"))
    row("cores for intakes", of("intake_cores"))
    row("partitions, a core of Redis each", of("partitions"))
    row("lists of up to 256 partitions", of("installations"))
    row("cores of Redis for the index", of("index_nodes"))
    row("parts of the index for a horizon of a day", of("index_parts"))
    row("an undivided index remembers for", map(_remembered, sizes))
    row("memory of the index, GB", of("index_gb"))
    row("memory of a backlog of 10 minutes, GB", of("backlog_gb"))
    row("memory of records of an hour and ids of a day, GB", of("records_gb"))
    row("network of all servers, Gbit/s", of("network_gbit", 1))
    shares = [
        f"{size.worker_cores / size.cores:.0%}, "
        f"{(size.partitions + size.index_nodes) / size.cores:.0%}"
        for size in sizes
    ]
    row("share of the cores: workers, Redis", shares)
    hours = sizes[0].core_hours_per_million
    parts = [
        *_table(("", *(name for name, _ in DEMANDS)), rows),
        "",
        (
            f"A million documents cost {hours:.2f} core hours. As a back-fill, 10^9 documents in a "
            f"day take {backfill_cores(1e9, 1, costs)} cores that are always busy, and no Redis "
            "until the merge."
        ),
    ]
    return "\n".join(parts)


def _remembered(size: Capacity) -> str:
    if size.remembered_hours >= 1:
        return f"{size.remembered_hours:.1f} h"
    return f"{size.remembered_hours * 3600:,.0f} s"


def plots(found: dict[str, Any]) -> dict[Path, str]:
    """Return the plots as SVG, by the file of each."""
    return {
        PLOTS / f"{name}.svg": _plot(found, value, axis)
        for name, value, axis in (
            ("throughput", lambda case: case["backlog"]["rate"], "documents/s"),
            ("cpu", per_cpu_second, "documents per CPU second"),
            ("steady", lambda case: case["steady"]["p99_ms"], "p99 in ms, steady load"),
            ("burst", lambda case: case["burst"]["p99_ms"], "p99 in ms, bursts"),
        )
    }


def _plot(found: dict[str, Any], value: Callable[[dict[str, Any]], float], axis: str) -> str:
    chart = leather.Chart()
    highest = 0.0
    for number, color in zip((1, 2, 3), _COLORS, strict=True):
        points = [
            (case["workers"], value(case))
            for case in found["cases"]
            if case["partitions"] == number
        ]
        if points:
            highest = max(highest, *(height for _, height in points))
            chart.add_line(points, name=f"partitions: {number}", stroke_color=color)
    workers = sorted({case["workers"] for case in found["cases"]})
    chart.add_x_scale(0, workers[-1])
    chart.add_x_axis(ticks=workers, name="worker processes")
    chart.add_y_scale(0, highest)
    chart.add_y_axis(name=axis)
    drawing: str = chart.to_svg(width=640, height=360)
    return "\n".join(line.rstrip() for line in drawing.strip().splitlines()) + "\n"


def _table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    return [
        f"| {' | '.join(titles)} |",
        "|" + "---:|" * len(titles),
        *(f"| {' | '.join(map(str, row))} |" for row in rows),
    ]


def put(text: str, marks: tuple[str, str], content: str) -> str:
    """Return a text with other content between two marks.

    Raises:
        ValueError: A mark is missing.
    """
    if not all(mark in text for mark in marks):
        raise ValueError(f"{marks[0]} or {marks[1]} is missing")
    before, _, rest = text.partition(marks[0])
    _, _, after = rest.partition(marks[1])
    return f"{before}{marks[0]}\n{content}\n{marks[1]}{after}"


def written(page: str, found: dict[str, Any]) -> str:
    """Return the page with all generated parts."""
    page = put(page, MEASURED, measured_part(found))
    return put(put(page, SIZES, sizes_part(found)), AUTOSCALER, autoscaler_part())


def write(found: dict[str, Any]) -> None:
    """Write the page and the plots."""
    PLOTS.mkdir(exist_ok=True)
    for path, drawing in plots(found).items():
        path.write_text(drawing, encoding="utf-8")
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")


if __name__ == "__main__":
    write(figures())
