"""Contract of `fanmill.ports.Rejections`, in memory and on Redis."""

import pytest

from builders import (
    PLAIN,
    Mill,
    Stores,
    admission,
    completed,
    ingested,
    raw_body,
    rejected_with_originals,
)
from fanmill.core.record_members import RecordMembers
from fanmill.ports import (
    MAX_WHOLE_INVALID,
    ORIGINAL_BEGINNING_BYTES,
    NotReplayable,
    Rejection,
)
from fanmill.steps import Functions
from fanmill_contracts import encode


def rejected(stores: Stores, *bodies: bytes) -> list[str]:
    """Reject entries before any work; return their ids in the rejected stream."""
    known = {entry.id for entry in stores.rejections.entries()}
    for body in bodies:
        stores.add(body)
    entries = stores.ledger.read("reader", len(bodies), 0)
    stores.ledger.reject(
        [
            Rejection(entry.id, "malformed-event", "intake", f"number {number}")
            for number, entry in enumerate(entries)
        ]
    )
    return [entry.id for entry in stores.rejections.entries() if entry.id not in known]


def rejected_after_admission(stores: Stores, body: bytes) -> str:
    stores.add(body)
    (entry,) = stores.ledger.read("reader", 1, 0)
    stores.ledger.admit([admission(entry)])
    stores.ledger.start("tag", [entry.id])
    refusal = Rejection(entry.id, "stage-failed", "tag", "no", "doc-1", "event-1")
    assert stores.ledger.reject([refusal]) == [True]
    return [entry.id for entry in stores.rejections.entries()][-1]


def test_entries_come_oldest_first_over_pages(stores: Stores) -> None:
    ids = rejected(stores, *(b"%d" % number for number in range(250)))
    assert [entry.original for entry in stores.rejections.entries()] == [{}] * 250
    entries = rejected_with_originals(stores)
    assert [entry.id for entry in entries] == ids
    assert [entry.original["event"] for entry in entries] == [b"%d" % n for n in range(250)]
    assert stores.rejections.count() == 250


@pytest.mark.parametrize("limit", [0, 1, 99, 100, 101, 249, 250, 1000])
def test_no_more_entries_than_asked_for(stores: Stores, limit: int) -> None:
    ids = rejected(stores, *(b"%d" % number for number in range(250)))
    assert [entry.id for entry in stores.rejections.entries(limit=limit)] == ids[:limit]
    assert [entry.id for entry in stores.rejections.entries(ids[9], limit)] == (
        ids[10 : 10 + limit]
    )


def test_entries_from_behind_the_last_one_are_none(stores: Stores) -> None:
    ids = rejected(stores, b"1", b"2")
    assert list(stores.rejections.entries(after=ids[-1])) == []


def test_one_rejection_is_found_by_its_id(stores: Stores) -> None:
    ids = rejected(stores, b"first", b"second")
    entry = stores.rejections.get(ids[1])
    assert entry is not None
    assert (entry.id, entry.original, entry.event.data.error) == (
        ids[1],
        {"event": b"second"},
        "number 1",
    )


@pytest.mark.parametrize("wrong", ["1-1", "nonsense", "", "-", "+", "$"])
def test_what_is_no_id_of_a_rejection_finds_and_changes_nothing(stores: Stores, wrong: str) -> None:
    rejected(stores, b"1", b"2")
    assert stores.rejections.get(wrong) is None
    assert stores.rejections.replay(wrong) is None
    assert stores.rejections.drop(wrong) is False
    assert stores.rejections.count() == 2
    assert stores.waiting() == []


def test_the_first_half_of_an_id_is_no_id(stores: Stores) -> None:
    for entry_id in rejected(stores, b"1", b"2"):
        half = entry_id.partition("-")[0]
        assert stores.rejections.get(half) is None
        assert stores.rejections.replay(half) is None
        assert stores.rejections.drop(half) is False
    assert stores.rejections.count() == 2
    assert stores.waiting() == []


def test_a_dropped_rejection_is_gone_for_good(stores: Stores) -> None:
    ids = rejected(stores, b"1", b"2")
    assert stores.rejections.drop(ids[0]) is True
    assert stores.rejections.drop(ids[0]) is False
    assert stores.rejections.replay(ids[0]) is None
    assert [entry.id for entry in stores.rejections.entries()] == ids[1:]


@pytest.mark.parametrize(
    ("body", "name"),
    [(raw_body(), "event"), (bytes(range(256)), "event"), (b"", "event"), (b"x", "payload")],
)
def test_a_replay_puts_the_original_back_byte_for_byte(
    stores: Stores, body: bytes, name: str
) -> None:
    stores.add(body, name)
    (entry,) = stores.ledger.read("reader", 1, 0)
    stores.ledger.reject([Rejection(entry.id, "malformed-event", "intake", "no")])
    (rejection,) = stores.rejections.entries()
    entry_id = stores.rejections.replay(rejection.id)
    assert entry_id is not None
    assert stores.rejections.count() == 0
    assert stores.waiting() == [entry_id]
    (again,) = stores.ledger.read("reader", 1, 0)
    assert again.body == (body if name == "event" else None)
    stores.ledger.reject([Rejection(again.id, "malformed-event", "intake", "no")])
    assert [found.original for found in rejected_with_originals(stores)] == [{name: body}]


def test_of_many_invalid_events_the_beginning_is_kept(stores: Stores) -> None:
    large = b'{"x":"' + b"y" * 100_000
    (whole,) = rejected(stores, large)
    rejected(stores, *[b"{"] * (MAX_WHOLE_INVALID - 1))
    (cut,) = rejected(stores, large)
    (small,) = rejected(stores, b"[")
    kept = {each: stores.rejections.get(each) for each in (whole, cut, small)}
    sizes = {each: (entry.original_bytes, entry.cut_bytes) for each, entry in kept.items() if entry}
    assert sizes == {
        whole: (len(large), None),
        cut: (ORIGINAL_BEGINNING_BYTES, len(large)),
        small: (1, None),
    }
    with pytest.raises(NotReplayable, match="keeps only the beginning of an event of 100,006"):
        stores.rejections.replay(cut)
    assert stores.rejections.count_failed() == 0


def test_a_replay_has_an_effect_once(stores: Stores) -> None:
    (rejected_id,) = rejected(stores, raw_body())
    assert stores.rejections.replay(rejected_id) is not None
    assert stores.rejections.replay(rejected_id) is None
    assert len(stores.waiting()) == 1


def test_a_replayed_event_is_admitted_as_a_new_revision(stores: Stores) -> None:
    rejected_id = rejected_after_admission(stores, raw_body())
    entry_id = stores.rejections.replay(rejected_id)
    (entry,) = stores.ledger.read("reader", 10, 0)
    assert entry.id == entry_id
    assert stores.ledger.admit([admission(entry)]) == ["admitted"]
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert (stored.state, stored.rejection) == ("received", None)


def test_without_a_replay_the_rejected_event_is_a_repeated_one(stores: Stores) -> None:
    rejected_after_admission(stores, raw_body())
    stores.add(raw_body())
    (entry,) = stores.ledger.read("reader", 10, 0)
    assert stores.ledger.admit([admission(entry)]) == ["repeated"]


def test_replaying_a_repeat_that_was_rejected_leaves_the_record_of_the_event(
    stores: Stores,
) -> None:
    completed(stores, ingested("other"))
    rejected_id = rejected_after_admission(stores, raw_body())
    stores.rejections.replay(rejected_id)
    stored = stores.records.get("other")
    assert stored is not None
    assert stored.state == "complete"


def test_a_mended_release_processes_what_an_earlier_one_rejected(stores: Stores) -> None:
    event = ingested("doc-1", "This is refused by tag.")
    broken = Mill(stores)
    broken.publish(event)
    broken.run()
    (rejection,) = rejected_with_originals(stores)
    assert rejection.original["event"] == encode(event)
    entry_id = stores.rejections.replay(rejection.id)
    mended = Mill(
        stores, functions=Functions(PLAIN.fingerprint, PLAIN.summarize, lambda _: RecordMembers())
    )
    mended.run()
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert stored.result is not None
    assert (stored.state, stored.result.event.id) == ("complete", event.id)
    assert stored.result.deduplication.verdict == "unique"
    assert [event.id for event in stores.processed()] == [entry_id]
    assert stores.rejections.count() == 0
    assert stores.waiting() == []
