"""The whole path of documents on the memory twins: intake, steps, record."""

from collections import Counter
from dataclasses import replace
from hashlib import sha256

import pytest

from builders import PLAIN, MemoryStores, Mill, asked, ingested
from dedup_texts import edited, text
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.partition import ALL, partition
from fanmill.core.document import Document
from fanmill.core.record_members import RecordMembers
from fanmill.core.trends import HOUR_SECONDS
from fanmill.ports import LATER_STAGES, STAGES, StoredDocument
from fanmill.steps import STEPS, Functions, deduplicate, tag
from fanmill.testing import MemoryTrends
from fanmill_contracts import DocumentResult, Tagging
from fanmill_contracts.results import Problem
from fanmill_contracts.tagging import Producer, Tag
from fanmill_contracts.terms import Stage


@pytest.fixture
def mill() -> Mill:
    return Mill()


def stored(mill: Mill, document_id: str) -> StoredDocument:
    found = mill.stores.records.get(document_id)
    assert found is not None
    return found


def record(mill: Mill, document_id: str) -> DocumentResult:
    found = stored(mill, document_id)
    assert found.state == "complete"
    assert found.result is not None
    return found.result


def nothing_is_left(mill: Mill) -> None:
    assert mill.stores.waiting() == []
    assert mill.stores.works() == 0
    assert mill.stores.ledger.in_flight() == 0


# --- one document ------------------------------------------------------------------------------


def test_a_document_becomes_a_record_of_all_stages(mill: Mill) -> None:
    text = "Die Mühle steht am Fluß."
    event = ingested("doc-1", text, title="Mühle", language="de", event_id="event-1")
    (entry_id,) = mill.publish(event)
    outcomes = mill.run()
    found = record(mill, "doc-1")
    assert found.deduplication.verdict == "unique"
    assert found.statistics is not None
    assert found.statistics.words == 5
    assert found.summary is not None
    assert found.summary.sentences[0].text == text[:20]
    assert found.tagging is not None
    assert (found.tagging.language, found.title) == ("de", "Mühle")
    assert found.text_sha256 == sha256(text.encode()).hexdigest()
    assert [(outcome.outcome, dict(outcome.facts)) for outcome in outcomes] == [
        ("stored", {"verdict": "unique"}),
        ("stored", {}),
        ("completed", {}),
    ]
    assert {(each.entry_id, each.document_id, each.event_id) for each in outcomes} == {
        (entry_id, "doc-1", "event-1")
    }
    nothing_is_left(mill)


def test_the_empty_text_becomes_a_record_without_ratios(mill: Mill) -> None:
    mill.publish(ingested("blank", ""))
    mill.run()
    found = record(mill, "blank")
    assert found.statistics is not None
    assert (found.statistics.words, found.statistics.unique_word_ratio) == (0, None)
    assert found.summary is not None
    assert found.summary.sentences == ()
    assert found.text_sha256 == sha256(b"").hexdigest()


def test_what_the_producer_says_reaches_the_functions() -> None:
    seen: list[Document] = []

    def look(document: Document) -> RecordMembers:
        seen.append(document)
        return RecordMembers()

    mill = Mill(functions=replace(PLAIN, summarize=look))
    mill.publish(ingested("doc-1", "Text.", title="T", url="https://example.org/", language="en"))
    mill.publish(ingested("doc-2", "Other."))
    mill.run()
    assert seen == [
        Document("doc-1", "Text.", "T", "https://example.org/", "en", source="/tests"),
        Document("doc-2", "Other.", source="/tests"),
    ]


def test_what_went_wrong_beside_a_document_stands_in_its_record() -> None:
    problem = Problem(stage="tag", producer="shelf", error="LookupError: no such shelf")
    mill = Mill(functions=replace(PLAIN, tag=lambda _: RecordMembers(problems=(problem,))))
    mill.publish(ingested())
    mill.run()
    found = record(mill, "doc-1")
    assert found.problems == (problem,)
    assert found.summary is not None
    nothing_is_left(mill)


def test_terms_are_counted_once_and_those_that_burst_are_tags() -> None:
    tagging = Tagging(
        language="en",
        language_confidence=1.0,
        tags={"keyphrase": (Tag(value="Harbour Bridge", score=0.5),)},
        producers=(Producer(name="keyphrase", version="1"),),
    )
    mill = Mill(functions=replace(PLAIN, tag=lambda _: RecordMembers(tagging=tagging)))
    assert isinstance(mill.stores, MemoryStores)
    trends = MemoryTrends(mill.stores.server, 100)
    trends.observe([("en", ("ferry",))] * 900)
    mill.clock.advance(3 * HOUR_SECONDS)
    trends.observe([("en", ("harbour bridge",))] * 9)
    mill.services = replace(mill.services, trends=trends)
    mill.publish(ingested())
    mill.run()
    found = record(mill, "doc-1").tagging
    assert found is not None
    assert {
        name: [(each.value, found.producer_of(each).name) for each in tags]
        for name, tags in found.tags.items()
    } == {
        "keyphrase": [("Harbour Bridge", "keyphrase")],
        "trend": [("harbour bridge", "trend")],
    }
    assert trends.frequencies("en", ["harbour bridge"])[0].recent == 10
    mill.run()
    assert trends.frequencies("en", ["harbour bridge"])[0].recent_documents == 10


def test_a_stage_may_find_nothing() -> None:
    empty = Functions(Fingerprinter, lambda _: RecordMembers(), lambda _: RecordMembers())
    mill = Mill(functions=empty)
    mill.publish(ingested())
    mill.run()
    found = record(mill, "doc-1")
    assert (found.statistics, found.summary, found.tagging) == (None, None, None)
    nothing_is_left(mill)


# --- duplicates --------------------------------------------------------------------------------


def test_a_duplicate_is_complete_after_the_first_stage(mill: Mill) -> None:
    mill.publish(ingested("first", "The same words."), ingested("second", "THE SAME words."))
    mill.run()
    found = record(mill, "second")
    assert (found.deduplication.verdict, found.deduplication.duplicate_of) == ("exact", "first")
    assert found.deduplication.similarity == 1.0
    assert (found.statistics, found.summary, found.tagging) == (None, None, None)
    assert record(mill, "first").deduplication.verdict == "unique"
    later = [batch for stage, batch in mill.dispatcher.sent if stage in LATER_STAGES]
    assert {len(batch.entries) for batch in later} == {1}
    nothing_is_left(mill)


def test_a_near_duplicate_says_of_what_how_near_and_why(mill: Mill) -> None:
    article = text("article", 300)
    mill.publish(ingested("first", article), ingested("second", edited(article, 1, 4)))
    mill.run()
    judged = record(mill, "second").deduplication
    assert (judged.verdict, judged.duplicate_of, judged.decided_by) == ("near", "first", "jaccard")
    assert judged.similarity is not None
    assert judged.containment is not None
    assert 0.7 <= judged.similarity <= judged.containment < 1
    assert (judged.threshold, judged.partition, judged.algorithm) == (0.7, ALL, "minhash-3")
    assert record(mill, "second").statistics is None
    nothing_is_left(mill)


def test_a_short_text_says_that_only_an_equal_one_would_have_been_found(mill: Mill) -> None:
    mill.publish(ingested("first", "Closed today."), ingested("second", "Closed today!"))
    mill.run()
    for name in ("first", "second"):
        judged = record(mill, name).deduplication
        assert (judged.verdict, judged.decided_by) == ("unique", "digest-only")


def test_documents_of_two_parts_are_not_compared(mill: Mill) -> None:
    mill.services = replace(mill.services, partition_of=partition(("language",)))
    words = "The same words."
    mill.publish(
        ingested("a", words, language="en"),
        ingested("b", words, language="de"),
        ingested("c", words, language="en-GB"),
        ingested("d", words),
    )
    mill.run()
    judged = {name: record(mill, name).deduplication for name in "abcd"}
    assert {name: each.duplicate_of for name, each in judged.items()} == {
        "a": None, "b": None, "c": "a", "d": None
    }  # fmt: skip
    assert [judged[name].partition for name in "abcd"] == ["en", "de", "en", "none"]
    assert mill.stores.index.partitions() == ["de", "en", "none"]


def test_a_duplicate_is_worked_on_in_full_where_the_policy_says_so() -> None:
    mill = Mill(on_duplicate="process")
    mill.publish(ingested("first", "The same words."), ingested("second", "The same words."))
    mill.run()
    found = record(mill, "second")
    assert found.deduplication.duplicate_of == "first"
    assert found.statistics is not None
    assert found.tagging is not None
    nothing_is_left(mill)


@pytest.mark.parametrize("skip_contained", [False, True])
def test_a_contained_document_is_skipped_only_where_the_setting_says_so(
    skip_contained: bool,
) -> None:
    mill = Mill(skip_contained=skip_contained)
    article, rest = text("article", 300), text("rest", 150)
    mill.publish(
        ingested("part", article),
        ingested("whole", f"{article}\n{rest}"),
        ingested("copy", f"{article} again"),
    )
    mill.run()
    decided = {name: record(mill, name).deduplication.decided_by for name in ("whole", "copy")}
    assert decided == {"whole": "containment", "copy": "jaccard"}
    assert record(mill, "copy").statistics is None
    whole = record(mill, "whole")
    assert [whole.statistics is None, whole.tagging is None] == [skip_contained] * 2
    nothing_is_left(mill)


def test_a_batch_of_nothing_but_duplicates_goes_no_further(mill: Mill) -> None:
    mill.publish(ingested("first", "The same words."))
    mill.run()
    mill.dispatcher.sent.clear()
    mill.publish(ingested("second", "The same words."), ingested("third", "The same words."))
    mill.run()
    assert [stage for stage, _ in mill.dispatcher.sent] == ["deduplicate"]
    assert len(mill.stores.processed()) == 3


def test_a_document_is_never_its_own_duplicate(mill: Mill) -> None:
    mill.publish(ingested("doc-1", "The same words."))
    mill.poll()
    batch = mill.dispatcher.receive("deduplicate")
    assert batch is not None
    # Judged by a worker that died before it could commit, then by another.
    (job,) = mill.stores.ledger.start("deduplicate", batch.entries)
    text = job.event["data"]["text"]
    mill.stores.index.partition(ALL).judge([asked(job.entry_id, "doc-1", text)])
    mill.dispatcher.lose_all()
    deduplicate(mill.services, batch)
    mill.run()
    assert record(mill, "doc-1").deduplication.verdict == "unique"


# --- documents that make a stage raise ---------------------------------------------------------


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


# --- run twice is once -------------------------------------------------------------------------


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
