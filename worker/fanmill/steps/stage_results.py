"""Common part of `summarize` and `tag`: apply a function to each document, commit its results."""

from collections.abc import Callable
from typing import Final

from pydantic import TypeAdapter

from fanmill.core.corpus.data_point import data_point_of
from fanmill.core.document import Document
from fanmill.core.record_members import RecordMembers
from fanmill.ports import Batch, StageResult
from fanmill.steps.batch_run import Run, started
from fanmill.steps.services import Loaded, Outcome, Services
from fanmill_contracts.results import Problem
from fanmill_contracts.terms import Stage

_PROBLEMS: Final = TypeAdapter(tuple[Problem, ...])


def commit_each(
    services: Services,
    stage: Stage,
    batch: Batch,
    function: Callable[[Document], RecordMembers],
    loaded: Loaded | None = None,
    *,
    compare: Callable[[dict[str, RecordMembers]], dict[str, RecordMembers]] | None = None,
) -> list[Outcome]:
    """Apply a function to each document of a batch and commit the results.

    `compare` may enrich the results of the batch from a store. It runs outside
    `function`, so that a server failure is not charged to a document.
    """
    with started(services, stage, batch, loaded) as run:
        computed = run.each(function)
        if compare is not None:
            computed = compare(computed)
        # Members that cannot be written as JSON harm their document alone.
        written = run.over(computed, members_json)
        results = [
            StageResult(
                entry_id,
                run.documents[entry_id].document_id,
                members,
                problems=problems_json(computed[entry_id].problems),
                data_point=_data_point(services, computed[entry_id], run, entry_id),
            )
            for entry_id, members in written.items()
        ]
        return list(run.finish(services, results).values())


def members_json(members: RecordMembers) -> str:
    """Return the members of a record, without problems, as one JSON object.

    Raises:
        ValueError: A string holds a lone surrogate, which UTF-8 cannot carry.
    """
    return members.model_dump_json(exclude_defaults=True, exclude={"problems"})


def problems_json(problems: tuple[Problem, ...]) -> str:
    """Return the problems of a stage as one JSON array."""
    return _PROBLEMS.dump_json(problems).decode()


def _data_point(services: Services, members: RecordMembers, run: Run, entry_id: str) -> str:
    """Return the data point of the corpus view; empty without corpus or without statistics."""
    if services.corpus is None or members.statistics is None:
        return ""
    return data_point_of(members.statistics, run.bodies[entry_id]["source"], entry_id)
