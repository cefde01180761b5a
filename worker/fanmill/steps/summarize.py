"""The step `summarize`: statistics and summary of each document."""

from typing import Final

from fanmill.ports import Batch
from fanmill.steps.services import Loaded, Outcome, Services
from fanmill.steps.stage_results import commit_each

FOLD_AT: Final = 256
"""Number of waiting data points at which a process merges them into the aggregates.

A merge takes some milliseconds, whatever their number."""


def summarize(services: Services, batch: Batch, loaded: Loaded | None = None) -> list[Outcome]:
    """Compute statistics and summary of each document; see `deduplicate` for the answer."""
    outcomes = commit_each(services, "summarize", batch, services.functions.summarize, loaded)
    if services.corpus is not None:
        services.corpus.fold(FOLD_AT)
    return outcomes
