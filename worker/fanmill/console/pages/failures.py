"""Failures: groups, rejections that match a filter, and one rejection."""

from __future__ import annotations

from typing import Any

from fanmill.console.page import NotFound, Page, Query
from fanmill.core.filters.rejection_keys import REJECTION_KEYS
from fanmill.ports import FailureGroup
from fanmill.screens.bulk import bulk_address
from fanmill.screens.editing import fields_of
from fanmill.screens.failure_acts import ACTS
from fanmill.screens.failures import (
    cause,
    find,
    group_filter,
    groups,
    groups_table,
    next_address,
)
from fanmill.screens.forms import shortened
from fanmill.screens.reading import Reader
from fanmill.screens.rejection import RejectionView, look_at


def view(reader: Reader, query: Query) -> dict[str, Any]:
    """Return the failure groups."""
    return {
        "table": groups_table(reader),
        "now_ms": reader.now_ms(),
        **_bar(query.get("where", "")),
    }


def group_view(reader: Reader, query: Query) -> dict[str, Any]:
    """Return a group with its rejections."""
    group = next((each for each in groups(reader) if each.id == query["group"]), None)
    if group is None:
        raise NotFound(f"There is no failure group {query['group'][:100]!r} any more.")
    where = group_filter(group.id)
    after = query.get("after", "")
    if not after and len(reader.partitions) == 1 and group.first_ms > 0:
        # A rejection of the group is not before its first.
        after = f"{reader.first.number}:{group.first_ms - 1}-0"
    found = find(reader, where, after)
    now_ms = reader.now_ms()
    return {
        "heading": _heading(group),
        "now_ms": now_ms,
        "group": group,
        "found": found,
        "sample": group.sample,
        **_around(found, where),
    }


def rejections_view(reader: Reader, query: Query) -> dict[str, Any]:
    """Return the rejections that match a filter."""
    where = query.get("where", "").strip()
    found = find(reader, where, query.get("after", ""))
    return {"found": found, "now_ms": reader.now_ms(), **_bar(where), **_around(found, where)}


def rejection_view(reader: Reader, query: Query) -> dict[str, Any]:
    """Return one rejection."""
    seen = _rejection(reader, query)
    return {
        "heading": f"Rejection of {shortened(seen.entry.event.data.document_id or seen.entry.id)}",
        "seen": seen,
        "data": seen.entry.event.data,
        "replay": bulk_address("replay", ids=[seen.id]),
        "first": bulk_address("replay", ids=[seen.id], first=True),
        "drop": bulk_address("drop", ids=[seen.id]),
    }


def edit_view(reader: Reader, query: Query) -> dict[str, Any]:
    """Return one rejection for the form that edits its event."""
    seen = _rejection(reader, query)
    return {"seen": seen, "data": seen.entry.event.data, "fields": fields_of(seen.event)}


def _rejection(reader: Reader, query: Query) -> RejectionView:
    seen = look_at(reader, query["partition"], query["id"])
    if seen is None:
        raise NotFound(f"There is no rejection {query['id'][:60]!r}; it may have been dropped.")
    return seen


def _heading(group: FailureGroup) -> str:
    # The cause of a failure of intake names the member of the event.
    return f"{cause(group)} in {group.stage}" if group.stage != "intake" else cause(group)


def _bar(where: str) -> dict[str, Any]:
    return {"where": where, "filter_keys": REJECTION_KEYS}


def _around(found: Any, where: str) -> dict[str, Any]:
    return {
        "more": next_address("rejections", found),
        "replay": bulk_address("replay", where=where),
        "first": bulk_address("replay", where=where, first=True),
        "edit": bulk_address("edit", where=where),
        "drop": bulk_address("drop", where=where),
    }


PAGES = (
    Page("failures", "Failures", "/failures", view, key="f", live=True),
    Page("failure_group", "Failure group", "/failures/{group:path}", group_view),
    Page("rejections", "Rejections", "/rejections", rejections_view),
    Page(
        "rejection_edit", "Edit and replay", "/rejections/{partition}/{id}/edit", edit_view,
        role="operator",
    ),
    Page("rejection", "Rejection", "/rejections/{partition}/{id}", rejection_view),
)  # fmt: skip

__all__ = ["ACTS", "PAGES"]
