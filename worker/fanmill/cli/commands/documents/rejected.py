"""`fanmill rejected`: lists, shows, replays and drops rejections."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fanmill.cli.commands.documents import failure_groups
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
from fanmill.cli.options import DryRun, Json, Limit, RedisUrl, Yes, confirm

if TYPE_CHECKING:
    from fanmill.ports import RejectedEntry
    from fanmill.wiring import Wiring

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

Ids = Annotated[
    list[str] | None, typer.Argument(metavar="ID", help="Rejected ids.", show_default=False)
]
All = Annotated[
    bool, typer.Option("--all", help="All rejections; with --reason all with that reason.")
]
Reason = Annotated[
    str | None, typer.Option(metavar="REASON", help="Only with this reason, such as worker-lost.")
]


@app.command("list", cls=Command)
@guarded
def list_entries(
    redis_url: RedisUrl = None,
    limit: Limit = None,
    after: Annotated[
        str | None, typer.Option(metavar="ID", help="Only rejections after this rejected id.")
    ] = None,
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    """List rejections, the oldest first; 100 of them unless --limit or --json is given.

    Examples:

      fanmill rejected list

      fanmill rejected list --reason malformed-event --json
    """
    wiring = load_wiring(redis_url)
    maximum = limit if limit is not None or as_json else _LISTED
    listed = 0
    rows: list[RejectedEntry] = []
    for entry in wiring.rejections.entries(after):
        if reason is not None and entry.event.data.reason != reason:
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
        remark(f"{listed:,} of {counted(wiring.rejections.count(), 'rejection')}")


app.command("groups", cls=Command)(failure_groups.groups)


@app.command("show", cls=Command)
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

    from fanmill.cli.tables import facts

    display(facts((name.replace("_", " "), _value(value)) for name, value in _facts(entry).items()))
    if entry.cut_bytes is not None:
        remark(f"only the beginning of the original is kept; it had {entry.cut_bytes:,} bytes")
    for name, value in _original(entry).items():
        line(f"original {name}: {value}")


@app.command(cls=Command)
@guarded
def replay(
    ids: Ids = None, redis_url: RedisUrl = None, every: All = False, reason: Reason = None
) -> None:
    """Put rejected events back on the ledger, to be processed again.

    Examples:

      fanmill rejected replay 1769850000000-0

      fanmill rejected replay --all --reason worker-lost
    """
    wiring = load_wiring(redis_url)
    chosen = _chosen(wiring, ids, every, reason)
    _each(chosen, lambda each: wiring.rejections.replay(each) is not None, "replayed")


@app.command(cls=Command)
@guarded
def drop(
    ids: Ids = None,
    redis_url: RedisUrl = None,
    every: All = False,
    reason: Reason = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Remove rejections for good, with their original events.

    Asks before it acts.

    Examples:

      fanmill rejected drop 1769850000000-0 --yes

      fanmill rejected drop --all --reason malformed-event --dry-run
    """
    wiring = load_wiring(redis_url)
    chosen = _chosen(wiring, ids, every, reason)
    missing = [each for each in chosen if wiring.rejections.get(each) is None] if ids else []
    if missing:
        _fail_missing(missing)
    if dry_run:
        remark(f"would drop {counted(len(chosen), 'rejection')}")
        return
    if chosen:
        confirm(f"drop {counted(len(chosen), 'rejection')} for good", yes=yes)
    _each(chosen, wiring.rejections.drop, "dropped")


def _chosen(wiring: Wiring, ids: list[str] | None, every: bool, reason: str | None) -> list[str]:
    if bool(ids) == every:
        fail(Exit.USAGE, "name rejected ids, or give --all")
    if reason is not None and not every:
        fail(Exit.USAGE, "--reason goes with --all")
    if not every:
        return list(ids or [])
    # A replayed event may be rejected again meanwhile: only what is there now.
    count = wiring.rejections.count()
    return [
        entry.id
        for entry in wiring.rejections.entries(limit=count)
        if reason is None or entry.event.data.reason == reason
    ]


def _each(chosen: list[str], act: Callable[[str], bool], done: str) -> None:
    """Act on each rejection; one that cannot be replayed does not keep the others back."""
    from fanmill.ports import NotReplayable

    missing: list[str] = []
    kept = 0
    for rejected_id in chosen:
        try:
            if not act(rejected_id):
                missing.append(rejected_id)
        except NotReplayable as error:
            kept += 1
            remark(str(error))
    remark(f"{done} {counted(len(chosen) - len(missing) - kept, 'rejection')}")
    if missing:
        _fail_missing(missing)
    if kept:
        raise typer.Exit(Exit.FAILURE)


def _fail_missing(missing: list[str]) -> None:
    names = ", ".join(map(repr, missing))
    fail(Exit.FAILURE, f"no rejection {names} (fanmill rejected list)")


def _facts(entry: RejectedEntry) -> dict[str, object]:
    return {"id": entry.id, **entry.event.data.model_dump(mode="json")}


def _value(value: object) -> object:
    return "" if value is None else value


def _original(entry: RejectedEntry) -> dict[str, str]:
    """Return the original fields as text, `event` first; bytes that are not UTF-8 as escapes."""
    from fanmill_contracts.streams import EVENT_FIELD

    fields = {
        name: value.decode(errors="backslashreplace") for name, value in entry.original.items()
    }
    return dict(sorted(fields.items(), key=lambda item: item[0] != EVENT_FIELD))
