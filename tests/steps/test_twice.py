"""Steps that run twice, or on two workers, have the effect of once."""

from collections import Counter
from dataclasses import replace
from hashlib import sha256

import pytest

from builders import PLAIN, Mill, ingested
from builders.outcomes import nothing_is_left, record, stored
from fanmill.core.document import Document
from fanmill.core.record_members import RecordMembers
from fanmill.ports import STAGES
from fanmill.steps import STEPS, tag
from fanmill_contracts.terms import Stage


@pytest.mark.parametrize("stage", STAGES)
def test_a_step_run_twice_has_the_effect_of_once(mill: Mill, stage: Stage) -> None:
    mill.publish(*(ingested(f"doc-{n}", f"Text {n // 2}.") for n in range(4)))
    mill.poll()
    for earlier in STAGES[: STAGES.index(stage)]:
        mill.work((earlier,))
    batch = mill.dispatcher.receive(stage)
    assert batch is not None
    first = STEPS[stage](mill.services, batch)
    assert first
    assert STEPS[stage](mill.services, batch) == []
    mill.run()
    assert Counter(event.subject for event in mill.stores.processed()) == Counter(
        f"doc-{n}" for n in range(4)
    )
    assert record(mill, "doc-0").deduplication.verdict == "unique"
    assert record(mill, "doc-1").deduplication.duplicate_of == "doc-0"
    nothing_is_left(mill)


def test_messages_of_entries_that_have_ended_do_nothing(mill: Mill) -> None:
    mill.publish(ingested("good", "Good."), ingested("bad", "refused by summarize"))
    mill.run()
    before = [stored(mill, name) for name in ("good", "bad")]
    for stage, batch in list(mill.dispatcher.sent):
        assert STEPS[stage](mill.services, batch) == []
    assert [stored(mill, name) for name in ("good", "bad")] == before
    assert len(mill.stores.processed()) == mill.stores.rejections.count() == 1


def test_two_workers_on_the_same_batch_at_once_leave_one_record(mill: Mill) -> None:
    mill.publish(ingested("doc-1", "Text."))
    mill.poll()
    mill.work(("deduplicate", "summarize"))
    batch = mill.dispatcher.receive("tag")
    assert batch is not None
    inner: list[str] = []

    def meanwhile(document: Document) -> RecordMembers:
        # While this worker still thinks, another one does the whole batch.
        inner.extend(outcome.outcome for outcome in tag(mill.services, batch))
        return PLAIN.tag(document)

    slow = replace(mill.services, functions=replace(PLAIN, tag=meanwhile))
    assert [outcome.outcome for outcome in tag(slow, batch)] == ["gone"]
    assert inner == ["completed"]
    assert len(mill.stores.processed()) == 1


def test_a_failure_on_a_document_that_another_worker_completed_changes_nothing(
    mill: Mill,
) -> None:
    mill.publish(ingested("doc-1", "Text."))
    mill.poll()
    mill.work(("deduplicate", "summarize"))
    batch = mill.dispatcher.receive("tag")
    assert batch is not None

    def fail_late(document: Document) -> RecordMembers:
        tag(mill.services, batch)
        raise ValueError(document.document_id)

    slow = replace(mill.services, functions=replace(PLAIN, tag=fail_late))
    assert [outcome.outcome for outcome in tag(slow, batch)] == ["gone"]
    assert stored(mill, "doc-1").state == "complete"
    assert mill.stores.rejections.count() == 0
    # And it stays in the index: a copy is still its copy.
    mill.publish(ingested("copy", "Text."))
    mill.run()
    assert record(mill, "copy").deduplication.duplicate_of == "doc-1"


def test_many_documents_come_out_as_they_went_in(mill: Mill) -> None:
    names = [f"doc-{number}" for number in range(200)]
    for name in names:
        mill.publish(ingested(name, f"The text of {name}."))
    mill.run()
    results = list(mill.stores.records.completed(None, None))
    assert sorted(result.document_id for result in results) == sorted(names)
    for result in results:
        text = f"The text of {result.document_id}."
        assert result.text_sha256 == sha256(text.encode()).hexdigest()
        assert result.statistics is not None
        assert result.statistics.characters == len(text)
    nothing_is_left(mill)
