"""The three steps on a batch: load, work the core functions, commit.

Each may run any number of times on the same batch with the effect of once.
Celery tasks, tests and trials call them alike; nothing here knows a queue or a
server.
"""

from collections.abc import Callable, Mapping

from fanmill.ports import Batch
from fanmill.steps.deduplicate import deduplicate
from fanmill.steps.services import Functions, Outcome, Services, Signer
from fanmill.steps.summarize import FOLD_AT, summarize
from fanmill.steps.tag import tag
from fanmill_contracts.terms import Stage

STEPS: Mapping[Stage, Callable[[Services, Batch], list[Outcome]]] = {
    "deduplicate": deduplicate,
    "summarize": summarize,
    "tag": tag,
}
"""The step of each stage."""

__all__ = [
    "FOLD_AT",
    "STEPS",
    "Functions",
    "Outcome",
    "Services",
    "Signer",
    "deduplicate",
    "summarize",
    "tag",
]
