"""The sinks of a namespace with their processes, from one look at the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fanmill.ops.process_registry import Process
from fanmill.ports.outbox import SinkBacklog


@dataclass(frozen=True, slots=True)
class SinkView:
    """A registered sink as an operator sees it."""

    name: str
    store: str
    """URL of its store, without secrets."""
    processes: int
    """Processes of it that run."""
    unstored: int
    """Outcomes that it is to store: read or unread."""
    oldest_seconds: float
    """Age of the oldest of them; 0 without one."""
    trouble: str
    """Reason for which a process of it cannot store; empty while all can."""
    trouble_seconds: float
    """Time since that trouble began."""
    since_ms: int
    """Time of its registration, in ms since 1970."""
    seen_ms: int
    """Time at which a process of it was last seen, in ms since 1970."""


def views_of(backlogs: Sequence[SinkBacklog], processes: Sequence[Process]) -> list[SinkView]:
    """Return the registered sinks with their running processes, in the order of `backlogs`."""
    return [
        _view(backlog, [each for each in processes if each.sink == backlog.name])
        for backlog in backlogs
    ]


def _view(backlog: SinkBacklog, running: Sequence[Process]) -> SinkView:
    troubled = [each for each in running if each.trouble]
    worst = max(troubled, key=lambda each: each.trouble_seconds, default=None)
    return SinkView(
        name=backlog.name,
        store=backlog.store,
        processes=len(running),
        unstored=backlog.unstored,
        oldest_seconds=round(backlog.oldest_seconds, 3),
        trouble=worst.trouble if worst else "",
        trouble_seconds=worst.trouble_seconds if worst else 0.0,
        since_ms=backlog.since_ms,
        seen_ms=backlog.seen_ms,
    )
