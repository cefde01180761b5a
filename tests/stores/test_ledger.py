"""What `fanmill.ports.Ledger` promises, on memory and on Redis."""

from time import time

import pytest

from builders import (
    Stores,
    admission,
    completed,
    ingested,
    members,
    raw_body,
    rejected_with_originals,
    stage_result,
    taken_in,
    written,
)
from fanmill.ports import STAGES, Entry, Rejection
from fanmill_contracts import RejectionReason, encode
from fanmill_contracts.terms import Stage
from polling import until

LONG = 3600.0


def read_one(stores: Stores, body: bytes, consumer: str = "reader") -> Entry:
    stores.add(body)
    (entry,) = stores.ledger.read(consumer, 1, 0)
    return entry


def refusal(
    entry_id: str,
    *,
    place: Stage = "tag",
    reason: RejectionReason = "stage-failed",
    document_id: str = "doc-1",
    attempts: int = 1,
    error: str = "ValueError: no",
) -> Rejection:
    return Rejection(
        entry_id, reason, place, error, document_id, event_id="event-1", attempts=attempts
    )


# --- open, read, in_flight, leave --------------------------------------------------------------


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


# --- admit -------------------------------------------------------------------------------------


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


# --- start -------------------------------------------------------------------------------------


def test_start_returns_the_events_as_they_were_written(stores: Stores) -> None:
    events = [ingested("a", "水车 🌾", title="A"), ingested("b", "")]
    ids = taken_in(stores, *events)
    jobs = stores.ledger.start("summarize", ids)
    assert [job.entry_id for job in jobs] == ids
    assert [job.event["data"]["text"] for job in jobs] == ["水车 🌾", ""]
    assert jobs[0].event["id"] == events[0].id
    assert jobs[0].event["data"]["title"] == "A"


def test_start_leaves_out_what_is_gone_unknown_or_done_before(stores: Stores) -> None:
    done, gone, fresh = taken_in(stores, ingested("done"), ingested("gone"), ingested("fresh"))
    stores.ledger.commit("tag", [stage_result("tag", done, "done")])
    stores.ledger.reject([refusal(gone, document_id="gone")])
    not_admitted = read_one(stores, raw_body(id="another"))
    asked = [done, gone, fresh, not_admitted.id, "1-1"]
    assert [job.entry_id for job in stores.ledger.start("tag", asked)] == [fresh]
    assert [job.entry_id for job in stores.ledger.start("summarize", asked)] == [done, fresh]
    assert stores.ledger.start("tag", []) == []


def test_start_counts_an_attempt_of_its_stage_alone(stores: Stores) -> None:
    (entry_id,) = taken_in(stores, ingested())
    stores.ledger.start("summarize", [entry_id])
    stores.ledger.start("summarize", [entry_id])
    stores.ledger.start("tag", [entry_id])
    (overdue,) = stores.ledger.overdue(0, 10)
    assert overdue.attempts == {"deduplicate": 0, "summarize": 2, "tag": 1}


def test_start_makes_a_released_entry_busy_again(stores: Stores) -> None:
    (entry_id,) = taken_in(stores, ingested())
    stores.ledger.start("deduplicate", [entry_id])
    stores.ledger.release("deduplicate", [entry_id], "worker-lost")
    assert [overdue.released for overdue in stores.ledger.overdue(LONG, 10)] == [("deduplicate",)]
    stores.ledger.start("deduplicate", [entry_id])
    assert [each for each in stores.ledger.overdue(LONG, 10) if each.released] == []


def test_what_another_stage_does_meanwhile_does_not_take_a_release_back(stores: Stores) -> None:
    (entry_id,) = taken_in(stores, ingested())
    stores.ledger.start("summarize", [entry_id])
    stores.ledger.release("summarize", [entry_id], "time-limit")
    stores.ledger.start("tag", [entry_id])
    stores.ledger.commit("tag", [stage_result("tag", entry_id)])
    (overdue,) = stores.ledger.overdue(LONG, 10)
    assert (overdue.released, overdue.causes) == (("summarize",), {"summarize": "time-limit"})
    assert stores.ledger.claim("one", entry_id, LONG) is not None
    assert stores.ledger.overdue(LONG, 10) == []


# --- commit ------------------------------------------------------------------------------------


def test_parts_are_stored_until_the_last_one_completes(stores: Stores) -> None:
    event = ingested(title="The mill", url="https://example.org/mill")
    (entry_id,) = taken_in(stores, event)
    assert stores.ledger.commit("tag", [stage_result("tag", entry_id)]) == ["stored"]
    assert stores.ledger.commit("deduplicate", [stage_result("deduplicate", entry_id)]) == [
        "stored"
    ]
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert (stored.state, stored.result) == ("received", None)
    assert stores.processed() == []
    assert stores.ledger.commit("summarize", [stage_result("summarize", entry_id)]) == ["completed"]
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert stored.result is not None
    assert stored.state == "complete"
    assert stored.result.event.id == event.id
    assert (stored.result.title, stored.result.url) == ("The mill", "https://example.org/mill")
    assert stored.result.statistics is not None
    assert stored.result.tagging is not None
    assert stored.result.received_at <= stored.result.completed_at


def test_completion_announces_once_and_removes_entry_and_work(stores: Stores) -> None:
    entry_id = completed(stores, ingested(event_id="event-1"))
    assert stores.waiting() == []
    assert stores.works() == 0
    assert stores.ledger.in_flight() == 0
    assert stores.ledger.overdue(0, 10) == []
    (announced,) = stores.processed()
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert announced.data == stored.result
    assert (announced.id, announced.subject, announced.source) == (entry_id, "doc-1", "/fanmill")
    assert announced.time == announced.data.completed_at


@pytest.mark.parametrize("stage", STAGES)
def test_a_part_committed_again_is_known_and_the_first_one_stays(
    stores: Stores, stage: Stage
) -> None:
    (entry_id,) = taken_in(stores, ingested())
    stores.ledger.commit(stage, [stage_result(stage, entry_id, text="first")])
    assert stores.ledger.commit(stage, [stage_result(stage, entry_id, text="second one")]) == [
        "known"
    ]
    for other in STAGES:
        if other != stage:
            stores.ledger.commit(other, [stage_result(other, entry_id, text="first")])
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert stored.result is not None
    (announced,) = stores.processed()
    assert announced.data == stored.result
    assert stored.result.statistics is not None
    assert stored.result.statistics.characters == len("first")
    assert f'"text_sha256":"{stored.result.text_sha256}"' in members("deduplicate", "first")


def test_commits_after_completion_are_gone_and_change_nothing(stores: Stores) -> None:
    entry_id = completed(stores, ingested())
    before = stores.records.get("doc-1")
    for stage in STAGES:
        assert stores.ledger.commit(stage, [stage_result(stage, entry_id, text="other")]) == [
            "gone"
        ]
    assert stores.records.get("doc-1") == before
    assert len(stores.processed()) == 1
    assert stores.works() == 0


def test_a_part_that_closes_completes_without_the_others(stores: Stores) -> None:
    (entry_id,) = taken_in(stores, ingested())
    closing = stage_result("deduplicate", entry_id, closes=True)
    assert stores.ledger.commit("deduplicate", [closing]) == ["completed"]
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert stored.result is not None
    assert (stored.result.statistics, stored.result.tagging) == (None, None)
    assert stores.waiting() == []
    assert len(stores.processed()) == 1


def test_a_batch_of_parts_is_answered_in_its_order(stores: Stores) -> None:
    names = [f"doc-{number}" for number in range(5)]
    ids = taken_in(stores, *map(ingested, names))
    stores.ledger.commit("deduplicate", [stage_result("deduplicate", ids[1], names[1])])
    stores.ledger.commit("summarize", [stage_result("summarize", ids[1], names[1])])
    stores.ledger.commit("tag", [stage_result("tag", ids[2], names[2])])
    stores.ledger.reject([refusal(ids[3], document_id=names[3])])
    answers = stores.ledger.commit(
        "tag",
        [stage_result("tag", entry_id, name) for entry_id, name in zip(ids, names, strict=True)],
    )
    assert answers == ["stored", "completed", "known", "gone", "stored"]
    assert [event.subject for event in stores.processed()] == ["doc-1"]
    assert stores.ledger.commit("tag", []) == []


def test_problems_of_all_stages_are_merged_in_the_order_of_the_stages(stores: Stores) -> None:
    (entry_id,) = taken_in(stores, ingested())

    def problem(stage: Stage, number: int) -> str:
        return f'{{"stage":"{stage}","producer":"p{number}","error":"e"}}'

    tag_problems = f"[{problem('tag', 1)},{problem('tag', 2)}]"
    stores.ledger.commit("tag", [stage_result("tag", entry_id, problems=tag_problems)])
    stores.ledger.commit("deduplicate", [stage_result("deduplicate", entry_id)])
    summarized = stage_result("summarize", entry_id, problems=f"[{problem('summarize', 3)}]")
    stores.ledger.commit("summarize", [summarized])
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert stored.result is not None
    assert [(found.stage, found.producer) for found in stored.result.problems] == [
        ("summarize", "p3"),
        ("tag", "p1"),
        ("tag", "p2"),
    ]


def test_the_traceparent_of_the_event_is_carried_into_the_announcement(stores: Stores) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    entry = read_one(stores, raw_body(traceparent=trace))
    stores.ledger.admit([admission(entry)])
    stores.ledger.commit("deduplicate", [stage_result("deduplicate", entry.id, closes=True)])
    assert [event.traceparent for event in stores.processed()] == [trace]


# --- revisions ---------------------------------------------------------------------------------


def test_each_event_of_a_document_is_a_revision(stores: Stores) -> None:
    for number in (1, 2, 3):
        completed(stores, ingested(event_id=f"event-{number}"))
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert stored.result is not None
    assert (stored.revisions, stored.result.revision, stored.result.event.id) == (3, 3, "event-3")
    assert [event.data.revision for event in stores.processed()] == [1, 2, 3]
    assert stores.records.count() == 1


def test_an_older_revision_that_ends_later_does_not_replace_the_newer_record(
    stores: Stores,
) -> None:
    older, newer = taken_in(stores, ingested(event_id="older"), ingested(event_id="newer"))
    for entry_id in (newer, older):
        for stage in STAGES:
            stores.ledger.commit(stage, [stage_result(stage, entry_id)])
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert stored.result is not None
    assert (stored.state, stored.result.event.id, stored.result.revision) == (
        "complete",
        "newer",
        2,
    )
    # Announced all the same: each accepted event has an end that can be seen.
    assert [event.data.event.id for event in stores.processed()] == ["newer", "older"]
    assert stores.waiting() == []


def test_the_state_is_that_of_the_newest_event(stores: Stores) -> None:
    older, newer = taken_in(stores, ingested(event_id="older"), ingested(event_id="newer"))
    for stage in STAGES:
        stores.ledger.commit(stage, [stage_result(stage, older)])
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert stored.result is not None
    assert (stored.state, stored.result.event.id) == ("received", "older")
    stores.ledger.reject([refusal(newer)])
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert stored.result is not None
    assert (stored.state, stored.result.event.id) == ("rejected", "older")
    assert stored.rejection is not None
    rejected = stores.rejections.get(stored.rejection)
    assert rejected is not None
    assert rejected.event.id == newer


def test_an_older_event_that_is_rejected_leaves_the_state_of_the_newer(stores: Stores) -> None:
    older, newer = taken_in(stores, ingested(event_id="older"), ingested(event_id="newer"))
    for stage in STAGES:
        stores.ledger.commit(stage, [stage_result(stage, newer)])
    stores.ledger.reject([refusal(older)])
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert (stored.state, stored.rejection) == ("complete", None)


def test_a_new_event_makes_a_rejected_document_received_again(stores: Stores) -> None:
    (first,) = taken_in(stores, ingested(event_id="first"))
    stores.ledger.reject([refusal(first)])
    taken_in(stores, ingested(event_id="second"))
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert (stored.state, stored.revisions, stored.rejection) == ("received", 2, None)


# --- reject ------------------------------------------------------------------------------------


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


# --- overdue, claim, release, uncount ------------------------------------------------------------


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
    stores.ledger.start("summarize", [kept, given_back])
    stores.ledger.release("summarize", [given_back], "time-limit")
    (overdue,) = stores.ledger.overdue(LONG, 10)
    assert (overdue.entry_id, overdue.released) == (given_back, ("summarize",))
    assert overdue.causes == {"summarize": "time-limit"}
    assert overdue.attempts["summarize"] == 1


def test_release_leaves_alone_what_has_ended_or_was_never_admitted(stores: Stores) -> None:
    ended = completed(stores, ingested())
    not_admitted = read_one(stores, raw_body(id="new"))
    stores.ledger.release("tag", [ended, not_admitted.id, "1-1"], "worker-lost")
    stores.ledger.release("tag", [], "worker-lost")
    assert stores.ledger.overdue(LONG, 10) == []
    assert stores.works() == 0
    assert stores.ledger.in_flight() == 1


def test_a_new_attempt_clears_the_cause_of_the_last_one(stores: Stores) -> None:
    (entry_id,) = taken_in(stores, ingested())
    stores.ledger.start("tag", [entry_id])
    stores.ledger.release("tag", [entry_id], "time-limit")
    stores.ledger.start("tag", [entry_id])
    (overdue,) = stores.ledger.overdue(0, 10)
    assert overdue.causes == {}


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
