"""The metrics of the catalogue over OTLP: the same names, and the same reading as `/metrics`.

Gauges and counters are observable instruments. Histograms are counted in Redis, bin by bin, and the
SDK has no instrument that takes finished bins: to record single durations would invent them. Hence
their data points are built from the bins and join each collection on its way to the exporter.

All values are cumulative. They began with the namespace and not with this process; no start time
is known, and 0 says so (https://opentelemetry.io/docs/specs/otel/metrics/data-model/#temporality).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from opentelemetry.metrics import CallbackOptions, Meter, Observation
from opentelemetry.sdk import metrics as sdk
from opentelemetry.sdk.metrics import Exemplar as ExemplarData
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    ConsoleMetricExporter,
    MetricExporter,
    MetricReader,
    MetricsData,
    PeriodicExportingMetricReader,
    Sum,
)
from opentelemetry.sdk.metrics.export import Histogram as HistogramData
from opentelemetry.sdk.metrics.export import HistogramDataPoint as DataPoint
from opentelemetry.sdk.metrics.export import Metric as Data
from opentelemetry.sdk.resources import Resource

from fanmill.ops.metrics.catalogue import CATALOGUE
from fanmill.ops.metrics.metric import Metric, Sample, Samples
from fanmill.ops.tracing.setup import resource_of
from fanmill.stores.redis.history import BOUNDS_MS, Exemplar, Histogram

METER: Final = "fanmill"

FLUSH_MS: Final = 5000
"""Maximum wait for the last collection at the end of a process."""

_UNKNOWN_START: Final = 0

_CUMULATIVE: Final[dict[type, AggregationTemporality]] = dict.fromkeys(
    (sdk.Counter, sdk.ObservableCounter, sdk.Histogram), AggregationTemporality.CUMULATIVE
)
"""Deltas would count the whole history again at each start of an exporter."""

GetSamples = Callable[[], Samples]


def unit_of(metric: Metric) -> str:
    """Return the unit of a metric in UCUM: `s`, `By`, `1`, or the noun in braces."""
    known = {"seconds": "s", "bytes": "By", "boolean": "1"}
    return known.get(metric.unit, f"{{{metric.unit}}}")


def meter_provider(
    samples: GetSamples, resource: Resource, readers: Iterable[MetricReader]
) -> MeterProvider:
    """Return a provider whose instruments observe the samples of each collection."""
    provider = MeterProvider(tuple(readers), resource, shutdown_on_exit=False)
    meter = provider.get_meter(METER)
    for metric in CATALOGUE:
        if metric.kind != "histogram":
            _create(meter, metric, samples)
    return provider


def completed(data: MetricsData | None, samples: Samples, now_ns: int) -> MetricsData | None:
    """Return a collection with the histograms, and with an unknown start of all counts."""
    if data is None or not data.resource_metrics:
        return data
    histograms = [
        _histogram(metric, samples[metric.name], now_ns)
        for metric in CATALOGUE
        if metric.kind == "histogram" and samples.get(metric.name)
    ]
    first, *others = data.resource_metrics
    scopes = [
        replace(
            scope,
            metrics=[*map(_unstarted, scope.metrics), *(histograms if _is_ours(scope) else ())],
        )
        for scope in first.scope_metrics
    ]
    return replace(data, resource_metrics=[replace(first, scope_metrics=scopes), *others])


class CatalogueReader(PeriodicExportingMetricReader):
    """Collects every OTEL_METRIC_EXPORT_INTERVAL, and adds the histograms.

    Args:
        exporter: Receiver of each collection.
        samples: Returns the samples of now.
        clock_ns: Nanoseconds since 1970.
    """

    def __init__(
        self, exporter: MetricExporter, samples: GetSamples, clock_ns: Callable[[], int]
    ) -> None:
        self._samples = samples
        self._clock_ns = clock_ns
        super().__init__(exporter)

    def _receive_metrics(
        self, metrics_data: MetricsData, timeout_millis: float = 10_000, **kwargs: Any
    ) -> None:
        whole = completed(metrics_data, self._samples(), self._clock_ns())
        if whole is not None:
            super()._receive_metrics(whole, timeout_millis, **kwargs)


def pushing(samples: GetSamples, clock_ns: Callable[[], int], namespace: str) -> MeterProvider:
    """Return a provider that sends to the exporter of OTEL_METRICS_EXPORTER until `shutdown`."""
    kind = os.environ.get("OTEL_METRICS_EXPORTER", "").strip() or "otlp"
    readers = [] if kind == "none" else [CatalogueReader(_exporter(kind), samples, clock_ns)]
    return meter_provider(samples, resource_of("metrics", namespace), readers)


def _exporter(kind: str) -> MetricExporter:
    if kind == "console":
        return ConsoleMetricExporter()
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import (  # noqa: PLC0415
        OTLPMetricExporter,
    )

    return OTLPMetricExporter(preferred_temporality=_CUMULATIVE)


def _create(meter: Meter, metric: Metric, samples: GetSamples) -> None:
    def observe(_: CallbackOptions) -> Iterable[Observation]:
        return [
            Observation(sample.value, _attributes(metric, sample))
            for sample in samples().get(metric.name, ())
            if not isinstance(sample.value, Histogram)
        ]

    create = (
        meter.create_observable_counter
        if metric.kind == "counter"
        else meter.create_observable_gauge
    )
    create(metric.family, [observe], unit=unit_of(metric), description=metric.meaning)


def _attributes(metric: Metric, sample: Sample) -> dict[str, str]:
    return dict(zip(metric.labels, sample.labels, strict=True))


def _is_ours(scope: Any) -> bool:
    return bool(scope.scope.name == METER)


def _unstarted(data: Data) -> Data:
    if not isinstance(data.data, Sum):
        return data
    points = [
        replace(point, start_time_unix_nano=_UNKNOWN_START) for point in data.data.data_points
    ]
    return replace(data, data=replace(data.data, data_points=points))


def _histogram(metric: Metric, samples: list[Sample], now_ns: int) -> Data:
    points = [_point(metric, sample, sample.value, now_ns) for sample in samples
              if isinstance(sample.value, Histogram)]  # fmt: skip
    data = HistogramData(points, AggregationTemporality.CUMULATIVE)
    return Data(metric.family, metric.meaning, unit_of(metric), data)


def _point(metric: Metric, sample: Sample, histogram: Histogram, now_ns: int) -> DataPoint:
    unknown: Any = None  # the smallest and the largest duration; optional in the protocol
    return DataPoint(
        attributes=_attributes(metric, sample),
        start_time_unix_nano=_UNKNOWN_START,
        time_unix_nano=now_ns,
        count=histogram.count,
        sum=histogram.sum_ms / 1000,
        bucket_counts=histogram.bins,
        explicit_bounds=[bound / 1000 for bound in BOUNDS_MS],
        min=unknown,
        max=unknown,
        exemplars=[_exemplar(exemplar) for exemplar in sample.exemplars.values()],
    )


def _exemplar(exemplar: Exemplar) -> ExemplarData:
    return ExemplarData(
        {},
        exemplar.seconds,
        int(exemplar.at_seconds * 1e9),
        int(exemplar.span_id, 16),
        int(exemplar.trace_id, 16),
    )
