"""What `summarize` and `tag` have in common: a function on each document, findings committed."""

from collections.abc import Callable
from dataclasses import dataclass

from fanmill.core.corpus.data_point import data_point_of
from fanmill.core.document import Document
from fanmill.ports import Batch, StageResult
from fanmill.steps.batch_run import started
from fanmill.steps.services import Findings, Outcome, Services
from fanmill_contracts import Statistics
from fanmill_contracts.results import Problems, Stage


def commit_findings(
    services: Services,
    stage: Stage,
    batch: Batch,
    function: Callable[[Document], Findings],
    compare: Callable[[dict[str, Findings]], dict[str, Findings]] | None = None,
) -> list[Outcome]:
    """Work a function on each document and commit what it finds.

    `compare` may add to the findings of the batch what only a store knows. It
    stands outside of the function: a server that fails there is no fault of a
    document.
    """
    with started(services, stage, batch) as run:
        findings = run.each(function)
        if compare is not None:
            findings = compare(findings)
        # A finding that cannot be written down harms its document alone, as one that raises.
        found = run.over(findings, _written)
        results = [
            StageResult(
                entry_id,
                run.documents[entry_id].document_id,
                written.members,
                problems=written.problems,
                data_point=(
                    _data_point(written, run.bodies[entry_id]["source"], entry_id)
                    if services.corpus is not None
                    else ""
                ),
            )
            for entry_id, written in found.items()
        ]
        return list(run.finish(services, results).values())


@dataclass(frozen=True, slots=True)
class _Written:
    """What a stage found out about one document, as JSON without braces and brackets."""

    members: str
    problems: str
    statistics: Statistics | None


def _written(findings: Findings) -> _Written:
    statistics = findings.get("statistics")
    return _Written(
        members=",".join(
            f'"{name}":{model.model_dump_json()}'
            for name, model in findings.items()
            if not isinstance(model, Problems)
        ),
        problems=",".join(
            model.model_dump_json()[1:-1]
            for model in findings.values()
            if isinstance(model, Problems)
        ),
        statistics=statistics if isinstance(statistics, Statistics) else None,
    )


def _data_point(written: _Written, source: str, entry_id: str) -> str:
    """Return what the corpus view counts of a document; empty in stages without statistics."""
    if written.statistics is None:
        return ""
    return data_point_of(written.statistics, source, entry_id)
