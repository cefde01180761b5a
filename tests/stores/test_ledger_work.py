"""Starting and committing stages, in memory and on Redis."""

import pytest

from builders import (
    Stores,
    admission,
    completed,
    ingested,
    members,
    raw_body,
    stage_result,
    taken_in,
)
from fanmill.ports import STAGES
from fanmill_contracts.terms import Stage
from ledger_builders import LONG, read_one, refusal


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
    stores.ledger.commit("deduplicate", [stage_result("deduplicate", entry_id)])
    stores.ledger.start("summarize", [entry_id])
    stores.ledger.release("summarize", [entry_id], "time-limit")
    stores.ledger.start("tag", [entry_id])
    stores.ledger.commit("tag", [stage_result("tag", entry_id)])
    (overdue,) = stores.ledger.overdue(LONG, 10)
    assert (overdue.released, overdue.causes) == (("summarize",), {"summarize": "time-limit"})
    assert stores.ledger.claim("one", entry_id, LONG) is not None
    assert stores.ledger.overdue(LONG, 10) == []


def test_events_that_were_read_are_not_sent_again_but_count_as_attempts(stores: Stores) -> None:
    first, second = taken_in(stores, ingested("first"), ingested("second"))
    events = {job.entry_id: job.event for job in stores.ledger.start("summarize", [first, second])}
    stores.ledger.commit("tag", [stage_result("tag", second, "second")])
    (job,) = stores.ledger.start("tag", [first, second], events)
    assert job.entry_id == first
    assert job.event is events[first]
    attempts = {each.entry_id: each.attempts.get("tag", 0) for each in stores.ledger.overdue(0, 10)}
    assert attempts == {first: 1, second: 0}


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
