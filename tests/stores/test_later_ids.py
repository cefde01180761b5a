"""Entries whose ids are no times of this clock: the memory twin and Redis alike."""

import pytest

from builders import Mill, Stores, ingested, rejected_with_originals
from fanmill.core.entry_ids import day_of, is_entry_id, received_at, rfc3339
from fanmill.ports import Rejection
from fanmill_contracts import encode

LATER = ["1763000000000000-5", f"{2**53 + 1}-{2**64 - 1}", f"{2**64 - 1}-7"]
IDS = [*LATER, "1-1", "0-1"]


@pytest.mark.parametrize("entry_id", IDS)
def test_an_entry_of_any_id_becomes_a_record(stores: Stores, entry_id: str) -> None:
    stores.add_as(entry_id, encode(ingested("doc-1")))
    Mill(stores).run()
    (event,) = stores.processed()
    assert event.id == entry_id
    assert (event.data.received_at is None) == (entry_id in LATER)
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert stored.result == event.data


@pytest.mark.parametrize("entry_id", IDS)
@pytest.mark.parametrize("body", [b"{", encode(ingested("doc-1", "This is refused by tag."))])
def test_an_entry_of_any_id_becomes_a_rejection(stores: Stores, entry_id: str, body: bytes) -> None:
    stores.add_as(entry_id, body)
    Mill(stores).run()
    (entry,) = rejected_with_originals(stores)
    assert entry.event.id == entry_id
    assert (entry.event.data.received_at is None) == (entry_id in LATER)
    assert entry.original == {"event": body}
    assert stores.waiting() == []


@pytest.mark.parametrize("entry_id", IDS)
def test_an_entry_of_any_id_is_given_up(stores: Stores, entry_id: str) -> None:
    stores.add_as(entry_id, encode(ingested("doc-1")))
    mill = Mill(stores)
    mill.poll()
    for _ in range(3):
        mill.dispatcher.lose_all()
        stores.ledger.start("deduplicate", [entry_id])
        stores.ledger.release("deduplicate", [entry_id], "worker-lost")
        mill.clock.advance(2)
        mill.poll()
    (entry,) = rejected_with_originals(stores)
    data = entry.event.data
    assert (data.reason, data.attempts, data.document_id) == ("worker-lost", 3, "doc-1")
    assert (data.received_at is None) == (entry_id in LATER)


def test_the_newest_of_two_later_ids_is_the_newest(stores: Stores) -> None:
    # As doubles these ids would be equal.
    first, second = f"{2**64 - 2}-{2**64 - 2}", f"{2**64 - 2}-{2**64 - 1}"
    for entry_id, text in ((first, "First words."), (second, "Second, other text.")):
        stores.add_as(entry_id, encode(ingested("doc-1", text)))
    Mill(stores).run()
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert stored.result is not None
    assert (stored.state, stored.revisions, stored.result.revision) == ("complete", 2, 2)


def test_a_rejection_by_hand_needs_no_time(stores: Stores) -> None:
    stores.add_as(LATER[-1], b"x")
    (entry,) = stores.ledger.read("reader", 1, 0)
    rejection = Rejection(entry.id, "intake-failed", "intake", "no")
    assert stores.ledger.reject([rejection]) == [True]


def test_times_of_ids_are_clamped_or_absent() -> None:
    assert received_at("1763000000000000-0", 1_763_000_000_000) is None
    assert received_at("1763000000000-0", 1_763_000_000_000) == "2025-11-13T02:13:20.000Z"
    assert rfc3339(2**64) == "9999-12-31T23:59:59.999Z"
    assert day_of(f"{2**64 - 1}-0") == "9999-12-31"
    assert is_entry_id("1-1")
    wrong = (f"{2**64}-0", "1", "1-", "-1", "\u0661-\u0661", "1-1\n")
    assert not any(is_entry_id(text) for text in wrong)
