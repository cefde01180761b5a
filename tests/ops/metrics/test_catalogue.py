"""The catalogue, the scrape and the page of metrics say the same."""

import re

from redis import Redis

from builders import Mill, RedisStores, ingested
from docs.metrics_page import PAGE, page
from fanmill.ops.metrics.catalogue import CATALOGUE, METRICS
from fanmill.ops.metrics.exporter import Exporter
from fanmill.ops.process_registry import Process, write_entry
from fanmill.ports import STAGES
from fanmill.stores.keys import Keys
from fanmill.stores.redis.outbox import RedisOutbox
from ops.metrics.scrapes import scrape

MAX_HISTOGRAM_SERIES = 25


def full_namespace(redis: Redis, keys: Keys) -> None:
    """Put something of everything into a namespace, so that every metric has a value."""
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    mill = Mill(stores)
    mill.publish(ingested("a", "Some words."), ingested("bad", "refused by tag"))
    mill.run()
    redis.xgroup_create(keys.processed, "subscribers", "0")
    RedisOutbox(redis, keys, "main", "sqlite:///a", None).join()
    worker = Process("worker-a-1-abc", "worker", "a", 1, "9.9.9", STAGES, 2, 0)
    write_entry(redis, keys, worker)


def test_a_scrape_has_each_metric_of_the_catalogue_and_no_other(
    redis: Redis, keys: Keys, exporter: Exporter
) -> None:
    full_namespace(redis, keys)
    found = scrape(exporter)
    assert set(found.families) == {metric.family for metric in CATALOGUE}
    for metric in CATALOGUE:
        family = found.families[metric.family]
        assert family.type == metric.kind
        assert family.documentation == metric.meaning
        for sample in family.samples:
            assert set(sample.labels) - {"le"} == set(metric.labels), metric.name


def test_few_series_are_histograms(redis: Redis, keys: Keys, exporter: Exporter) -> None:
    full_namespace(redis, keys)
    found = scrape(exporter)
    series = [
        sample
        for family in found.families.values()
        if family.type == "histogram"
        for sample in family.samples
        if sample.name.endswith("_count")
    ]
    assert 0 < len(series) <= MAX_HISTOGRAM_SERIES


def test_names_are_unique_and_follow_the_conventions_of_prometheus() -> None:
    assert len(METRICS) == len(CATALOGUE)
    for metric in CATALOGUE:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", metric.name)
        assert not metric.name.endswith("_total")
        for unit in ("seconds", "bytes"):
            assert metric.name.endswith(unit) == (metric.unit == unit), metric.name
        assert metric.meaning.endswith(".")
        assert metric.remedy.endswith(".")


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make docs"
