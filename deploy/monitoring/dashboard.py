"""Makes the Grafana dashboard by Grafana's own classes; run as a program, it writes the file.

`make docs` runs it; a test compares its output with `dashboard.json`. Import that file in Grafana:
Dashboards, New, Import. The variable `datasource` chooses the Prometheus, `job` the fanmill.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grafana_foundation_sdk.builders import dashboard, prometheus, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import DataSourceRef

FILE: Final = Path(__file__).with_name("dashboard.json")

_ALL: Final = "max without (instance, pod)"
_JOB: Final = 'job="$job"'
_RATE: Final = "$__rate_interval"
_SOURCE: Final = DataSourceRef(type_val="prometheus", uid="$datasource")


@dataclass(frozen=True)
class Chart:
    """A chart.

    Attributes:
        title: Its title.
        unit: Grafana's name of the unit.
        queries: Expressions with the legend of each.
    """

    title: str
    unit: str
    queries: tuple[tuple[str, str], ...]


def _gauge(name: str) -> str:
    return f"{_ALL} (fanmill_{name}{{{_JOB}}})"


def _rate(name: str) -> str:
    return f"{_ALL} (rate(fanmill_{name}{{{_JOB}}}[{_RATE}]))"


def _quantile(share: float, name: str, *labels: str) -> str:
    by = ", ".join(("le", *labels))
    buckets = f"{_ALL} (rate(fanmill_{name}_bucket{{{_JOB}}}[{_RATE}]))"
    return f"histogram_quantile({share}, sum by ({by}) ({buckets}))"


ROWS: Final[dict[str, tuple[Chart, ...]]] = {
    "Waiting": (
        Chart(
            "Age of the oldest waiting event",
            "s",
            ((_gauge("oldest_waiting_seconds"), "waiting"),
             (_gauge("oldest_unfinished_seconds"), "unfinished")),
        ),
        Chart(
            "Waiting and in flight",
            "short",
            ((_gauge("waiting_events"), "waiting"), (_gauge("in_flight_events"), "in flight"),
             (_gauge("max_backlog_events"), "limit of the backlog")),
        ),
        Chart("Time to drain the backlog", "s", ((_gauge("backlog_drain_seconds"), "to drain"),)),
    ),
    "Flow": (
        Chart(
            "Events per second, in and out",
            "ops",
            ((_rate("received_events_total"), "received"),
             (_rate("completed_documents_total"), "completed"),
             (f"sum without (reason) ({_rate('rejected_events_total')})", "rejected")),
        ),
        Chart(
            "Verdicts per second", "ops", ((_rate("verdicts_total"), "{{verdict}}"),)
        ),
        Chart(
            "Time from ledger to record",
            "s",
            ((_quantile(0.5, "end_to_end_seconds"), "median"),
             (_quantile(0.95, "end_to_end_seconds"), "95 %"),
             (_quantile(0.99, "end_to_end_seconds"), "99 %")),
        ),
    ),
    "Stages": (
        Chart(
            "Median time of a batch", "s",
            ((_quantile(0.5, "stage_seconds", "stage"), "{{stage}}"),),
        ),
        Chart(
            "95 % of the batches within", "s",
            ((_quantile(0.95, "stage_seconds", "stage"), "{{stage}}"),),
        ),
        Chart("Messages in the queues", "short", ((_gauge("queue_messages"), "{{stage}}"),)),
        Chart(
            "Children: running, busy, wanted",
            "short",
            ((_gauge("children"), "{{stage}} running"), (_gauge("busy_children"), "{{stage}} busy"),
             (_gauge("wanted_children"), "{{stage}} wanted")),
        ),
        Chart(
            "Workers wanted", "short",
            ((_gauge("wanted_workers"), "{{stage}}"), (_gauge("wanted_replicas"), "all stages")),
        ),
        Chart("Processes", "short", ((_gauge("processes"), "{{role}} {{version}}"),)),
        Chart("Paused by operators", "short", ((_gauge("paused"), "{{place}}"),)),
    ),
    "Failures": (
        Chart("Rejections per second", "ops", ((_rate("rejected_events_total"), "{{reason}}"),)),
        Chart(
            "Rejections that wait for a decision",
            "short",
            ((_gauge("open_rejections"), "all"), (_gauge("open_stage_rejections"), "by stages"),
             (_gauge("max_rejected_events"), "limit")),
        ),
        Chart(
            "Redelivered, replayed, dropped, per second",
            "ops",
            ((_rate("redelivered_events_total"), "redelivered"),
             (_rate("replayed_rejections_total"), "replayed"),
             (_rate("dropped_rejections_total"), "dropped")),
        ),
    ),
    "Stores and readers": (
        Chart(
            "Memory of Redis",
            "bytes",
            ((_gauge("redis_memory_used_bytes"), "used"),
             (_gauge("redis_memory_max_bytes"), "maximum"),
             (_gauge("index_bytes"), "duplicate index")),
        ),
        Chart(
            "Documents",
            "short",
            ((_gauge("records"), "records"), (_gauge("index_documents"), "in the index")),
        ),
        Chart(
            "Lag of readers",
            "short",
            ((_gauge("consumer_lag_events"), "{{group}} of {{stream}}"),
             (_gauge("consumer_pending_events"), "{{group}} of {{stream}}, pending")),
        ),
    ),
    "Sinks": (
        Chart(
            "Outcomes to store",
            "short",
            ((_gauge("sink_unstored_outcomes"), "{{sink}}"),
             (_gauge("max_unstored_outcomes"), "intake stops")),
        ),
        Chart(
            "Age of the oldest outcome to store", "s",
            ((_gauge("sink_oldest_unstored_seconds"), "{{sink}}"),
             (_gauge("sink_trouble_seconds"), "{{sink}} cannot store")),
        ),
        Chart(
            "Stored, failed and lost, per second",
            "ops",
            ((_rate("sink_stored_outcomes_total"), "{{sink}} stored"),
             (_rate("sink_errors_total"), "{{sink}} failed calls"),
             (_rate("sink_lost_outcomes_total"), "{{sink}} lost")),
        ),
        Chart(
            "Processes, and outcomes set aside", "short",
            ((_gauge("sink_processes"), "{{sink}}"),
             (_gauge("sink_unreadable_outcomes"), "set aside")),
        ),
    ),
}  # fmt: skip
"""The charts, by row."""

_WIDTH: Final = 8
_HEIGHT: Final = 8


def _panel(chart: Chart) -> timeseries.Panel:
    panel = (
        timeseries.Panel()
        .title(chart.title)
        .unit(chart.unit)
        .datasource(_SOURCE)
        .min(0)
        .span(_WIDTH)
        .height(_HEIGHT)
    )
    for number, (expression, legend) in enumerate(chart.queries):
        panel.with_target(
            prometheus.Dataquery()
            .expr(expression)
            .legend_format(legend)
            .ref_id(chr(ord("A") + number))
            .exemplar(True)
        )
    return panel


def dashboard_json() -> str:
    """Return the dashboard as Grafana imports it."""
    board = (
        dashboard.Dashboard("fanmill")
        .uid("fanmill")
        .tags(["fanmill"])
        .refresh("30s")
        .time("now-3h", "now")
        .with_variable(dashboard.DatasourceVariable("datasource").type("prometheus"))
        .with_variable(
            dashboard.QueryVariable("job")
            .datasource(_SOURCE)
            .query("label_values(fanmill_up, job)")
        )
    )
    for title, charts in ROWS.items():
        board.with_row(dashboard.Row(title))
        for chart in charts:
            board.with_panel(_panel(chart))
    text: str = JSONEncoder(sort_keys=True, indent=1).encode(board.build())
    return f"{text}\n"


if __name__ == "__main__":
    FILE.write_text(dashboard_json(), encoding="utf-8")
