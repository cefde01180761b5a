"""A single trace from the producer to the processed event: names, parents, outcomes, retries."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from opentelemetry.trace import SpanKind, StatusCode
from redis import Redis

from builders import Mill, ingested
from celery_apps import app_of
from fanmill.ops.backlog import remove_in_flight, remove_waiting
from fanmill.ports import STAGES
from fanmill.shell.continuing import Continuing
from fanmill.shell.queues import TASKS
from fanmill.shell.tasks import register
from fanmill.stores.keys import Keys

from .spans import PRODUCER, TRACE, TRACEPARENT, Spans, facts, parent_of, trace_of

WHOLE = {
    "?": ["intake"],
    "intake": ["deduplicate", "summarize", "tag"],
    "deduplicate": ["commit"],
    "summarize": ["commit"],
    "tag": ["commit"],
}
"""Spans of a document by their parent, for a producer that sends a context of its own."""

TEXT = "Forty people and a goat crossed by the ferry of eight."


def test_all_spans_of_a_document_are_in_the_trace_of_its_producer(mill: Mill, spans: Spans) -> None:
    mill.publish(ingested("a", TEXT, traceparent=TRACEPARENT))
    mill.run()
    assert spans.tree("a") == WHOLE
    assert {trace_of(span) for span in spans.of("a")} == {TRACE}
    assert parent_of(spans.one("a", "intake")) == PRODUCER
    (processed,) = mill.stores.processed()
    assert processed.traceparent == TRACEPARENT


def test_each_document_of_a_batch_stays_in_its_own_trace(mill: Mill, spans: Spans) -> None:
    traces = {f"doc-{number}": f"{number:032x}" for number in range(1, 5)}
    mill.publish(
        *(
            ingested(name, f"{name} {TEXT}", traceparent=f"00-{trace}-{PRODUCER}-01")
            for name, trace in traces.items()
        )
    )
    mill.run()
    for name, trace in traces.items():
        assert spans.tree(name) == WHOLE
        assert {trace_of(span) for span in spans.of(name)} == {trace}
    (batches,) = {
        facts(spans.one(name, "deduplicate"))["fanmill.batch.documents"] for name in traces
    }
    assert batches == 4


def test_a_span_names_document_entry_source_stage_attempt_verdict_and_outcome(
    mill: Mill, spans: Spans, keys: Keys
) -> None:
    (entry,) = mill.publish(ingested("a", TEXT, traceparent=TRACEPARENT, event_id="event-a"))
    mill.run()
    found = facts(spans.one("a", "deduplicate"))
    batch = found.pop("fanmill.batch.id")
    assert found == {
        "fanmill.document.id": "a",
        "fanmill.entry.id": entry,
        "fanmill.source": "/tests",
        "fanmill.stage": "deduplicate",
        "fanmill.attempt": 1,
        "fanmill.delivery": 1,
        "fanmill.verdict": "unique",
        "fanmill.outcome": "stored",
        "fanmill.batch.documents": 1,
        "messaging.system": "redis",
        "messaging.destination.name": keys.ingested,
        "messaging.operation.name": "deduplicate",
        "messaging.operation.type": "process",
        "messaging.message.id": "event-a",
    }
    assert batch == facts(spans.one("a", "tag"))["fanmill.batch.id"]
    assert spans.one("a", "intake").kind is spans.one("a", "tag").kind is SpanKind.CONSUMER
    assert {facts(span)["fanmill.outcome"] for span in spans.of("a", "commit")} == {
        "stored",
        "completed",
    }


def test_no_span_holds_any_part_of_a_text(mill: Mill, spans: Spans) -> None:
    mill.publish(
        ingested("a", TEXT, title="Goats", traceparent=TRACEPARENT),
        ingested("b", f"{TEXT} refused by tag", traceparent=TRACEPARENT),
    )
    mill.run()
    written = " ".join(span.to_json() for span in spans.all())
    assert "refused" not in written
    assert "goat" not in written.lower()


@pytest.mark.parametrize("stage", STAGES)
def test_a_rejected_document_has_an_error_and_its_neighbour_has_none(
    mill: Mill, spans: Spans, stage: str
) -> None:
    mill.publish(
        ingested("bad", f"refused by {stage}", traceparent=TRACEPARENT), ingested("good", TEXT)
    )
    mill.run()
    span = spans.one("bad", stage)
    assert span.status.status_code is StatusCode.ERROR
    assert facts(span)["error.type"] == span.status.description == "stage-failed"
    assert facts(span)["fanmill.outcome"] == "rejected"
    assert all(each.status.status_code is StatusCode.UNSET for each in spans.of("good"))


def test_an_invalid_event_has_a_span_with_its_reason(mill: Mill, spans: Spans) -> None:
    body = b'{"specversion": "1.0", "id": 1, "subject": "a", "traceparent": "%s"}'
    mill.stores.add(body % TRACEPARENT.encode())
    mill.run()
    span = spans.one("a", "intake")
    assert (trace_of(span), parent_of(span)) == (TRACE, PRODUCER)
    assert facts(span)["error.type"] == "malformed-event"


def test_an_event_without_a_context_gets_a_trace_that_its_ends_name(
    mill: Mill, spans: Spans
) -> None:
    mill.publish(ingested("a", TEXT), ingested("b", "refused by tag"))
    outcomes = mill.run()
    tree = spans.tree("a")
    assert tree.pop("") == ["intake"]
    assert tree == {name: children for name, children in WHOLE.items() if name != "?"}
    (trace,) = {trace_of(span) for span in spans.of("a")}
    (processed,) = mill.stores.processed()
    assert (processed.traceparent or "").split("-")[1] == trace
    assert {each.facts["trace_id"] for each in outcomes if each.document_id == "a"} == {trace}
    (rejected,) = mill.stores.rejections.entries()
    assert (rejected.event.traceparent or "").split("-")[1] == trace_of(spans.one("b", "tag"))


def test_a_producer_that_does_not_sample_gets_no_span(mill: Mill, spans: Spans) -> None:
    unsampled = f"{TRACEPARENT[:-2]}00"
    mill.publish(ingested("a", TEXT, traceparent=unsampled), ingested("b", f"b {TEXT}"))
    outcomes = mill.run()
    assert spans.of("a") == []
    assert len(spans.of("b")) == 7
    assert {event.subject: event.traceparent for event in mill.stores.processed()}["a"] == unsampled
    assert {each.facts["trace_id"] for each in outcomes if each.document_id == "a"} == {TRACE}


def test_a_process_that_goes_on_with_its_batch_makes_the_same_spans(
    mill: Mill, spans: Spans
) -> None:
    mill.services = replace(mill.services, continues=frozenset(("summarize", "tag")))
    app = app_of()
    register(app, lambda: mill.services, Continuing(30, ("summarize", "tag")))
    mill.publish(
        ingested("a", TEXT, traceparent=TRACEPARENT),
        ingested("b", f"b {TEXT}"),
        ingested("c", TEXT),
    )
    mill.poll()
    batch = mill.dispatcher.receive("deduplicate")
    assert batch is not None
    app.tasks[TASKS["deduplicate"]](batch.id, list(batch.entries), batch.delivery)
    assert spans.tree("a") == WHOLE
    # A duplicate is complete after the first stage.
    assert [span.name for span in spans.of("c")] == ["intake", "commit", "deduplicate"]
    assert facts(spans.one("c", "deduplicate"))["fanmill.verdict"] == "exact"


def lose_worker(mill: Mill, entry: str) -> None:
    """Start a stage as a worker that dies, and let intake look at it again."""
    batch = mill.dispatcher.receive("deduplicate")
    assert batch is not None
    mill.stores.ledger.start("deduplicate", batch.entries)
    assert mill.stores.ledger.release("deduplicate", [entry], "worker-lost") == 1
    assert mill.intake.reclaim() == 1


def test_a_retry_shows_as_a_redelivery_and_a_second_attempt(mill: Mill, spans: Spans) -> None:
    (entry,) = mill.publish(ingested("a", TEXT, traceparent=TRACEPARENT))
    mill.poll()
    lose_worker(mill, entry)
    mill.run()
    assert spans.tree("a") == {
        **WHOLE,
        "intake": ["deduplicate", "redeliver", *WHOLE["intake"][1:]],
    }
    redelivery = facts(spans.one("a", "redeliver"))
    assert (redelivery["fanmill.cause"], redelivery["fanmill.delivery"]) == ("worker-lost", 2)
    retried = facts(spans.one("a", "deduplicate"))
    assert (retried["fanmill.attempt"], retried["fanmill.delivery"]) == (2, 2)


def test_a_document_that_intake_gives_up_ends_with_an_error(mill: Mill, spans: Spans) -> None:
    (entry,) = mill.publish(ingested("a", TEXT, traceparent=TRACEPARENT))
    mill.poll()
    for _ in range(3):
        lose_worker(mill, entry)
    span = spans.one("a", "reject")
    assert facts(span)["error.type"] == "worker-lost"
    assert facts(span)["fanmill.attempt"] == 3
    assert trace_of(span) == TRACE
    assert len(spans.of("a", "redeliver")) == 2


def test_a_replayed_event_stays_in_its_trace(mill: Mill, spans: Spans) -> None:
    mill.publish(ingested("a", "refused by tag", traceparent=TRACEPARENT))
    mill.run()
    (rejected,) = mill.stores.rejections.entries()
    mill.stores.rejections.replay(rejected.id)
    mill.run()
    assert len(spans.of("a", "intake")) == len(spans.of("a", "tag")) == 2
    assert {trace_of(span) for span in spans.of("a")} == {TRACE}
    (again,) = mill.stores.rejections.entries()
    assert again.event.traceparent == TRACEPARENT


def test_rejections_of_lost_and_removed_entries_name_the_trace(
    mill: Mill, spans: Spans, redis: Redis, keys: Keys
) -> None:
    lost, removed = mill.publish(
        ingested("lost", TEXT, traceparent=TRACEPARENT),
        ingested("removed", TEXT, traceparent=TRACEPARENT),
    )
    mill.poll()
    (waiting,) = mill.publish(ingested("waiting", TEXT, traceparent=TRACEPARENT))
    mill.stores.lose(lost)
    assert mill.stores.ledger.find_lost() == 1
    assert mill.intake.reclaim() == 1
    assert [each.entry_id for each in remove_in_flight(redis, keys, [removed], "no")] == [removed]
    assert remove_waiting(redis, keys, [waiting], "no") == [waiting]
    found = {
        each.event.data.document_id: (each.event.data.reason, each.event.traceparent)
        for each in mill.stores.rejections.entries()
    }
    assert found == {
        "lost": ("entry-lost", TRACEPARENT),
        "removed": ("removed", TRACEPARENT),
        "waiting": ("removed", TRACEPARENT),
    }
    assert facts(spans.one("lost", "reject"))["error.type"] == "entry-lost"


def test_a_failing_server_shows_and_counts_no_attempt(
    new_mill: Callable[..., Mill], spans: Spans
) -> None:
    mill = new_mill()
    (entry,) = mill.publish(ingested("a", TEXT, traceparent=TRACEPARENT))
    mill.poll()
    commit, mill.stores.ledger.commit = mill.stores.ledger.commit, failing
    with pytest.raises(ConnectionError):
        mill.work(("deduplicate",))
    mill.stores.ledger.commit = commit
    span = spans.one("a", "deduplicate")
    assert (facts(span)["error.type"], facts(span)["fanmill.attempt"]) == ("server-failed", 1)
    mill.stores.ledger.release("deduplicate", [entry], "worker-lost")
    mill.intake.reclaim()
    mill.run()
    assert [facts(each)["fanmill.attempt"] for each in spans.of("a", "deduplicate")] == [1, 1]


def failing(*_: object) -> list[str]:
    """Fail as a server that goes away."""
    raise ConnectionError
