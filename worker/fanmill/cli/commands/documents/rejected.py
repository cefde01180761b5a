"""`fanmill rejected`: the dead letters, to look at, put back or remove."""

from collections.abc import Callable
from typing import Annotated

import typer

from fanmill.cli.console import fail, guarded, json_line, load_settings, stderr, stdout
from fanmill.cli.exits import EPILOG, Exit
from fanmill.cli.options import Json, Limit, RedisUrl
from fanmill.cli.tables import rejected_table
from fanmill.ports import RejectedEntry
from fanmill.wiring import CLI_RETRY_SECONDS, Wiring
from fanmill_contracts.streams import EVENT_FIELD

app = typer.Typer(
    no_args_is_help=True, help="Rejected events: list, show, replay, drop.", epilog=EPILOG
)

Ids = Annotated[
    list[str] | None, typer.Argument(metavar="ID...", help="Rejected ids.", show_default=False)
]
All = Annotated[bool, typer.Option("--all", help="All of them; with --reason all of that reason.")]
Reason = Annotated[str | None, typer.Option(help="Only of this reason, such as worker-lost.")]


@app.command("list", epilog=EPILOG)
@guarded
def list_entries(
    redis_url: RedisUrl = None,
    limit: Limit = None,
    after: Annotated[str | None, typer.Option(help="Only behind this rejected id.")] = None,
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    """List rejections, the oldest first; 100 unless --limit says or --json is given.

    Examples:

      fanmill rejected list

      fanmill rejected list --reason malformed-event --json
    """
    wiring = Wiring(load_settings(redis_url), retry_seconds=CLI_RETRY_SECONDS)
    most = limit if limit is not None or as_json else 100
    given = 0
    rows: list[RejectedEntry] = []
    for entry in wiring.rejections.entries(after):
        if reason is not None and entry.event.data.reason != reason:
            continue
        if most is not None and given == most:
            break
        given += 1
        if as_json:
            json_line(_facts(entry))
        else:
            rows.append(entry)
    if not as_json:
        if rows:
            stdout.print(rejected_table(rows))
        stderr.print(f"{given:,} of {wiring.rejections.count():,} rejections")


@app.command("show", epilog=EPILOG)
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
    wiring = Wiring(load_settings(redis_url), retry_seconds=CLI_RETRY_SECONDS)
    entry = wiring.rejections.get(rejected_id)
    if entry is None:
        fail(Exit.FAILURE, f"no rejection {rejected_id!r} (fanmill rejected list)")
    if as_json:
        json_line({**_facts(entry), "original": _original(entry)})
        return
    stdout.print(rejected_table([entry]))
    for name, value in _original(entry).items():
        stdout.print(f"original {name}: {value}", markup=False)


@app.command(epilog=EPILOG)
@guarded
def replay(
    ids: Ids = None, redis_url: RedisUrl = None, every: All = False, reason: Reason = None
) -> None:
    """Put rejected events back on the ledger, to be processed anew.

    Examples:

      fanmill rejected replay 1769850000000-0

      fanmill rejected replay --all --reason worker-lost
    """
    wiring = Wiring(load_settings(redis_url), retry_seconds=CLI_RETRY_SECONDS)
    _each(
        wiring,
        ids,
        every,
        reason,
        lambda rejected_id: wiring.rejections.replay(rejected_id) is not None,
        "replayed",
    )


@app.command(epilog=EPILOG)
@guarded
def drop(
    ids: Ids = None, redis_url: RedisUrl = None, every: All = False, reason: Reason = None
) -> None:
    """Remove rejections for good, their original events with them.

    Examples:

      fanmill rejected drop 1769850000000-0

      fanmill rejected drop --all --reason malformed-event
    """
    wiring = Wiring(load_settings(redis_url), retry_seconds=CLI_RETRY_SECONDS)
    _each(wiring, ids, every, reason, wiring.rejections.drop, "dropped")


def _each(
    wiring: Wiring,
    ids: list[str] | None,
    every: bool,
    reason: str | None,
    act: Callable[[str], bool],
    done: str,
) -> None:
    if bool(ids) == every:
        fail(Exit.USAGE, "name rejected ids, or give --all")
    if reason is not None and not every:
        fail(Exit.USAGE, "--reason goes with --all")
    # A replayed event may be rejected again meanwhile: only what is there now.
    chosen = list(ids or [])
    if every:
        count = wiring.rejections.count()
        chosen = [
            entry.id
            for entry in wiring.rejections.entries(limit=count)
            if reason is None or entry.event.data.reason == reason
        ]
    missing = [rejected_id for rejected_id in chosen if not act(rejected_id)]
    stderr.print(f"{done} {len(chosen) - len(missing):,}")
    if missing:
        fail(Exit.FAILURE, f"no rejection {', '.join(map(repr, missing))} (fanmill rejected list)")


def _facts(entry: RejectedEntry) -> dict[str, object]:
    return {"id": entry.id, **entry.event.data.model_dump(mode="json")}


def _original(entry: RejectedEntry) -> dict[str, str]:
    """Return the original fields as text; what is not UTF-8 shows as escapes."""
    fields = {
        name: value.decode(errors="backslashreplace") for name, value in entry.original.items()
    }
    return dict(sorted(fields.items(), key=lambda item: item[0] != EVENT_FIELD))
