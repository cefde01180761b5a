"""Exemplars: the last traced document of each bin, and nothing that is no trace context."""

import pytest
from redis import Redis

from builders import Mill, RedisStores, ingested
from fanmill.ops.metrics.exporter import Exporter
from fanmill.stores.keys import Keys
from fanmill.stores.redis.history import BOUNDS_MS, read_exemplars
from ops.metrics.scrapes import OPENMETRICS, scrape

TRACE = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"


def completed_with(stores: RedisStores, *traceparents: str) -> None:
    """Complete a document for each trace context."""
    mill = Mill(stores)
    for number, traceparent in enumerate(traceparents):
        mill.publish(ingested(f"d{number}", f"Text {number}.", traceparent=traceparent))
        mill.run()


def test_an_exemplar_tells_trace_span_duration_and_time(
    redis_stores: RedisStores, redis: Redis, keys: Keys
) -> None:
    completed_with(redis_stores, f"00-{TRACE}-{SPAN}-01")
    ((at, exemplar),) = read_exemplars(redis, keys).items()
    assert (exemplar.trace_id, exemplar.span_id) == (TRACE, SPAN)
    bounds = [0, *(bound / 1000 for bound in BOUNDS_MS)]
    assert bounds[at] <= exemplar.seconds <= bounds[at + 1]
    assert exemplar.at_seconds == pytest.approx(redis.time()[0], abs=60)


def test_each_bin_keeps_its_last_trace(redis_stores: RedisStores, redis: Redis, keys: Keys) -> None:
    now = int(redis.time()[0]) * 1000
    mill = Mill(redis_stores)
    for number, age in enumerate((3_000_000, 2_900_000, 100_000)):
        event = ingested(f"d{number}", f"{number}", traceparent=f"00-{number + 1:032x}-{SPAN}-01")
        mill.stores.add_as(f"{now - age}-0", event.model_dump_json(exclude_none=True).encode())
    mill.run()
    found = read_exemplars(redis, keys)
    assert {int(each.trace_id, 16) for each in found.values()} == {2, 3}


@pytest.mark.parametrize(
    "traceparent",
    [
        "",
        "no trace",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}{TRACE}-{SPAN}-01",
        f"00-{TRACE[:-1]}-{SPAN}-01",
        f"00-{TRACE}-{SPAN[1:]}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{'a' * 230}-{SPAN}-01",
        f'00-{TRACE[:-2]}\\"-{SPAN}-01',
    ],
)
def test_a_value_of_another_form_is_no_exemplar_and_breaks_no_scrape(
    redis_stores: RedisStores, redis: Redis, keys: Keys, exporter: Exporter, traceparent: str
) -> None:
    completed_with(redis_stores, traceparent)
    assert read_exemplars(redis, keys) == {}
    found = scrape(exporter, OPENMETRICS)
    assert found.value("fanmill_end_to_end_seconds_count") == 1


def test_a_document_id_that_looks_like_a_context_is_none(
    redis_stores: RedisStores, redis: Redis, keys: Keys
) -> None:
    mill = Mill(redis_stores)
    mill.publish(ingested(f'a","traceparent":"00-{TRACE}-{SPAN}-01'))
    mill.run()
    assert len(redis_stores.processed()) == 1
    assert read_exemplars(redis, keys) == {}
