"""Every number of the exporter against what Redis holds: bursts, poison, kill -9, replays."""

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from fanmill.metrics_process import source_of
from fanmill.ops.metrics.catalogue import CATALOGUE
from fanmill.ops.metrics.exporter import Exporter
from fanmill.ports import STAGES
from fanmill.settings import Settings
from fanmill.stores.keys import GROUP
from fanmill.stores.redis import RedisRejections
from fanmill_contracts import DocumentProcessed, DocumentRejected, decode
from ops.metrics.scrapes import OPENMETRICS, Scrape, scrape
from polling import until

from .console_numbers import check_console
from .mill import Mill
from .plan import NAMESPACE, SWIFT, event_of

BURST = 120
BURSTS = 4
POISON = {"[[raise in summarize]]": 5, "[[die in tag]]": 2}
COPIES = 40
SCRAPED_EVERY = 20
"""Completed documents from scrape to scrape: each asks the server for all that it holds."""
REPEATS = 60
MALFORMED = 7

COUNTERS = [metric.full_name for metric in CATALOGUE if metric.kind == "counter"]


def exporter_of(mill: Mill) -> Exporter:
    settings = Settings(redis_url=mill.url, namespace=NAMESPACE)
    return Exporter(source_of(settings), clock=iter(range(0, 10**9, 100)).__next__)


def decoded(mill: Mill, stream: str) -> list[Any]:
    entries: Any = mill.redis.xrange(stream)
    return [decode(fields[b"event"]) for _, fields in entries]


def check_against_redis(mill: Mill, found: Scrape) -> None:
    """Compare every number of a scrape of a service at rest with the server's own contents."""
    redis, keys = mill.redis, mill.keys
    processed: list[DocumentProcessed] = decoded(mill, keys.processed)
    rejected: list[DocumentRejected] = decoded(mill, keys.rejected)
    stream: Any = redis.xinfo_stream(keys.ingested)
    (group,) = (
        each for each in redis.xinfo_groups(keys.ingested) if each["name"] == GROUP.encode()
    )
    memory: Any = redis.info("memory")
    verdicts = Counter(event.data.deduplication.verdict for event in processed)

    assert found.value("fanmill_up") == 1
    assert found.value("fanmill_received_events_total") == stream["entries-added"]
    assert found.value("fanmill_waiting_events") == stream["length"] - group["pending"] == 0
    assert found.value("fanmill_in_flight_events") == group["pending"] == 0
    assert found.value("fanmill_oldest_unfinished_seconds") == 0
    assert found.value("fanmill_oldest_waiting_seconds") == 0
    assert found.value("fanmill_backlog_drain_seconds") == 0
    assert found.value("fanmill_lost_unread_events") == 0
    assert found.value("fanmill_completed_documents_total") == len(processed)
    assert found.value("fanmill_end_to_end_seconds_count") == len(processed)
    assert found.value("fanmill_end_to_end_seconds_bucket", le="+Inf") == len(processed)
    assert found.value("fanmill_records") == redis.zcard(keys.results)
    assert found.value("fanmill_open_rejections") == len(rejected)
    by_stages = sum(event.data.stage != "intake" for event in rejected)
    assert found.value("fanmill_open_stage_rejections") == by_stages
    assert found.by("fanmill_stream_events", "stream") == {
        "ingested": stream["length"],
        "processed": len(processed),
        "rejected": len(rejected),
    }
    assert found.by("fanmill_queue_messages", "stage") == dict.fromkeys(STAGES, 0)
    assert found.value("fanmill_redis_memory_used_bytes") == pytest.approx(
        memory["used_memory"], rel=0.2
    )
    # A document that a stage rejected has a verdict, too; each of those was unique.
    judged = found.by("fanmill_verdicts_total", "verdict")
    assert judged["exact"] == verdicts["exact"]
    assert judged["near"] == verdicts["near"]
    assert judged["unique"] >= verdicts["unique"]
    results = found.by("fanmill_stage_results_total", "stage")
    assert results["deduplicate"] == sum(judged.values())
    for stage in STAGES:
        assert found.value("fanmill_stage_seconds_count", stage=stage) == results[stage]
    outcomes = found.by("fanmill_intake_events_total", "outcome")
    assert stream["entries-added"] == sum(outcomes.values())


@pytest.mark.mill(app="poison_app", workers=2, **SWIFT)
@pytest.mark.timeout(300)
def test_each_number_of_a_scrape_is_what_redis_holds(mill: Mill) -> None:
    exporter = exporter_of(mill)
    scrapes: list[Scrape] = []

    def reached(wanted: int) -> bool:
        completed = mill.completed()
        if completed >= len(scrapes) * SCRAPED_EVERY:
            scrapes.append(scrape(exporter))
        return completed >= wanted

    for burst in range(BURSTS):
        mill.publish(event_of(BURST * burst + each) for each in range(BURST))
        if burst == 1:
            until(lambda: reached(BURST + 1), 120, "the second burst is in work")
            mill.kill(mill.worker)
            mill.start_again(mill.worker)
    number = BURST * BURSTS
    for mark, times in POISON.items():
        mill.publish(event_of(number + each, mark=mark) for each in range(times))
        number += times
    text = event_of(1).data.text
    mill.publish(event_of(number + each, text=text) for each in range(COPIES))
    mill.publish(event_of(each) for each in range(REPEATS))
    for each in range(MALFORMED):
        mill.publish_body(b"{%d" % each)
    poisoned = sum(POISON.values())
    completed = BURST * BURSTS + COPIES
    until(lambda: reached(completed), 200, lambda: f"{mill.completed()} of {completed} completed")
    mill.settle(120)
    assert len(scrapes) > BURSTS
    scrapes.append(found := scrape(exporter))
    check_against_redis(mill, found)
    assert found.value("fanmill_completed_documents_total") == completed
    assert found.by("fanmill_intake_events_total", "outcome") == {
        "admitted": completed + poisoned,
        "repeated": REPEATS,
        "refused": MALFORMED,
    }
    reasons = found.by("fanmill_rejected_events_total", "reason")
    assert reasons["stage-failed"] == POISON["[[raise in summarize]]"]
    assert reasons["malformed-event"] == MALFORMED
    # On a busy machine the time limit may come before the news of a dead process.
    assert reasons["worker-lost"] + reasons["time-limit"] == POISON["[[die in tag]]"]
    assert found.value("fanmill_redelivered_events_total") >= 2 * 2

    rejections = RedisRejections(mill.redis, mill.keys)
    malformed = [each.id for each in rejections.entries() if each.event.data.stage == "intake"]
    assert rejections.replay(malformed[0])
    assert rejections.drop(malformed[1])
    mill.settle(60)
    scrapes.append(again := scrape(exporter, OPENMETRICS))
    check_against_redis(mill, again)
    assert again.value("fanmill_replayed_rejections_total") == 1
    assert again.value("fanmill_dropped_rejections_total") == 1
    assert again.value("fanmill_open_rejections") == poisoned + MALFORMED - 1
    check_console(mill)
    for earlier, later in pairwise(scrapes):
        for key, value in earlier.values.items():
            if key[0] in COUNTERS or key[0].endswith(("_bucket", "_count", "_sum")):
                assert later.values[key] >= value, key
