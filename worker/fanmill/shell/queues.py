"""Names of the tasks and queues. They are part of messages, so a name never changes its meaning."""

from typing import Final

from fanmill.ports import STAGES
from fanmill_contracts.terms import Stage

TASKS: Final[dict[Stage, str]] = {stage: f"fanmill.{stage}" for stage in STAGES}
"""The Celery task of each stage."""


def queue_name(namespace: str, stage: Stage) -> str:
    """Return the queue of a stage, such as `fanmill.tag`."""
    return f"{namespace}.{stage}"
