"""The exposition of all metrics in the formats of Prometheus and OpenMetrics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from threading import Lock
from time import monotonic
from typing import Any, Final, cast

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client import samples as exposed
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.core import (
    Metric as Family,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from fanmill.ops.metrics.catalogue import CATALOGUE
from fanmill.ops.metrics.metric import Kind, Metric, Sample, Samples
from fanmill.ops.metrics.reading import Source, read
from fanmill.ops.metrics.values import DOWN, samples_of
from fanmill.stores.redis.history import BOUNDS_MS, Exemplar, Histogram

log = structlog.get_logger("fanmill.metrics")

FRESH_SECONDS: Final = 1.0
"""Age up to which a reading answers further scrapes: many scrapers cost Redis no more."""


_FAMILIES: Final[Mapping[Kind, Any]] = {
    "gauge": GaugeMetricFamily,
    "counter": CounterMetricFamily,
    "histogram": HistogramMetricFamily,
}


class Exposition(Collector):
    """A collector with the text of a scrape."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def describe(self) -> Iterable[Family]:
        """Return no family: to describe them would need a reading."""
        return ()

    def expose(self, accept: str) -> tuple[bytes, str]:
        """Return the text of a scrape and its content type.

        Args:
            accept: The header `Accept` of the request; it chooses OpenMetrics or the text
                format of Prometheus.
        """
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type


class Exporter(Exposition):
    """Collects the families of all metrics; a scrape reads Redis.

    Args:
        source: The place where values are read.
        clock: Seconds since some fixed moment.
    """

    def __init__(self, source: Source, clock: Callable[[], float] = monotonic) -> None:
        self._source = source
        self._clock = clock
        self._lock = Lock()
        self._samples: Samples = DOWN
        self._read_at = float("-inf")
        super().__init__()

    def collect(self) -> Iterable[Family]:
        """Return the families of all metrics with at least one sample."""
        samples = self.samples()
        return [
            _family(metric, samples[metric.name])
            for metric in CATALOGUE
            if samples.get(metric.name)
        ]

    def samples(self) -> Samples:
        """Return the samples of now; only `up`, which is 0, while Redis does not answer."""
        with self._lock:
            if self._clock() - self._read_at > FRESH_SECONDS:
                self._samples = self._read()
                self._read_at = self._clock()
            return self._samples

    def _read(self) -> Samples:
        try:
            return samples_of(read(self._source), self._source.limits)
        except RedisError as error:
            log.warning("redis not read", error=str(error))
            return DOWN


class PartitionExporter(Exposition):
    """Collects the metrics of several partitions; the label `partition` has their number.

    Args:
        exporters: An exporter for each partition.
    """

    def __init__(self, exporters: Mapping[int, Exporter]) -> None:
        self._exporters = exporters
        super().__init__()

    def collect(self) -> Iterable[Family]:
        """Return the families of all metrics with at least one sample in a partition."""
        read = {number: each.samples() for number, each in self._exporters.items()}
        families = []
        for metric in CATALOGUE:
            labelled = replace(metric, labels=(*metric.labels, "partition"))
            found = [
                replace(sample, labels=(*sample.labels, str(number)))
                for number, samples in read.items()
                # All partitions share one index.
                if not metric.name.startswith("index_") or number == min(read)
                for sample in samples.get(metric.name, ())
            ]
            if found:
                families.append(_family(labelled, found))
        return families


def _family(metric: Metric, samples: list[Sample]) -> Family:
    unit = metric.unit if metric.name.endswith(("_seconds", "_bytes")) else ""
    kind = _FAMILIES[metric.kind]
    family = kind(metric.family, metric.meaning, labels=metric.labels, unit=unit)
    for sample in samples:
        if isinstance(sample.value, Histogram):
            buckets = _buckets(sample.value, sample.exemplars)
            family.add_metric(sample.labels, buckets, sum_value=sample.value.sum_ms / 1000)
        else:
            family.add_metric(sample.labels, sample.value)
    return cast("Family", family)


def _buckets(
    histogram: Histogram, exemplars: Mapping[int, Exemplar]
) -> list[tuple[str, float, exposed.Exemplar | None]]:
    """Return upper bounds in seconds with cumulative counts and exemplars."""
    bounds = [*(str(bound / 1000) for bound in BOUNDS_MS), "+Inf"]
    total = 0
    buckets: list[tuple[str, float, exposed.Exemplar | None]] = []
    for at, (bound, number) in enumerate(zip(bounds, histogram.bins, strict=True)):
        total += number
        known = exemplars.get(at)
        buckets.append((bound, total, _exposed(known) if known else None))
    return buckets


def _exposed(exemplar: Exemplar) -> exposed.Exemplar:
    return exposed.Exemplar(
        {"trace_id": exemplar.trace_id}, exemplar.seconds, exposed.Timestamp(exemplar.at_seconds, 0)
    )
