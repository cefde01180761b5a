"""Rejecting, reclaiming and releasing entries, in memory and on Redis."""

from time import time

import pytest

from builders import (
    Stores,
    admission,
    completed,
    ingested,
    raw_body,
    rejected_with_originals,
    stage_result,
    taken_in,
)
from fanmill.ports import STAGES, Rejection
from fanmill_contracts.terms import Stage
from ledger_builders import LONG, read_one, refusal
from polling import until


def test_a_rejection_carries_its_cause_and_the_original_bytes(stores: Stores) -> None:
    body = raw_body(data={"text": "水车 \u0001"})
    entry = read_one(stores, body)
    stores.ledger.admit([admission(entry)])
    stores.ledger.start("tag", [entry.id])
    stores.ledger.start("tag", [entry.id])
    assert stores.ledger.reject([refusal(entry.id, place="tag", error="ValueError: 'x'\n☠")]) == [
        True
    ]
    (rejected,) = rejected_with_originals(stores)
    data = rejected.event.data
    assert (data.reason, data.stage, data.error) == ("stage-failed", "tag", "ValueError: 'x'\n☠")
    assert (data.document_id, data.event_id, data.attempts) == ("doc-1", "event-1", 2)
    assert (rejected.event.id, rejected.event.subject) == (entry.id, "doc-1")
    assert data.received_at <= data.rejected_at == rejected.event.time
    assert rejected.original == {"event": body}
    assert stores.waiting() == []
    assert stores.works() == 0
    assert stores.ledger.in_flight() == 0
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert (stored.state, stored.rejection) == ("rejected", rejected.id)


def test_bytes_that_are_no_text_are_kept_as_they_came(stores: Stores) -> None:
    body = bytes(range(256))
    entry = read_one(stores, body)
    stores.ledger.reject([Rejection(entry.id, "malformed-event", "intake", "not JSON")])
    (rejected,) = rejected_with_originals(stores)
    assert rejected.original == {"event": body}
    assert (rejected.event.data.document_id, rejected.event.subject) == (None, None)


def test_an_entry_rejected_before_any_work_has_the_attempts_it_was_given(stores: Stores) -> None:
    entry = read_one(stores, b"{")
    stores.ledger.reject([Rejection(entry.id, "intake-failed", "intake", "died", attempts=3)])
    (rejected,) = rejected_with_originals(stores)
    assert rejected.event.data.attempts == 3


def test_rejecting_again_is_false_and_changes_nothing(stores: Stores) -> None:
    (entry_id,) = taken_in(stores, ingested())
    assert stores.ledger.reject([refusal(entry_id), refusal(entry_id)]) == [True, False]
    assert stores.ledger.reject([refusal(entry_id)]) == [False]
    assert stores.ledger.reject([refusal("1-1")]) == [False]
    assert stores.ledger.reject([]) == []
    assert stores.rejections.count() == 1


def test_a_rejection_after_completion_changes_nothing(stores: Stores) -> None:
    entry_id = completed(stores, ingested())
    before = stores.records.get("doc-1")
    assert stores.ledger.reject([refusal(entry_id)]) == [False]
    assert stores.records.get("doc-1") == before
    assert stores.rejections.count() == 0


@pytest.mark.parametrize("stage", STAGES)
def test_a_commit_after_a_rejection_changes_nothing(stores: Stores, stage: Stage) -> None:
    (entry_id,) = taken_in(stores, ingested())
    for other in STAGES:
        if other != stage:
            stores.ledger.commit(other, [stage_result(other, entry_id)])
    stores.ledger.reject([refusal(entry_id)])
    before = stores.records.get("doc-1")
    assert stores.ledger.commit(stage, [stage_result(stage, entry_id)]) == ["gone"]
    assert stores.records.get("doc-1") == before
    assert stores.processed() == []
    assert stores.works() == 0
    assert stores.rejections.count() == 1


def test_a_rejection_reads_even_when_its_only_attempt_was_uncounted(stores: Stores) -> None:
    (entry_id,) = taken_in(stores, ingested())
    stores.ledger.start("tag", [entry_id])
    stores.ledger.uncount_attempt("tag", [entry_id])
    assert stores.ledger.reject([refusal(entry_id)]) == [True]
    (rejected,) = rejected_with_originals(stores)
    assert rejected.event.data.attempts == 1
    assert stores.waiting() == []


@pytest.mark.parametrize(
    "error", ["x" * 5000, "\ud800 half a face", "\x00\x1b[31m", '"}, {"', "☠" * 5000]
)
def test_any_error_text_makes_a_rejection_that_reads(stores: Stores, error: str) -> None:
    (entry_id,) = taken_in(stores, ingested())
    assert stores.ledger.reject([refusal(entry_id, error=error)]) == [True]
    (rejected,) = rejected_with_originals(stores)
    assert 0 < len(rejected.event.data.error) <= 2000
    assert rejected.event.data.error[:2] == error[:2].replace("\ud800", "?")


def test_an_entry_that_was_heard_of_is_not_overdue(stores: Stores) -> None:
    read_one(stores, raw_body())
    assert stores.ledger.overdue(LONG, 10) == []


def test_an_entry_is_overdue_after_its_time_of_silence(stores: Stores) -> None:
    entry = read_one(stores, raw_body())
    (overdue,) = until(lambda: stores.ledger.overdue(0.03, 10))
    assert overdue.entry_id == entry.id
    assert overdue.idle_seconds >= 0.03
    assert (overdue.deliveries, overdue.admitted, overdue.released) == (1, False, ())
    assert overdue.missing == STAGES
    assert overdue.causes == {}


def test_overdue_tells_what_is_missing(stores: Stores) -> None:
    (entry_id,) = taken_in(stores, ingested())
    stores.ledger.commit("deduplicate", [stage_result("deduplicate", entry_id)])
    stores.ledger.commit("tag", [stage_result("tag", entry_id)])
    (overdue,) = stores.ledger.overdue(0, 10)
    assert overdue.admitted
    assert overdue.missing == ("summarize",)


def test_overdue_entries_come_oldest_first_and_no_more_than_asked_for(stores: Stores) -> None:
    ids = taken_in(stores, *(ingested(f"doc-{number}") for number in range(12)))
    assert [overdue.entry_id for overdue in stores.ledger.overdue(0, 5)] == ids[:5]
    assert [overdue.entry_id for overdue in stores.ledger.overdue(0, 50)] == ids


def test_an_overdue_entry_is_taken_by_one_and_its_silence_starts_again(stores: Stores) -> None:
    (entry_id,) = taken_in(stores, ingested(event_id="event-1"))
    stores.ledger.commit("deduplicate", [stage_result("deduplicate", entry_id)])
    stores.ledger.start("tag", [entry_id])
    stores.ledger.release("tag", [entry_id], "worker-lost")
    taken = stores.ledger.claim("one", entry_id, LONG)
    assert taken is not None
    assert taken.id == entry_id
    assert admission(taken).event_id == "event-1"
    assert stores.ledger.claim("two", entry_id, LONG) is None
    assert stores.ledger.overdue(LONG, 10) == []
    (overdue,) = stores.ledger.overdue(0, 10)
    assert (overdue.deliveries, overdue.causes) == (2, {"tag": "worker-lost"})


def test_what_is_not_overdue_or_gone_cannot_be_taken(stores: Stores) -> None:
    busy, ended = taken_in(stores, ingested("busy"), ingested("ended"))
    stores.ledger.reject([refusal(ended, document_id="ended")])
    assert stores.ledger.claim("one", busy, LONG) is None
    assert stores.ledger.claim("one", ended, 0) is None
    assert stores.ledger.claim("one", "1-1", 0) is None
    (overdue,) = stores.ledger.overdue(0, 10)
    assert overdue.deliveries == 1


def test_a_released_entry_is_overdue_at_once_with_its_cause(stores: Stores) -> None:
    kept, given_back = taken_in(stores, ingested("kept"), ingested("given back"))
    for entry_id, document_id in ((kept, "kept"), (given_back, "given back")):
        done = stage_result("deduplicate", entry_id, document_id)
        assert stores.ledger.commit("deduplicate", [done]) == ["stored"]
    stores.ledger.start("summarize", [kept, given_back])
    assert stores.ledger.release("summarize", [given_back], "time-limit") == 1
    (overdue,) = stores.ledger.overdue(LONG, 10)
    assert (overdue.entry_id, overdue.released) == (given_back, ("summarize",))
    assert overdue.causes == {"summarize": "time-limit"}
    assert overdue.attempts["summarize"] == 1


def test_release_leaves_alone_what_has_ended_or_was_never_admitted(stores: Stores) -> None:
    ended = completed(stores, ingested())
    not_admitted = read_one(stores, raw_body(id="new"))
    for stage in STAGES:
        gone = [ended, not_admitted.id, "1-1"]
        assert stores.ledger.release(stage, gone, "worker-lost") == 0
        assert stores.ledger.release(stage, [], "worker-lost") == 0
    assert stores.ledger.overdue(LONG, 10) == []
    assert stores.works() == 0
    assert stores.ledger.in_flight() == 1


def test_a_new_attempt_clears_the_cause_of_the_last_one(stores: Stores) -> None:
    (entry_id,) = taken_in(stores, ingested())
    stores.ledger.commit("deduplicate", [stage_result("deduplicate", entry_id)])
    stores.ledger.start("tag", [entry_id])
    assert stores.ledger.release("tag", [entry_id], "time-limit") == 1
    stores.ledger.start("tag", [entry_id])
    (overdue,) = stores.ledger.overdue(0, 10)
    assert overdue.causes == {}


def test_a_later_stage_is_released_only_behind_deduplicate(stores: Stores) -> None:
    judged, waiting = taken_in(stores, ingested("judged"), ingested("waiting"))
    stores.ledger.start("deduplicate", [judged, waiting])
    stores.ledger.commit("deduplicate", [stage_result("deduplicate", judged, "judged")])
    released = {
        stage: stores.ledger.release(stage, [judged, waiting], "worker-lost") for stage in STAGES
    }
    assert released == {"deduplicate": 1, "summarize": 1, "tag": 1}
    overdue = {each.entry_id: each for each in stores.ledger.overdue(LONG, 10)}
    assert overdue[judged].released == ("summarize", "tag")
    assert overdue[waiting].released == ("deduplicate",)
    assert overdue[judged].attempts.get("tag", 0) == 0, "it has not begun"


def test_a_part_that_is_committed_is_not_released(stores: Stores) -> None:
    (entry_id,) = taken_in(stores, ingested())
    stores.ledger.commit("tag", [stage_result("tag", entry_id)])
    stores.ledger.release("tag", [entry_id], "worker-lost")
    assert stores.ledger.overdue(LONG, 10) == []


def test_a_released_entry_that_completes_all_the_same_is_not_overdue(stores: Stores) -> None:
    (entry_id,) = taken_in(stores, ingested())
    stores.ledger.start("tag", [entry_id])
    stores.ledger.release("tag", [entry_id], "worker-lost")
    for stage in STAGES:
        stores.ledger.commit(stage, [stage_result(stage, entry_id)])
    assert stores.ledger.overdue(0, 10) == []
    assert stores.ledger.overdue(0, 10) == []


def test_uncounting_takes_off_the_last_attempt_and_never_below_none(stores: Stores) -> None:
    (entry_id,) = taken_in(stores, ingested())
    stores.ledger.start("tag", [entry_id])
    stores.ledger.start("tag", [entry_id])
    stores.ledger.uncount_attempt("tag", [entry_id])
    stores.ledger.uncount_attempt("summarize", [entry_id])
    (overdue,) = stores.ledger.overdue(0, 10)
    assert overdue.attempts == {"deduplicate": 0, "summarize": 0, "tag": 1}
    stores.ledger.uncount_attempt("tag", [entry_id])
    stores.ledger.uncount_attempt("tag", [entry_id])
    (overdue,) = stores.ledger.overdue(0, 10)
    assert overdue.attempts["tag"] == 0


def test_uncounting_an_attempt_leaves_no_trace_of_what_has_ended(stores: Stores) -> None:
    entry_id = completed(stores, ingested())
    stores.ledger.uncount_attempt("tag", [entry_id, "1-1"])
    stores.ledger.uncount_attempt("tag", [])
    assert stores.works() == 0


def test_entries_are_stamped_by_the_server(stores: Stores) -> None:
    before = int(time() * 1000)
    entry_id = completed(stores, ingested())
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert stored.result is not None
    received = stored.result.received_at.timestamp() * 1000
    assert round(received) == int(entry_id.partition("-")[0])
    assert before <= round(received) <= round(stored.result.completed_at.timestamp() * 1000)
