"""Intake brings back what got lost, and gives up what ends too often."""

import pytest

from builders import POLICY, Mill, ingested
from intake_builders import numbered, silence


def test_a_lost_message_is_sent_again_each_entry_alone(mill: Mill) -> None:
    ids = mill.publish(*numbered(3))
    mill.poll()
    mill.dispatcher.lose_all()
    mill.dispatcher.sent.clear()
    silence(mill)
    assert [(stage, batch.entries, batch.delivery) for stage, batch in mill.dispatcher.sent] == [
        ("deduplicate", (entry_id,), 2) for entry_id in ids
    ]
    mill.run()
    assert sorted(event.id for event in mill.stores.processed()) == sorted(ids)
    assert mill.stores.rejections.count() == 0


def test_deliveries_are_counted_on(mill: Mill) -> None:
    mill.publish(*numbered(1))
    mill.poll()
    for _ in range(4):
        mill.dispatcher.lose_all()
        silence(mill)
    assert [batch.delivery for _, batch in mill.dispatcher.sent] == [1, 2, 3, 4, 5]
    # No worker ever set out on it: it waits as long as it takes.
    assert mill.stores.rejections.count() == 0


def test_only_the_stages_that_lack_are_sent_again(mill: Mill) -> None:
    (entry_id,) = mill.publish(*numbered(1))
    mill.poll()
    mill.work(("deduplicate",))
    mill.work(("summarize",))
    mill.dispatcher.lose_all()
    mill.dispatcher.sent.clear()
    silence(mill)
    assert [(stage, batch.entries) for stage, batch in mill.dispatcher.sent] == [
        ("tag", (entry_id,))
    ]
    mill.run()
    assert [event.id for event in mill.stores.processed()] == [entry_id]


def test_both_later_stages_are_sent_at_once_where_both_lack(mill: Mill) -> None:
    (entry_id,) = mill.publish(*numbered(1))
    mill.poll()
    mill.work(("deduplicate",))
    mill.dispatcher.lose_all()
    mill.dispatcher.sent.clear()
    silence(mill)
    assert [(stage, batch.entries, batch.delivery) for stage, batch in mill.dispatcher.sent] == [
        ("summarize", (entry_id,), 2),
        ("tag", (entry_id,), 2),
    ]
    mill.run()
    assert [event.id for event in mill.stores.processed()] == [entry_id]


def test_a_message_that_only_waits_is_not_sent_again(mill: Mill) -> None:
    mill.publish(*numbered(3))
    mill.poll()
    for _ in range(3):
        silence(mill)
    assert len(mill.dispatcher.sent) == 1
    mill.run()
    assert len(mill.stores.processed()) == 3


def test_what_was_heard_of_lately_is_not_sent_again(mill: Mill) -> None:
    (entry_id,) = mill.publish(*numbered(1))
    mill.poll()
    mill.dispatcher.lose_all()
    mill.clock.advance(POLICY.redeliver_after_seconds - 1)
    mill.stores.ledger.start("deduplicate", [entry_id])
    mill.clock.advance(POLICY.redeliver_after_seconds - 1)
    mill.poll()
    assert len(mill.dispatcher.sent) == 1


def test_an_entry_that_an_intake_read_and_lost_is_read_again(mill: Mill) -> None:
    (entry_id,) = mill.publish(*numbered(1))
    mill.stores.ledger.read("an intake that dies here", 1, 0)
    silence(mill)
    assert [(stage, batch.entries, batch.delivery) for stage, batch in mill.dispatcher.sent] == [
        ("deduplicate", (entry_id,), 2)
    ]
    mill.run()
    assert [event.id for event in mill.stores.processed()] == [entry_id]


def test_a_malformed_entry_that_an_intake_lost_is_rejected_by_the_next(mill: Mill) -> None:
    mill.stores.add(b"{")
    mill.stores.ledger.read("an intake that dies here", 1, 0)
    silence(mill)
    (entry,) = mill.stores.rejections.entries()
    assert entry.event.data.reason == "malformed-event"
    assert mill.stores.waiting() == []


def test_what_ends_intakes_is_rejected_after_the_last_delivery(mill: Mill) -> None:
    mill.publish(*numbered(1))
    mill.stores.ledger.read("intake-0", 1, 0)
    for number in range(1, POLICY.max_deliveries):
        mill.clock.advance(POLICY.redeliver_after_seconds + 1)
        (overdue,) = mill.stores.ledger.overdue(POLICY.redeliver_after_seconds, 1)
        assert mill.stores.ledger.claim(f"intake-{number}", overdue.entry_id, 1) is not None
    silence(mill)
    (entry,) = mill.stores.rejections.entries()
    data = entry.event.data
    assert (data.reason, data.stage, data.attempts) == ("intake-failed", "intake", 3)
    assert data.error == "intake died while reading it in 3 of 3 attempts"
    assert mill.stores.waiting() == []


@pytest.mark.parametrize("cause", ["worker-lost", "time-limit"])
def test_a_document_that_ends_its_workers_is_rejected_and_its_neighbours_complete(
    mill: Mill, cause: str
) -> None:
    poison, *good = mill.publish(ingested("poison", "Poison."), *numbered(3))
    while mill.poll() or any(mill.dispatcher.queues.values()):
        mill.work(("deduplicate", "tag"))
        while (batch := mill.dispatcher.receive("summarize")) is not None:
            if poison in batch.entries:
                # The process sets out on the batch, dies, and its parent gives all of it back.
                mill.stores.ledger.start("summarize", batch.entries)
                mill.stores.ledger.release("summarize", batch.entries, cause)  # type: ignore[arg-type]
            else:
                mill.dispatcher.dispatch("summarize", batch)
                mill.work()
        mill.clock.advance(1.5)
    mill.clock.advance(1.5)
    mill.run()
    (entry,) = mill.stores.rejections.entries()
    data = entry.event.data
    assert (data.reason, data.stage, data.attempts) == (cause, "summarize", 3)
    assert (entry.event.id, data.document_id) == (poison, "poison")
    assert sorted(event.id for event in mill.stores.processed()) == sorted(good)
    assert mill.stores.waiting() == []
    assert mill.stores.works() == 0
    # Alone from the second delivery on.
    again = [batch for stage, batch in mill.dispatcher.sent if batch.delivery > 1]
    assert {len(batch.entries) for batch in again} == {1}


def test_what_was_given_up_is_no_longer_anybodys_original(mill: Mill) -> None:
    (poison,) = mill.publish(ingested("poison", "The same words."))
    mill.poll()
    mill.work(("deduplicate",))
    for _ in range(POLICY.max_deliveries):
        mill.stores.ledger.start("tag", [poison])
    mill.dispatcher.lose_all()
    silence(mill)
    assert mill.stores.rejections.count() == 1
    mill.publish(ingested("copy", "The same words."))
    mill.run()
    stored = mill.stores.records.get("copy")
    assert stored is not None
    assert stored.result is not None
    assert stored.result.deduplication.verdict == "unique"


def test_two_intakes_bring_an_overdue_entry_back_once(mill: Mill) -> None:
    mill.publish(*numbered(1))
    mill.poll()
    mill.dispatcher.lose_all()
    mill.dispatcher.sent.clear()
    other = mill.another_intake("intake-2")
    mill.clock.advance(POLICY.redeliver_after_seconds + 1)
    assert (mill.intake.reclaim(), other.reclaim()) == (1, 0)
    assert len(mill.dispatcher.sent) == 1
