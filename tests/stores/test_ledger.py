"""Reading and admitting, as `fanmill.ports.Ledger` promises, in memory and on Redis."""

import pytest

from builders import (
    Stores,
    admission,
    completed,
    ingested,
    raw_body,
    stage_result,
    taken_in,
    written,
)
from fanmill.ports import Entry
from fanmill_contracts import encode
from ledger_builders import read_one, refusal


def test_opening_again_changes_nothing(stores: Stores) -> None:
    entry = read_one(stores, raw_body())
    stores.ledger.open()
    assert stores.ledger.read("reader", 10, 0) == []
    assert stores.ledger.in_flight() == 1
    assert stores.waiting() == [entry.id]


def test_entries_are_read_once_oldest_first_and_no_more_than_asked_for(stores: Stores) -> None:
    ids = [stores.add(b"%d" % number) for number in range(5)]
    first = stores.ledger.read("a", 2, 0)
    second = stores.ledger.read("b", 10, 0)
    assert [entry.id for entry in first + second] == ids
    assert [entry.body for entry in first + second] == [b"0", b"1", b"2", b"3", b"4"]
    assert stores.ledger.read("a", 10, 0) == []


def test_reading_an_empty_ledger_without_waiting_returns_at_once(stores: Stores) -> None:
    assert stores.ledger.read("a", 10, 0) == []
    assert stores.ledger.in_flight() == 0


def test_a_read_that_may_wait_returns_what_is_there(stores: Stores) -> None:
    ids = [stores.add(b"x"), stores.add(b"y")]
    # Far below the tests' own time limit: it does not wait for ten.
    assert [entry.id for entry in stores.ledger.read("a", 10, 60.0)] == ids


def test_a_read_that_waits_in_vain_is_empty(stores: Stores) -> None:
    assert stores.ledger.read("a", 10, 0.01) == []


def test_an_entry_without_the_field_has_no_body(stores: Stores) -> None:
    entry_id = stores.add(b"x", "payload")
    assert stores.ledger.read("a", 1, 0) == [Entry(entry_id, None, 0)]


def test_in_flight_counts_from_read_to_completion(stores: Stores) -> None:
    for number in range(3):
        stores.add(encode(ingested(f"doc-{number}")))
    assert stores.ledger.in_flight() == 0
    entries = stores.ledger.read("a", 2, 0)
    assert stores.ledger.in_flight() == 2
    stores.ledger.admit([admission(entry) for entry in entries])
    assert stores.ledger.in_flight() == 2
    stores.ledger.commit(
        "deduplicate", [stage_result("deduplicate", entries[0].id, "doc-0", closes=True)]
    )
    assert stores.ledger.in_flight() == 1
    stores.ledger.reject([refusal(entries[1].id, document_id="doc-1")])
    assert stores.ledger.in_flight() == 0
    assert len(stores.waiting()) == 1


def test_a_consumer_that_leaves_takes_nothing_with_it(stores: Stores) -> None:
    held = read_one(stores, raw_body(id="held"), "leaver")
    stores.ledger.deregister("leaver")
    stores.ledger.deregister("nobody of this name")
    assert stores.ledger.in_flight() == 1
    assert [overdue.entry_id for overdue in stores.ledger.overdue(0, 10)] == [held.id]
    stores.ledger.admit([admission(held)])
    stores.ledger.deregister("leaver")
    assert stores.ledger.in_flight() == 1
    assert stores.ledger.start("tag", [held.id])[0].entry_id == held.id


def test_a_new_event_is_admitted_and_its_document_received(stores: Stores) -> None:
    entry = read_one(stores, raw_body())
    assert stores.ledger.admit([admission(entry)]) == ["admitted"]
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert (stored.state, stored.revisions, stored.result) == ("received", 1, None)
    assert stores.works() == 1


def test_an_entry_admitted_before_is_known_and_not_counted_again(stores: Stores) -> None:
    entry = read_one(stores, raw_body())
    stores.ledger.admit([admission(entry)])
    assert stores.ledger.admit([admission(entry)]) == ["known"]
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert stored.revisions == 1
    assert stores.works() == 1


def test_the_same_event_in_another_entry_is_repeated_and_removed(stores: Stores) -> None:
    first = read_one(stores, raw_body())
    stores.ledger.admit([admission(first)])
    second = read_one(stores, raw_body())
    assert stores.ledger.admit([admission(second)]) == ["repeated"]
    assert stores.waiting() == [first.id]
    assert stores.ledger.in_flight() == 1
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert stored.revisions == 1


def test_the_same_event_is_repeated_after_its_completion_too(stores: Stores) -> None:
    event = ingested(event_id="event-1")
    completed(stores, event)
    again = read_one(stores, encode(event))
    assert stores.ledger.admit([admission(again)]) == ["repeated"]
    assert stores.waiting() == []
    assert stores.ledger.in_flight() == 0
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert (stored.state, stored.revisions) == ("complete", 1)


def test_two_copies_of_an_event_in_one_call_count_once(stores: Stores) -> None:
    stores.add(raw_body())
    stores.add(raw_body())
    entries = stores.ledger.read("a", 2, 0)
    assert stores.ledger.admit([admission(entry) for entry in entries]) == ["admitted", "repeated"]
    assert stores.waiting() == [entries[0].id]


def test_events_of_one_id_from_two_sources_are_two_events(stores: Stores) -> None:
    stores.add(raw_body(id="bc", source="a"))
    stores.add(raw_body(id="c", source="ab"))
    stores.add(raw_body(id="bc", source="ab"))
    entries = stores.ledger.read("a", 3, 0)
    assert stores.ledger.admit([admission(entry) for entry in entries]) == ["admitted"] * 3


@pytest.mark.parametrize("end", ["completed", "rejected", "repeated"])
def test_an_entry_that_has_ended_is_gone(stores: Stores, end: str) -> None:
    entry = read_one(stores, raw_body())
    stores.ledger.admit([admission(entry)])
    if end == "completed":
        stores.ledger.commit("deduplicate", [stage_result("deduplicate", entry.id, closes=True)])
    elif end == "rejected":
        stores.ledger.reject([refusal(entry.id)])
    else:
        entry = read_one(stores, raw_body())
        stores.ledger.admit([admission(entry)])
    before = stores.records.get("doc-1")
    assert stores.ledger.admit([admission(entry)]) == ["gone"]
    assert stores.records.get("doc-1") == before


def test_answers_come_in_the_order_of_the_questions(stores: Stores) -> None:
    known, gone = taken_in(stores, ingested("known"), ingested("gone"))
    stores.ledger.reject([refusal(gone, document_id="gone")])
    fresh = read_one(stores, raw_body(id="fresh"))
    repeated = read_one(stores, raw_body(id="fresh"))
    questions = [
        admission(written(entry_id, raw_body(id=name)))
        for entry_id, name in [
            (gone, "x"),
            (fresh.id, "fresh"),
            (known, "y"),
            (repeated.id, "fresh"),
        ]
    ]
    assert stores.ledger.admit(questions) == ["gone", "admitted", "known", "repeated"]
    assert stores.ledger.admit([]) == []
