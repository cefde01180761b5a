"""Puts an exporter of metrics together: wiring, the exporter, its HTTP server."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from threading import Event, Thread
from time import time_ns
from typing import Final

from fanmill.ops.metrics.exporter import Exporter, Exposition, PartitionExporter
from fanmill.ops.metrics.index_size import IndexSize
from fanmill.ops.metrics.reading import Limits, Source
from fanmill.ops.metrics.server import MetricsServer
from fanmill.ports import STAGES
from fanmill.setting_values import otel_wanted
from fanmill.settings import Settings
from fanmill.shell.queues import queue_name
from fanmill.stores.redis.connection import check_access, connect_briefly
from fanmill.wiring import Wiring

_TIMEOUT_SECONDS: Final = 4.0
"""Wait for an answer of Redis; below the ten seconds that Prometheus waits for a scrape."""


def source_of(settings: Settings) -> Source:
    """Return the place where the metrics of these settings are read; nothing is sent yet."""
    wiring = Wiring(settings, retry_seconds=0)
    return Source(
        redis=connect_briefly(settings.redis_url.get_secret_value(), _TIMEOUT_SECONDS),
        keys=wiring.keys,
        queues={stage: queue_name(settings.namespace, stage) for stage in STAGES},
        limits=Limits(
            max_backlog=settings.max_backlog,
            max_in_flight=settings.max_in_flight,
            max_rejected=settings.max_rejected,
            max_unstored=settings.max_unstored,
            target_age_seconds=settings.target_age_seconds,
        ),
        measure_index=IndexSize(wiring.index),
    )


def serve_metrics(
    settings: Settings, host: str, port: int, stop: Event, on_ready: Callable[[str], None]
) -> None:
    """Serve metrics until `stop` is set; Redis may be away meanwhile.

    Args:
        settings: The effective settings.
        host: Address to listen on.
        port: Port to listen on; 0 for any free one.
        stop: Ends the server.
        on_ready: Called with the URL of the metrics when the server listens.

    Raises:
        OSError: The address cannot be used.
        ServerRefused: The server refuses the URL's user or protocol.
    """
    sources = {}
    for own in settings.each_partition():
        check_access(own.redis_url.get_secret_value())
        sources[own] = source_of(own)
    exporters = {own: Exporter(source) for own, source in sources.items()}

    def ping() -> None:
        for source in sources.values():
            source.redis.ping()

    with ExitStack() as pushed, MetricsServer(host, port, _exposition(exporters), ping) as server:
        for own, exporter in exporters.items():
            pushed.enter_context(_pushed(own, exporter))
        thread = Thread(target=server.serve_forever, name="fanmill-metrics", daemon=True)
        thread.start()
        on_ready(server.url)
        stop.wait()
        server.shutdown()


def _exposition(exporters: Mapping[Settings, Exporter]) -> Exposition:
    """Return the only exporter, or all of them with the label `partition`."""
    if len(exporters) == 1:
        (only,) = exporters.values()
        return only
    return PartitionExporter({own.partition or 0: each for own, each in exporters.items()})


@contextmanager
def _pushed(settings: Settings, exporter: Exporter) -> Iterator[None]:
    """Send the metrics over OTLP, too, where OpenTelemetry is on."""
    if not otel_wanted(settings.otel_enabled):
        yield
        return
    from fanmill.ops.metrics.otlp import FLUSH_MS, pushing  # noqa: PLC0415  an extra

    provider = pushing(exporter.samples, time_ns, settings.namespace)
    try:
        yield
    finally:
        provider.shutdown(FLUSH_MS)
