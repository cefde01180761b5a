"""The page of all metrics; run as a program, this file writes it into `deploy/metrics.md`."""

from pathlib import Path
from typing import Final

from fanmill.ops.metrics.catalogue import CATALOGUE
from fanmill.ops.metrics.metric import Metric

PAGE: Final = Path(__file__).parents[2] / "deploy" / "metrics.md"

_HEAD: Final = """\
# Metrics

`fanmill metrics` serves these metrics at `/metrics`, in the text format of Prometheus or in
OpenMetrics. `make docs` writes this page from `worker/fanmill/ops/metrics/catalogue.py`. A metric
whose value is unknown is missing from a scrape.

Counters count from the beginning of the namespace, through restarts of every process: the scripts
count in the step that changes the state of a document. Any number of exporters may run. Each reads
the same numbers, so a query over several exporters takes `max`, not `sum`.
[tracing.md](tracing.md) tells how to send them to OpenTelemetry.
"""

_TABLE: Final = (
    "| metric | kind | unit | labels | meaning | what to do |",
    "|---|---|---|---|---|---|",
)


def _row(metric: Metric) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    return (
        f"| `{metric.full_name}` | {metric.kind} | {metric.unit} | {labels} | {metric.meaning} "
        f"| {metric.remedy} |"
    )


def page() -> str:
    """Return the page."""
    return "\n".join([_HEAD, *_TABLE, *map(_row, CATALOGUE), ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
