"""Entries that another program removes from the ledger: the memory twin and Redis alike."""

import pytest

from builders import (
    Mill,
    Stores,
    admission,
    completed,
    ingested,
    rejected_with_originals,
    stage_result,
    taken_in,
)
from fanmill.intake.lost_entry import lost_entry
from fanmill.ports import STAGES
from fanmill_contracts import encode

NEVER = 10_000.0
"""Seconds of idle time that no entry of these tests reaches."""


def end_lost(stores: Stores) -> list[str | None]:
    """Reject all entries that are known to be lost; return their documents."""
    ended = []
    for overdue in stores.ledger.overdue(NEVER, 100):
        assert overdue.lost
        rejection = lost_entry(overdue)
        assert stores.ledger.reject([rejection]) == [True]
        assert stores.ledger.reject([rejection]) == [False]
        ended.append(rejection.document_id)
    return ended


def test_an_entry_removed_in_flight_is_rejected_and_its_event_may_come_again(
    stores: Stores,
) -> None:
    event = ingested("doc-1", event_id="event-1")
    (entry_id,) = taken_in(stores, event)
    stores.lose(entry_id)
    assert stores.ledger.start("tag", [entry_id]) == []
    assert end_lost(stores) == ["doc-1"]
    assert (stores.works(), stores.ledger.in_flight(), stores.ledger.overdue(0, 10)) == (0, 0, [])
    (rejected,) = rejected_with_originals(stores)
    data = rejected.event.data
    assert (data.reason, data.stage, data.attempts) == ("entry-lost", "intake", 1)
    assert (data.document_id, data.event_id, data.source) == ("doc-1", "event-1", "/tests")
    assert not data.unverified
    assert rejected.original == {}
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert (stored.state, stored.rejection) == ("rejected", rejected.id)
    completed(stores, event)
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert (stored.state, stored.revisions) == ("complete", 2)


def test_an_entry_that_completes_while_it_is_lost_is_a_record(stores: Stores) -> None:
    (entry_id,) = taken_in(stores, ingested("doc-1"))
    stores.ledger.start("deduplicate", [entry_id])
    stores.lose(entry_id)
    assert stores.ledger.start("tag", [entry_id]) == []
    (overdue,) = stores.ledger.overdue(NEVER, 10)
    for stage in STAGES:
        (answer,) = stores.ledger.commit(stage, [stage_result(stage, entry_id)])
    assert answer == "completed"
    assert stores.ledger.reject([lost_entry(overdue)]) == [False]
    assert stores.rejections.count() == 0
    assert stores.ledger.overdue(NEVER, 10) == []
    assert stores.works() == 0


def test_a_result_for_an_entry_that_was_rejected_as_lost_changes_nothing(stores: Stores) -> None:
    (entry_id,) = taken_in(stores, ingested("doc-1"))
    stores.ledger.start("deduplicate", [entry_id])
    stores.lose(entry_id)
    stores.ledger.find_lost()
    assert end_lost(stores) == ["doc-1"]
    result = stage_result("deduplicate", entry_id, closes=True)
    assert stores.ledger.commit("deduplicate", [result]) == ["gone"]
    assert stores.processed() == []


def test_a_lost_entry_is_found_without_a_message_about_it(stores: Stores) -> None:
    kept, lost = taken_in(stores, ingested("kept"), ingested("lost"))
    stores.lose(lost)
    assert stores.ledger.claim("intake", lost, 0) is None
    assert end_lost(stores) == ["lost"]
    assert [overdue.entry_id for overdue in stores.ledger.overdue(0, 10)] == [kept]


def test_an_entry_lost_before_its_admission_has_an_end_with_its_ids(stores: Stores) -> None:
    stores.add(encode(ingested("doc-1")))
    (entry,) = stores.ledger.read("intake", 1, 0)
    stores.lose(entry.id)
    assert stores.ledger.admit([admission(entry)]) == ["gone"]
    assert end_lost(stores) == ["doc-1"]
    assert (stores.works(), stores.ledger.in_flight()) == (0, 0)


def test_an_entry_lost_by_an_intake_that_died_has_an_end_without_ids(stores: Stores) -> None:
    stores.add(encode(ingested("doc-1")))
    (entry,) = stores.ledger.read("dead", 1, 0)
    stores.lose(entry.id)
    assert stores.ledger.claim("intake", entry.id, 0) is None
    assert end_lost(stores) == [None]
    assert (stores.works(), stores.ledger.in_flight()) == (0, 0)


def test_the_event_of_a_lost_entry_is_not_repeated_before_the_loss_is_known(
    stores: Stores,
) -> None:
    event = ingested("doc-1", event_id="event-1")
    (first,) = taken_in(stores, event)
    stores.lose(first)
    stores.add(encode(event))
    (entry,) = stores.ledger.read("intake", 10, 0)
    assert stores.ledger.admit([admission(entry)]) == ["admitted"]
    assert end_lost(stores) == ["doc-1"]
    # The rejection of the first leaves the id with the second.
    stores.add(encode(event))
    (third,) = stores.ledger.read("intake", 10, 0)
    assert stores.ledger.admit([admission(third)]) == ["repeated"]


def test_entries_lost_unread_are_counted(stores: Stores) -> None:
    assert stores.ledger.lost_unread() == 0
    ids = [stores.add(encode(ingested(f"doc-{number}"))) for number in range(10)]
    for entry_id in ids[:3]:
        stores.lose(entry_id)
    assert stores.ledger.lost_unread() == 3
    entries = stores.ledger.read("intake", 4, 0)
    assert [entry.id for entry in entries] == ids[3:7]
    assert stores.ledger.lost_unread() == 3
    stores.ledger.admit([admission(entry) for entry in entries])
    for entry in entries:
        result = stage_result("deduplicate", entry.id, closes=True)
        stores.ledger.commit("deduplicate", [result])
    stores.lose(ids[8])
    assert stores.ledger.lost_unread() == 4


def test_an_entry_at_work_again_after_an_uncounted_attempt_is_not_released(
    stores: Stores,
) -> None:
    (entry_id,) = taken_in(stores, ingested())
    stores.ledger.start("tag", [entry_id])
    stores.ledger.uncount_attempt("tag", [entry_id])
    stores.ledger.release("tag", [entry_id], "worker-lost")
    assert len(stores.ledger.start("tag", [entry_id])) == 1
    assert stores.ledger.overdue(NEVER, 10) == []
    (overdue,) = stores.ledger.overdue(0, 10)
    assert (overdue.released, overdue.causes) == ((), {})
    assert overdue.attempts["tag"] == 1


@pytest.mark.parametrize("number", [1, 40])
def test_intake_ends_what_others_remove(stores: Stores, number: int) -> None:
    mill = Mill(stores)
    ids = mill.publish(*(ingested(f"doc-{n}", f"Text {n}.") for n in range(number)))
    mill.poll()
    for entry_id in ids[::2]:
        stores.lose(entry_id)
    mill.clock.advance(60)
    mill.run()
    mill.clock.advance(60)
    mill.run()
    assert stores.works() == 0
    assert stores.waiting() == []
    rejections = stores.rejections.count()
    assert {entry.event.data.reason for entry in stores.rejections.entries()} == {"entry-lost"}
    assert len(stores.processed()) + rejections + stores.ledger.lost_unread() == number
