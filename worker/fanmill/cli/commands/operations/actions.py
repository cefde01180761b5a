"""`fanmill actions`: lists, shows and aborts bulk actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fanmill.cli.console import counted, display, fail, guarded, json_line, load_wiring, remark
from fanmill.cli.exits import Exit
from fanmill.cli.help import Command, Group
from fanmill.cli.options import Json, Limit, RedisUrl
from fanmill.cli.partitions import any_partition, each_partition

if TYPE_CHECKING:
    from fanmill.ports import Action
    from fanmill.wiring import Wiring

_LISTED = 50

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""List, show or abort bulk actions on rejections and documents.

    Examples:

      fanmill actions list
    """,
)

ActionId = Annotated[str, typer.Argument(metavar="ID", help="Id of an action, from list.")]


@app.command("list", cls=Command)
@each_partition
@guarded
def list_actions(redis_url: RedisUrl = None, limit: Limit = None, as_json: Json = False) -> None:
    """List bulk actions, the newest first; 50 of them unless --limit is given.

    Examples:

      fanmill actions list

      fanmill actions list --json
    """
    found = load_wiring(redis_url).actions.newest(limit or _LISTED)
    if as_json:
        for action in found:
            json_line(action_facts(action))
        return
    if found:
        from fanmill.actions.outcomes import left_out
        from fanmill.cli.tables import add_row, listing, moment_ms

        numbers = ("looked at", "done", "left out")
        names = ("action", "created", "state", "kind", *numbers, "actor", "chosen, note")
        table = listing(*names, numbers=numbers)
        for action in found:
            acted, left = _acted(action), left_out(action.outcomes)[0]
            add_row(
                table,
                action.id,
                moment_ms(action.created_ms),
                action.state,
                action.order.kind,
                f"{action.examined:,}/{action.total:,}",
                f"{acted:,}",
                f"{left:,}",
                action.order.actor,
                "\n".join(part for part in (_chosen(action), action.order.note) if part),
            )
        display(table)
    remark(counted(len(found), "action") if found else "no action")


@app.command("show", cls=Command)
@any_partition
@guarded
def show_action(action_id: ActionId, redis_url: RedisUrl = None, as_json: Json = False) -> None:
    """Show one bulk action: its order, progress and outcomes.

    Examples:

      fanmill actions show 5d1c0e77

      fanmill actions show 5d1c0e77 --json
    """
    action = _get(load_wiring(redis_url), action_id)
    if as_json:
        json_line(action_facts(action))
        return
    from fanmill.cli.tables import facts

    rows = [(name.replace("_", " "), value) for name, value in action_facts(action).items()]
    display(facts((name, _shown(value)) for name, value in rows))


@app.command("abort", cls=Command)
@any_partition
@guarded
def abort_action(action_id: ActionId, redis_url: RedisUrl = None) -> None:
    """End a bulk action before its next slice; what is done stays done.

    An erasure takes no further documents, and ends when those it has taken are erased everywhere.

    Examples:

      fanmill actions abort 5d1c0e77
    """
    wiring = load_wiring(redis_url)
    if wiring.actions.abort(action_id):
        action = _get(wiring, action_id)
        what = "document" if action.order.kind == "forget" else "rejection"
        if action.state == "running":
            remark(f"it ends when the {counted(_acted(action), what)} it has taken are erased")
        else:
            remark(f"aborted after {counted(_acted(action), what)}")
        return
    action = _get(wiring, action_id)
    fail(Exit.FAILURE, f"action {action_id!r} has ended before: {action.state}")


def action_facts(action: Action) -> dict[str, object]:
    """Return an action for people and programs, the same facts for both."""
    from fanmill.core.entry_ids import rfc3339

    order = action.order
    return {
        "id": action.id,
        "kind": order.kind,
        "state": action.state,
        "actor": order.actor,
        "note": order.note,
        "filter": order.where,
        "ids": order.ids,
        "documents": order.documents,
        "edits": dict(order.edits),
        "rate": order.rate,
        "first": order.first,
        "created": rfc3339(action.created_ms),
        "finished": None if action.finished_ms is None else rfc3339(action.finished_ms),
        "until": action.until,
        "total": action.total,
        "examined": action.examined,
        "outcomes": dict(action.outcomes),
        "executor": action.owner or None,
    }


def _get(wiring: Wiring, action_id: str) -> Action:
    action = wiring.actions.get(action_id)
    if action is None:
        fail(Exit.FAILURE, f"no action {action_id!r} (fanmill actions list)")
    return action


def _acted(action: Action) -> int:
    from fanmill.ports import DONE_OUTCOMES

    return sum(action.outcomes.get(name, 0) for name in DONE_OUTCOMES)


def _chosen(action: Action) -> str:
    if action.order.kind == "forget":
        which = f": {action.order.where}" if action.order.where else ""
        return f"{counted(action.order.documents, 'document')}{which}"
    if action.order.ids:
        return counted(len(action.order.ids), "named rejection")
    return action.order.where or "all"


def _shown(value: object) -> object:
    if isinstance(value, dict):
        return ", ".join(f"{name} {number}" for name, number in value.items())
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else value
