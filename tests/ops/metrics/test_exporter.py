"""Scrapes: formats, values against the contents of Redis, and a server that is away."""

from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from builders import Mill, RedisStores, ingested, taken_in
from fanmill.local.server import EmbeddedServer
from fanmill.metrics_process import source_of
from fanmill.ops.metrics.exporter import Exporter
from fanmill.ops.process_registry import Process, write_entry
from fanmill.ports import STAGES
from fanmill.settings import Settings
from fanmill.stores.keys import GROUP, Keys
from ops.metrics.scrapes import OPENMETRICS, scrape

TEXT = "text/plain; version=0.0.4; charset=utf-8"

CHANGING = {
    "fanmill_scrape_seconds",
    "fanmill_oldest_waiting_seconds",
    "fanmill_oldest_unfinished_seconds",
    "fanmill_clock_skew_seconds",
    "fanmill_redis_memory_used_bytes",
    "fanmill_backlog_drain_seconds",
    "fanmill_busy_children",
}
"""Values that differ between two scrapes of an idle namespace."""


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", TEXT),
        ("text/plain", TEXT),
        ("*/*", TEXT),
        (OPENMETRICS, "application/openmetrics-text; version=1.0.0; charset=utf-8"),
        (
            "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2",
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
        ),
    ],
)
def test_the_reader_chooses_the_format(exporter: Exporter, accept: str, content_type: str) -> None:
    # A parameter for the escaping of names may follow.
    assert exporter.expose(accept)[1].startswith(content_type)


def test_both_formats_say_the_same(redis_stores: RedisStores, exporter: Exporter) -> None:
    mill = Mill(redis_stores)
    mill.publish(*(ingested(f"d{number}", f"Text {number}.") for number in range(9)))
    mill.run()
    text, other = scrape(exporter), scrape(exporter, OPENMETRICS)
    stable = {key for key in text.values if key[0] not in CHANGING}
    assert len(stable) > 100
    assert {key: text.values[key] for key in stable} == {
        key: value for key, value in other.values.items() if key[0] not in CHANGING
    }


def test_values_are_those_of_redis(
    redis_stores: RedisStores, keys: Keys, exporter: Exporter
) -> None:
    mill = Mill(redis_stores)
    twice = ingested("twice", "Words that come twice.")
    mill.publish(
        twice,
        twice,
        ingested("copy", "Words that come twice."),
        *(ingested(f"d{number}", f"Text {number}.") for number in range(5)),
        *(ingested(f"bad{number}", f"refused by summarize {number}") for number in range(3)),
    )
    redis_stores.add(b"{")
    mill.run()
    mill.publish(*(ingested(f"late{number}") for number in range(4)))
    taken_in(redis_stores)
    redis_stores.ledger.read("reader", 1, 0)
    redis, found = redis_stores.redis, scrape(exporter)
    group: Any = redis.xinfo_groups(keys.ingested)[0]
    stream: Any = redis.xinfo_stream(keys.ingested)
    assert found.value("fanmill_received_events_total") == stream["entries-added"] == 16
    assert found.value("fanmill_in_flight_events") == group["pending"] == 1
    assert found.value("fanmill_waiting_events") == redis.xlen(keys.ingested) - 1 == 3
    assert found.by("fanmill_intake_events_total", "outcome") == {
        "admitted": 10,
        "repeated": 1,
        "refused": 1,
    }
    processed = redis_stores.processed()
    assert found.value("fanmill_completed_documents_total") == len(processed) == 7
    assert found.value("fanmill_end_to_end_seconds_count") == 7
    assert found.value("fanmill_records") == redis.zcard(keys.results)
    assert found.by("fanmill_rejected_events_total", "reason") | {
        "stage-failed": 3,
        "malformed-event": 1,
    } == found.by("fanmill_rejected_events_total", "reason")
    assert sum(found.by("fanmill_rejected_events_total", "reason").values()) == 4
    assert found.value("fanmill_open_rejections") == redis.xlen(keys.rejected) == 4
    assert found.value("fanmill_open_stage_rejections") == 3
    assert found.by("fanmill_stream_events", "stream") == {
        "ingested": redis.xlen(keys.ingested),
        "processed": redis.xlen(keys.processed),
        "rejected": redis.xlen(keys.rejected),
    }


def test_the_oldest_waiting_event_is_told_from_the_oldest_in_flight(
    redis_stores: RedisStores, exporter: Exporter
) -> None:
    now = int(redis_stores.redis.time()[0]) * 1000
    redis_stores.add_as(f"{now - 90_000}-0", b"{")
    redis_stores.add_as(f"{now - 30_000}-0", b"{")
    assert scrape(exporter).value("fanmill_oldest_waiting_seconds") == pytest.approx(90, abs=5)
    redis_stores.ledger.read("reader", 1, 0)
    found = scrape(exporter)
    assert found.value("fanmill_oldest_waiting_seconds") == pytest.approx(30, abs=5)
    assert found.value("fanmill_oldest_unfinished_seconds") == pytest.approx(90, abs=5)


def test_the_lag_of_each_reader_of_a_stream_is_shown(
    redis_stores: RedisStores, keys: Keys, exporter: Exporter
) -> None:
    mill = Mill(redis_stores)
    mill.publish(*(ingested(f"d{number}", f"Text {number}.") for number in range(5)))
    mill.publish(*(ingested(f"bad{number}", f"refused by tag {number}") for number in range(3)))
    mill.run()
    redis = redis_stores.redis
    redis.xgroup_create(keys.processed, "archive", "0")
    redis.xgroup_create(keys.rejected, "mail", "0")
    redis.xreadgroup("archive", "me", {keys.processed: ">"}, count=2)
    found = scrape(exporter)
    assert found.value("fanmill_consumer_lag_events", stream="processed", group="archive") == 3
    assert found.value("fanmill_consumer_pending_events", stream="processed", group="archive") == 2
    assert found.value("fanmill_consumer_lag_events", stream="rejected", group="mail") == 3
    assert GROUP not in found.by("fanmill_consumer_lag_events", "group")
    # Removed out of order: the server no longer knows the lag; the stream bounds it.
    middle: Any = redis.xrange(keys.rejected)[1][0]
    assert redis_stores.rejections.drop(middle.decode())
    lag = scrape(exporter).value("fanmill_consumer_lag_events", stream="rejected", group="mail")
    assert lag == 2


def test_wanted_workers_follow_from_rate_backlog_and_cost(
    redis: Redis, keys: Keys, exporter: Exporter
) -> None:
    RedisStores(redis, keys).ledger.open()
    found = scrape(exporter)
    assert "fanmill_wanted_children" not in found.families
    assert found.value("fanmill_wanted_replicas") == 0
    worker = Process("worker-a-1-abc", "worker", "a", 1, "1.0", STAGES, 4, 0)
    write_entry(redis, keys, worker)
    # 100 documents took the stage `tag` 2 s each.
    redis.hset(keys.counters, mapping={"completed": 100, "busy:tag": 200_000, "busy:summarize": 1})
    with redis.pipeline() as pipe:
        for _ in range(600):
            pipe.xadd(keys.ingested, {"event": "{}"})
        pipe.execute()
    found = scrape(exporter)
    # 600 waiting events in 60 s at 2 s each are 20 children, five workers of four.
    assert found.value("fanmill_wanted_children", stage="tag") == 20
    assert found.value("fanmill_wanted_workers", stage="tag") == 5
    assert found.value("fanmill_wanted_children", stage="summarize") == 1
    assert found.value("fanmill_wanted_children", stage="deduplicate") == 0
    # The stages share the children of these workers: 20.0001 children, six workers of four.
    assert found.value("fanmill_wanted_replicas") == 6
    assert found.by("fanmill_children", "stage") == dict.fromkeys(STAGES, 4)
    assert found.value("fanmill_processes", role="worker", version="1.0") == 1


def test_one_worker_is_wanted_before_the_cost_of_a_document_is_known(
    redis: Redis, keys: Keys, exporter: Exporter
) -> None:
    RedisStores(redis, keys).ledger.open()
    redis.xadd(keys.ingested, {"event": "{}"})
    assert scrape(exporter).value("fanmill_wanted_replicas") == 1


def test_no_limit_is_no_sample(settings: Settings) -> None:
    unlimited = settings.model_copy(update={"max_backlog": None, "max_rejected": None})
    found = scrape(Exporter(source_of(unlimited)))
    assert "fanmill_max_backlog_events" not in found.families
    assert "fanmill_max_rejected_events" not in found.families


def test_an_empty_namespace_has_zeros(exporter: Exporter) -> None:
    found = scrape(exporter)
    assert found.value("fanmill_up") == 1
    assert found.value("fanmill_waiting_events") == 0
    assert found.value("fanmill_oldest_waiting_seconds") == 0
    assert found.value("fanmill_completed_documents_total") == 0
    assert found.value("fanmill_index_documents") == 0


def test_nothing_is_written(redis: Redis, keys: Keys, exporter: Exporter) -> None:
    scrape(exporter)
    assert not list(redis.scan_iter(match=f"{keys.streams.namespace}:*"))


def test_without_redis_up_is_0_and_it_comes_back(tmp_path: Path, settings: Settings) -> None:
    with EmbeddedServer(tmp_path, durable=False) as server:
        url = server.url
        away = Settings(redis_url=url, namespace=settings.namespace)
        exporter = Exporter(source_of(away), clock=iter(range(0, 9000, 100)).__next__)
        assert scrape(exporter).value("fanmill_up") == 1
    for accept in ("", OPENMETRICS):
        assert scrape(exporter, accept).values == {("fanmill_up", frozenset()): 0}


def test_scrapes_within_a_second_share_a_reading(source: Any, redis: Redis, keys: Keys) -> None:
    now = 100.0
    exporter = Exporter(source, clock=lambda: now)
    assert scrape(exporter).value("fanmill_records") == 0
    redis.zadd(keys.results, {"a": 1})
    assert scrape(exporter).value("fanmill_records") == 0
    now = 101.1
    assert scrape(exporter).value("fanmill_records") == 1


def test_the_last_traced_document_of_a_bin_is_its_exemplar(
    redis_stores: RedisStores, exporter: Exporter
) -> None:
    mill = Mill(redis_stores)
    trace = "0af7651916cd43dd8448eb211c80319c"
    traceparent = f"00-{trace}-b7ad6b7169203331-01"
    mill.publish(
        ingested("traced", "Some words.").model_copy(update={"traceparent": traceparent}),
        ingested("untraced", "Other words."),
    )
    mill.run()
    found = scrape(exporter, OPENMETRICS)
    exemplars = [
        sample
        for sample in found.families["fanmill_end_to_end_seconds"].samples
        if sample.exemplar is not None
    ]
    (sample,) = exemplars
    assert sample.exemplar.labels == {"trace_id": trace}
    assert 0 <= sample.exemplar.value <= float(sample.labels["le"])
    now = redis_stores.redis.time()[0]
    assert float(sample.exemplar.timestamp) == pytest.approx(now, abs=60)
    assert scrape(exporter).value("fanmill_end_to_end_seconds_count") == 2
