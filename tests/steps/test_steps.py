"""The whole path of documents on the memory twins: intake, steps, record."""

from dataclasses import replace
from hashlib import sha256

from builders import PLAIN, MemoryStores, Mill, ingested
from builders.outcomes import nothing_is_left, record
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.document import Document
from fanmill.core.record_members import RecordMembers
from fanmill.core.trends import HOUR_SECONDS
from fanmill.steps import Functions
from fanmill.testing import MemoryTrends
from fanmill_contracts import Tagging
from fanmill_contracts.results import Problem
from fanmill_contracts.tagging import Producer, Tag


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
