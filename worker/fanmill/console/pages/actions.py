"""Bulk actions: the log, one of them, and the dry run of a new one."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from fanmill.console.page import NotFound, Page, Query, Refused
from fanmill.core.filters.rejection_keys import REJECTION_KEYS
from fanmill.screens.actions import actions_table, look_at
from fanmill.screens.bulk import KINDS, dry_run, read_order
from fanmill.screens.failures import find, ids_of, sample
from fanmill.screens.filter_words import in_words
from fanmill.screens.reading import Reader

FIRST_LOOK: Final = 1000
"""Rejections that a dry run looks at before its page is there."""


def view(reader: Reader, _: Query) -> dict[str, Any]:
    """Return the newest actions."""
    return {"table": actions_table(reader), "now_ms": reader.now_ms()}


def action_view(reader: Reader, query: Query) -> dict[str, Any]:
    """Return one action."""
    seen = look_at(reader, query["id"])
    if seen is None:
        raise NotFound(
            f"There is no action {query['id'][:60]!r}; "
            "actions are kept for 90 days after their end."
        )
    return {
        "heading": f"Action {seen.action.id}",
        "seen": seen,
        "action": seen.action,
        "order": seen.action.order,
    }


def new_view(reader: Reader, query: Query) -> dict[str, Any]:
    """Return the dry run of an action that does not exist yet."""
    kind = query.get("kind", "replay")
    values: dict[str, Any] = {
        "kind": kind if kind in KINDS else "replay",
        "kinds": KINDS,
        "where": query.get("where", ""),
        "ids": query.get("ids", ""),
        "edits": query.get("edits", ""),
        "first": query.get("first", ""),
        "rate": query.get("rate", ""),
        "filter_keys": REJECTION_KEYS,
        "run": None,
        "rest": "",
        "error": "",
        "table": None,
        "chosen": "",
    }
    try:
        order = read_order(query, "")
        if order.kind == "edit" and not order.edits:
            return {**values, "error": "Write at least one edit, such as data.language=de."}
        # The first answer is there at once; the script asks for the whole.
        whole = bool(query.get("whole"))
        run = dry_run(reader, order, None if whole else FIRST_LOOK)
    except Refused as error:
        return {**values, "error": str(error)}
    count = len(order.ids)
    chosen = f"{count:,} named" if count else in_words(order.where)
    ids = list(order.ids)
    table = ids_of(reader, ids) if count else sample(find(reader, order.where, most=FIRST_LOOK))
    now_ms = reader.now_ms()
    rest = "" if run.whole else f"/actions/new?{urlencode({**query, 'whole': 'on'})}"
    return {
        **values,
        "run": run,
        "rest": rest,
        "chosen": chosen,
        "table": table,
        "now_ms": now_ms,
    }


PAGES = (
    Page("actions", "Actions", "/actions", view, key="a", live=True),
    Page("action_new", "Dry run", "/actions/new", new_view, role="operator"),
    Page("action", "Action", "/actions/{id}", action_view, live=True),
)
