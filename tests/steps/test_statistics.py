"""Problems and data points that `summarize` finds reach the record and the corpus view."""

from dataclasses import replace

import pytest

import builders
from builders import PLAIN, Mill, ingested
from fanmill.core.document import Document
from fanmill.core.record_members import RecordMembers
from fanmill.ports import Batch
from fanmill.steps import FOLD_AT, summarize
from fanmill.testing import MemoryCorpus
from fanmill_contracts.results import Problem


def with_problem(document: Document) -> RecordMembers:
    problem = Problem(stage="summarize", producer="vowels-1", error="TimeoutError: late")
    return builders.summarize(document).model_copy(update={"problems": (problem,)})


@pytest.fixture
def mill() -> Mill:
    """A mill that counts its documents, one set of statistics of which always fails."""
    mill = Mill(functions=replace(PLAIN, summarize=with_problem))
    mill.services = replace(mill.services, corpus=MemoryCorpus(mill.stores.server))
    return mill


def test_problems_of_a_stage_are_in_the_record_beside_everything_else(mill: Mill) -> None:
    mill.publish(ingested("d"))
    mill.run()
    stored = mill.stores.records.get("d")
    assert stored is not None
    assert stored.result is not None
    assert stored.result.statistics is not None
    (problem,) = stored.result.problems
    assert (problem.producer, problem.error) == ("vowels-1", "TimeoutError: late")


def test_a_document_worked_on_twice_counts_once(mill: Mill) -> None:
    (entry_id,) = mill.publish(ingested("d", "Five words are in here."))
    mill.poll()
    mill.work(("deduplicate",))
    batch = Batch("b", (entry_id,))
    assert [done.outcome for done in summarize(mill.services, batch)] == ["stored"]
    summarize(mill.services, batch)
    mill.run()
    ((group, aggregate),) = mill.services.corpus.aggregates().items()
    assert (group.source, aggregate.documents) == (builders.SOURCE, 1)
    assert aggregate.measures["words"].total == 5.0


def test_data_points_are_merged_when_enough_wait(mill: Mill) -> None:
    mill.publish(*(ingested(f"d{number}", f"text {number}") for number in range(FOLD_AT + 3)))
    mill.run()
    assert len(mill.stores.server.data_points) < FOLD_AT
    assert mill.stores.server.aggregates
    (aggregate,) = mill.services.corpus.aggregates().values()
    assert aggregate.documents == FOLD_AT + 3


def test_nothing_is_observed_when_documents_are_not_counted() -> None:
    mill = Mill()
    mill.publish(ingested("d"))
    mill.run()
    assert mill.stores.server.data_points == []
