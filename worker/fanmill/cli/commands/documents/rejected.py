"""`fanmill rejected`: lists, shows, replays and drops rejections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from fanmill.cli.action_options import Reason, Where, where_filter
from fanmill.cli.commands.documents import failure_groups, rejected_actions
from fanmill.cli.console import (
    counted,
    display,
    fail,
    guarded,
    json_line,
    line,
    load_wiring,
    remark,
    stdout,
)
from fanmill.cli.exits import Exit
from fanmill.cli.help import Command, Group
from fanmill.cli.options import Json, Limit, RedisUrl
from fanmill.cli.partitions import any_partition, each_partition

if TYPE_CHECKING:
    from fanmill.ports import RejectedEntry

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""List, group, show, replay or drop rejected events.

    Examples:

      fanmill rejected list
    """,
)

_LISTED: Final = 100


@app.command("list", cls=Command)
@each_partition
@guarded
def list_entries(
    redis_url: RedisUrl = None,
    limit: Limit = None,
    after: Annotated[
        str | None, typer.Option(metavar="ID", help="Only rejections after this rejected id.")
    ] = None,
    reason: Reason = None,
    where: Where = None,
    as_json: Json = False,
) -> None:
    """List rejections, the oldest first; 100 of them unless --limit or --json is given.

    Examples:

      fanmill rejected list

      fanmill rejected list --reason malformed-event --json

      fanmill rejected list --where 'stage:tag age:<1h'
    """
    from fanmill.actions.rejection_values import matches_rejection

    wanted = where_filter(where)
    wiring = load_wiring(redis_url)
    now_ms = wiring.rejections.now_ms() if wanted.terms else 0
    maximum = limit if limit is not None or as_json else _LISTED
    listed = 0
    rows: list[RejectedEntry] = []
    for entry in wiring.rejections.entries(after):
        if reason is not None and entry.event.data.reason != reason:
            continue
        if not matches_rejection(wanted, entry, now_ms):
            continue
        if maximum is not None and listed == maximum:
            break
        listed += 1
        if as_json:
            json_line(_facts(entry))
        else:
            rows.append(entry)
    if not as_json:
        if rows:
            from fanmill.cli.tables import rejected_table

            display(rejected_table(rows, stdout().width))
        count = wiring.rejections.count()
        remark(f"{listed:,} of {counted(count, 'rejection')}" if count else "no rejection")


app.command("groups", cls=Command)(failure_groups.groups)


@app.command("show", cls=Command)
@any_partition
@guarded
def show_entry(
    rejected_id: Annotated[str, typer.Argument(metavar="ID", help="Rejected id, from list.")],
    redis_url: RedisUrl = None,
    as_json: Json = False,
) -> None:
    """Show one rejection with its original event.

    Examples:

      fanmill rejected show 1769850000000-0

      fanmill rejected show 1769850000000-0 --json
    """
    wiring = load_wiring(redis_url)
    entry = wiring.rejections.get(rejected_id)
    if entry is None:
        fail(Exit.FAILURE, f"no rejection {rejected_id!r} (fanmill rejected list)")
    if as_json:
        json_line({**_facts(entry), "original": _original(entry)})
        return
    if entry.replayed_as is not None and not entry.original:
        remark(f"replayed as {entry.replayed_as} by action {entry.replayed_by}")
        return

    from fanmill.cli.tables import facts

    display(facts((name.replace("_", " "), _value(value)) for name, value in _facts(entry).items()))
    if entry.cut_bytes is not None:
        remark(f"only the beginning of the original is kept; it had {entry.cut_bytes:,} bytes")
    for name, value in _original(entry).items():
        line(f"original {name}: {value}")


app.command("replay", cls=Command)(rejected_actions.replay)
app.command("drop", cls=Command)(rejected_actions.drop)


def _facts(entry: RejectedEntry) -> dict[str, object]:
    facts = {"id": entry.id, **entry.event.data.model_dump(mode="json")}
    if entry.replayed_as is not None:
        facts |= {"replayed_as": entry.replayed_as, "replayed_by": entry.replayed_by}
    return facts


def _value(value: object) -> object:
    return "" if value is None else value


def _original(entry: RejectedEntry) -> dict[str, str]:
    """Return the original fields as text, `event` first; bytes that are not UTF-8 as escapes."""
    from fanmill_contracts.streams import EVENT_FIELD

    fields = {
        name: value.decode(errors="backslashreplace") for name, value in entry.original.items()
    }
    return dict(sorted(fields.items(), key=lambda item: item[0] != EVENT_FIELD))
