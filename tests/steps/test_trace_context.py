"""The trace context of an event reaches its rejection and its log lines."""

from json import loads

import pytest

from builders import Mill, ingested
from fanmill.core.trace_context import trace_id, traced
from fanmill.intake.validation import validate
from fanmill.ports import Entry, Rejection
from fanmill.stores.rejection_event import rejection_objects

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        17,
        "",
        TRACE,
        TRACEPARENT.upper(),
        f"ff{TRACEPARENT[2:]}",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"{TRACEPARENT}\n",
        # Longer than a member of an event may be.
        f"{TRACEPARENT}-{'x' * 300}",
    ],
)
def test_an_invalid_context_names_no_trace(wrong: object) -> None:
    assert trace_id(wrong) is None
    assert traced(wrong) == {}


def test_every_outcome_of_a_stage_names_the_trace() -> None:
    mill = Mill()
    mill.publish(ingested("a", traceparent=TRACEPARENT), ingested("b", "x"))
    facts = {(each.document_id, each.facts.get("trace_id")) for each in mill.run()}
    assert facts == {("a", TRACE), ("b", None)}


def test_a_rejected_event_carries_the_context_of_its_event() -> None:
    body = b'{"specversion": "1.0", "id": 1, "traceparent": "%s"}' % TRACEPARENT.encode()
    rejection = validate(Entry("1-1", body, len(body)))
    assert isinstance(rejection, Rejection)
    assert loads(rejection_objects(rejection)[0])["traceparent"] == TRACEPARENT
    broken = validate(Entry("1-1", b'{"traceparent": "no"}', 21))
    assert isinstance(broken, Rejection)
    assert "traceparent" not in loads(rejection_objects(broken)[0])
