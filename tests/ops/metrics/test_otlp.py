"""The metrics over OTLP: names, units and values of the catalogue, and whole histograms."""

import os
import signal
import subprocess
import sys
from typing import Any

from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Gauge,
    HistogramDataPoint,
    InMemoryMetricReader,
    MetricsData,
    Sum,
)
from opentelemetry.sdk.metrics.export import Histogram as HistogramData
from opentelemetry.sdk.resources import Resource
from redis import Redis

from builders import Mill, RedisStores, ingested
from fanmill.local.server import EmbeddedServer
from fanmill.ops.metrics.catalogue import CATALOGUE, METRICS
from fanmill.ops.metrics.exporter import Exporter
from fanmill.ops.metrics.otlp import GetSamples, completed, meter_provider, unit_of
from fanmill.ops.metrics.values import DOWN
from fanmill.stores.keys import Keys
from fanmill.stores.redis.history import BOUNDS_MS
from ops.metrics.scrapes import scrape
from ops.metrics.test_catalogue import full_namespace
from otlp_receiver import collector
from polling import until

NOW_NS = 1_769_850_000_000_000_000
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

KINDS: dict[str, type] = {"gauge": Gauge, "counter": Sum, "histogram": HistogramData}


class WholeReader(InMemoryMetricReader):
    """The SDK's reader in memory with the histograms, as `CatalogueReader` adds them."""

    def __init__(self, samples: GetSamples) -> None:
        self._own = samples
        super().__init__()

    def _receive_metrics(self, metrics_data: MetricsData, *args: Any, **options: Any) -> None:
        super()._receive_metrics(completed(metrics_data, self._own(), NOW_NS), *args, **options)


def collected(samples: GetSamples) -> dict[str, Any]:
    """Return the metrics of a collection by name."""
    reader = WholeReader(samples)
    provider = meter_provider(samples, Resource({}), [reader])
    data = reader.get_metrics_data()
    provider.shutdown()
    (resource,) = data.resource_metrics
    (scope,) = [each for each in resource.scope_metrics if each.scope.name == "fanmill"]
    return {metric.name: metric for metric in scope.metrics}


def test_names_units_and_kinds_are_those_of_the_catalogue(
    redis: Redis, keys: Keys, exporter: Exporter
) -> None:
    full_namespace(redis, keys)
    found = collected(exporter.samples)
    assert set(found) == {metric.family for metric in CATALOGUE}
    for metric in CATALOGUE:
        each = found[metric.family]
        assert (each.unit, each.description) == (unit_of(metric), metric.meaning)
        assert isinstance(each.data, KINDS[metric.kind]), metric.name
        for point in each.data.data_points:
            assert set(point.attributes) == set(metric.labels)
    assert {unit_of(METRICS[name]) for name in ("end_to_end_seconds", "index_bytes", "up")} == {
        "s", "By", "1",
    }  # fmt: skip
    assert unit_of(METRICS["waiting_events"]) == "{events}"


def test_values_are_those_of_a_scrape(redis: Redis, keys: Keys, exporter: Exporter) -> None:
    full_namespace(redis, keys)
    at_once = Exporter(exporter._source, clock=lambda: 0.0)
    text, found = scrape(at_once), collected(at_once.samples)
    compared = 0
    for metric in CATALOGUE:
        for point in found[metric.family].data.data_points:
            if isinstance(point, HistogramDataPoint):
                assert point.count == text.value(f"{metric.full_name}_count", **point.attributes)
                assert point.sum == text.value(f"{metric.full_name}_sum", **point.attributes)
            else:
                assert point.value == text.value(metric.full_name, **point.attributes), metric.name
            compared += 1
    assert compared > 60


def test_histograms_have_the_bins_of_redis_and_invent_nothing(
    redis_stores: RedisStores, exporter: Exporter
) -> None:
    mill = Mill(redis_stores)
    mill.publish(*(ingested(f"d{n}", f"Text {n}.", traceparent=TRACEPARENT) for n in range(9)))
    mill.run()
    data = collected(exporter.samples)["fanmill_end_to_end_seconds"].data
    (point,) = data.data_points
    assert data.aggregation_temporality is AggregationTemporality.CUMULATIVE
    assert (point.count, sum(point.bucket_counts)) == (9, 9)
    assert list(point.explicit_bounds) == [bound / 1000 for bound in BOUNDS_MS]
    assert len(point.bucket_counts) == len(BOUNDS_MS) + 1
    assert (point.min, point.max, point.start_time_unix_nano) == (None, None, 0)
    assert point.time_unix_nano == NOW_NS
    (exemplar, *_) = point.exemplars
    assert f"{exemplar.trace_id:032x}-{exemplar.span_id:016x}" == TRACEPARENT[3:-3]


def test_counts_are_cumulative_with_an_unknown_start(exporter: Exporter) -> None:
    data = collected(exporter.samples)["fanmill_received_events"].data
    assert data.aggregation_temporality is AggregationTemporality.CUMULATIVE
    assert data.is_monotonic
    assert {point.start_time_unix_nano for point in data.data_points} == {0}


def test_without_redis_there_is_only_up() -> None:
    found = collected(lambda: DOWN)
    assert list(found) == ["fanmill_up"]
    assert [point.value for point in found["fanmill_up"].data.data_points] == [0]


def test_the_command_sends_metrics_and_serves_them(
    server: EmbeddedServer, redis: Redis, keys: Keys
) -> None:
    full_namespace(redis, keys)
    with collector() as otlp:
        environment = {
            **os.environ,
            **otlp.environment,
            "FANMILL_REDIS_URL": server.url,
            "FANMILL_NAMESPACE": keys.streams.namespace,
            "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": "DELTA",
        }
        command = [sys.executable, "-m", "fanmill", "metrics", "--port", "0"]
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as process:
            try:
                until(lambda: len(otlp.metrics) >= 2 * len(CATALOGUE), 30, "two collections")
                process.send_signal(signal.SIGTERM)
                assert process.wait(15) == 0
            finally:
                process.kill()
    names = {metric.name for metric in otlp.metrics}
    assert names == {metric.family for metric in CATALOGUE}
    (end_to_end, *_) = (m for m in otlp.metrics if m.name == "fanmill_end_to_end_seconds")
    assert end_to_end.histogram.aggregation_temporality == 2
    assert [point.count for point in end_to_end.histogram.data_points] == [1]
    assert not end_to_end.histogram.data_points[0].HasField("max")
    (completed_documents, *_) = (m for m in otlp.metrics if m.name == "fanmill_completed_documents")
    assert completed_documents.sum.aggregation_temporality == 2
