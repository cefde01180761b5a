"""Documents that make a stage raise cost only themselves."""

from dataclasses import replace

import pytest

from builders import PLAIN, Mill, ingested
from builders.outcomes import nothing_is_left, record, stored
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.document import Document
from fanmill.core.record_members import RecordMembers
from fanmill.ports import STAGES
from fanmill.steps import Functions
from fanmill_contracts import Tagging
from fanmill_contracts.terms import Stage


@pytest.mark.parametrize("stage", STAGES)
def test_a_document_that_makes_a_stage_raise_is_rejected_alone(mill: Mill, stage: Stage) -> None:
    bad = ingested("bad", f"This is refused by {stage}.", event_id="event-bad")
    ids = mill.publish(ingested("a", "A."), bad, ingested("b", "B."))
    outcomes = mill.run()
    (entry,) = mill.stores.rejections.entries()
    data = entry.event.data
    assert (data.reason, data.stage, data.attempts) == ("stage-failed", stage, 1)
    assert data.error == f"Refused: {stage} cannot read bad"
    assert (data.document_id, data.event_id, entry.event.id) == ("bad", "event-bad", ids[1])
    assert stored(mill, "bad").state == "rejected"
    assert {event.subject for event in mill.stores.processed()} == {"a", "b"}
    (rejected,) = [outcome for outcome in outcomes if outcome.outcome == "rejected"]
    assert dict(rejected.facts) == {"reason": "stage-failed", "error": data.error}
    nothing_is_left(mill)


@pytest.mark.parametrize("stage", STAGES)
def test_a_rejected_document_is_nobodys_original(mill: Mill, stage: Stage) -> None:
    text = f"This is refused by {stage}."
    mill.publish(ingested("bad", text))
    mill.run()
    mended = Mill(
        mill.stores,
        functions=Functions(Fingerprinter, lambda _: RecordMembers(), lambda _: RecordMembers()),
    )
    mended.publish(ingested("good", text))
    mended.run()
    assert record(mended, "good").deduplication.verdict == "unique"


def test_a_batch_of_nothing_but_bad_documents_is_rejected_whole(mill: Mill) -> None:
    mill.publish(*(ingested(f"bad-{n}", f"{n} refused by deduplicate") for n in range(4)))
    mill.run()
    assert mill.stores.rejections.count() == 4
    assert mill.stores.processed() == []
    nothing_is_left(mill)


def test_a_finding_that_cannot_be_written_down_rejects_its_document_alone() -> None:
    def half_a_face(document: Document) -> RecordMembers:
        language = "\ud83d" if document.document_id == "bad" else "en"
        return RecordMembers(tagging=Tagging(language=language, language_confidence=1.0))

    mill = Mill(functions=replace(PLAIN, tag=half_a_face))
    mill.publish(ingested("a", "A."), ingested("bad", "Bad."), ingested("b", "B."))
    mill.run()
    assert {event.subject for event in mill.stores.processed()} == {"a", "b"}
    (entry,) = mill.stores.rejections.entries()
    assert (entry.event.data.document_id, entry.event.data.stage) == ("bad", "tag")
    nothing_is_left(mill)


def test_an_error_whose_text_holds_half_a_character_rejects_its_document_alone() -> None:
    def fail(document: Document) -> RecordMembers:
        if document.document_id == "bad":
            raise ValueError("\ud83d is no text")
        return PLAIN.tag(document)

    mill = Mill(functions=replace(PLAIN, tag=fail))
    mill.publish(ingested("a", "A."), ingested("bad", "Bad."))
    mill.run()
    assert {event.subject for event in mill.stores.processed()} == {"a"}
    (entry,) = mill.stores.rejections.entries()
    assert entry.event.data.error == "ValueError: ? is no text"
