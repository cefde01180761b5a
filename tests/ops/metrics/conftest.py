"""An exporter over the namespace of a test."""

import pytest

from fanmill.metrics_process import source_of
from fanmill.ops.metrics.exporter import Exporter
from fanmill.ops.metrics.reading import Source
from fanmill.settings import Settings


@pytest.fixture
def source(settings: Settings) -> Source:
    """Return where the metrics of this test's namespace are read."""
    return source_of(settings)


@pytest.fixture
def exporter(source: Source) -> Exporter:
    """Return an exporter that reads at each scrape."""
    return Exporter(source, clock=iter(range(0, 1_000_000, 100)).__next__)
