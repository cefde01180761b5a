"""The three steps on a batch: load, work the core functions, commit.

Each may run any number of times on the same batch with the effect of once.
Celery tasks, tests and trials call them alike; nothing here knows a queue or a
server.
"""

from collections.abc import Mapping
from typing import Protocol

from fanmill.ports import Batch
from fanmill.steps.deduplicate import deduplicate
from fanmill.steps.services import Continuation, Functions, Loaded, Outcome, Services, Signer
from fanmill.steps.summarize import FOLD_AT, summarize
from fanmill.steps.tag import tag
from fanmill_contracts.terms import Stage


class Step(Protocol):
    """The work of a stage on a batch, whose events may have been read by an earlier stage."""

    def __call__(
        self, services: Services, batch: Batch, loaded: Loaded | None = None
    ) -> list[Outcome]:
        """Return the outcome of each document that needed the stage."""


STEPS: Mapping[Stage, Step] = {
    "deduplicate": deduplicate,
    "summarize": summarize,
    "tag": tag,
}
"""The step of each stage."""

__all__ = [
    "FOLD_AT",
    "STEPS",
    "Continuation",
    "Functions",
    "Loaded",
    "Outcome",
    "Services",
    "Signer",
    "deduplicate",
    "summarize",
    "tag",
]
