"""The counts of failure groups in memory."""

from typing import Final

from pydantic_core import from_json

from fanmill.core.entry_ids import order_of
from fanmill.core.failure_group import OTHERS
from fanmill.ports import FailureGroup, Rejection
from fanmill.stores.rejection_event import group_facts, group_of
from fanmill.testing.server import Group, MemoryServer

_MAX_GROUPS: Final = 1000
_HOUR_MS: Final = 3_600_000


def enter_group(server: MemoryServer, rejection: Rejection, rejected_id: str) -> str:
    """Count a rejection in its failure group; return the group that counts it."""
    name = _group_for(server, group_of(rejection))
    facts = {} if name == OTHERS else from_json(group_facts(rejection))
    ms = order_of(rejected_id)[0]
    group = server.groups.setdefault(name, Group(facts, ms))
    group.last_ms, group.sample = ms, rejected_id
    group.open += 1
    group.ever += 1
    hour = ms // _HOUR_MS
    group.hours[hour] = group.hours.get(hour, 0) + 1
    return name


def leave_group(server: MemoryServer, name: str, rejected_id: str) -> None:
    """Take a rejection out of the open ones of its failure group."""
    group = server.groups.get(name)
    if group is None:
        return
    group.open -= 1
    if group.sample == rejected_id:
        group.sample = None


def list_groups(server: MemoryServer) -> list[FailureGroup]:
    """Return the failure groups, the one with the latest rejection first."""
    hour = int(server.now() * 1000) // _HOUR_MS
    return [
        FailureGroup(
            id=name,
            reason=group.facts.get("reason", ""),
            stage=group.facts.get("stage", ""),
            exception=group.facts.get("exception", ""),
            frame=group.facts.get("frame", ""),
            open=group.open,
            ever=group.ever,
            first_ms=group.first_ms,
            last_ms=group.last_ms,
            sample=group.sample,
            trend=tuple(group.hours.get(at, 0) for at in range(hour - 23, hour + 1)),
        )
        for name, group in reversed(_by_time(server))
    ]


def _group_for(server: MemoryServer, name: str) -> str:
    if name in server.groups or len(server.groups) < _MAX_GROUPS or _forget_group(server):
        return name
    return OTHERS


def _forget_group(server: MemoryServer) -> bool:
    for name, group in _by_time(server):
        if name != OTHERS and group.open == 0:
            others = server.groups.setdefault(OTHERS, Group({}, group.first_ms, group.last_ms))
            others.ever += group.ever
            del server.groups[name]
            return True
    return False


def _by_time(server: MemoryServer) -> list[tuple[str, Group]]:
    return sorted(server.groups.items(), key=lambda item: (item[1].last_ms, item[0]))
