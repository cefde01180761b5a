"""Names of the tasks and queues. They are on the wire: a name never changes its meaning."""

from typing import Final

from fanmill_contracts.terms import Stage

TASKS: Final[dict[Stage, str]] = {
    "deduplicate": "fanmill.deduplicate",
    "summarize": "fanmill.summarize",
    "tag": "fanmill.tag",
}
"""Celery task of each stage."""


def queue_name(namespace: str, stage: Stage) -> str:
    """Return the queue of a stage, such as `fanmill.tag`."""
    return f"{namespace}.{stage}"
