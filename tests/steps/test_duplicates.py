"""Duplicates on their way through the steps."""

from dataclasses import replace

import pytest

from builders import Mill, asked, ingested
from builders.outcomes import nothing_is_left, record
from dedup_texts import edited, text
from fanmill.core.dedup.partition import ALL, partition
from fanmill.ports import LATER_STAGES
from fanmill.steps import deduplicate


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
    assert (judged.threshold, judged.partition, judged.algorithm) == (0.7, ALL, "minhash-4")
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
