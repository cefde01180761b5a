"""`fanmill waiting` and `fanmill inflight`: list and remove events without an end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from fanmill.cli.console import counted, display, fail, guarded, json_line, load_wiring, remark
from fanmill.cli.exits import Exit
from fanmill.cli.help import Command, Group
from fanmill.cli.options import DryRun, Json, Limit, Note, RedisUrl, Yes, confirm
from fanmill.cli.partitions import each_partition, spread_ids

if TYPE_CHECKING:
    from fanmill.ops.backlog import WaitingEntry
    from fanmill.wiring import Wiring

_LISTED: Final = 100

waiting_app = typer.Typer(
    cls=Group,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="""List or remove events that no intake has read.

    Examples:

      fanmill waiting

      fanmill waiting remove 1769850000000-0 --note "sent twice"
    """,
)
in_flight_app = typer.Typer(
    cls=Group,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="""List or remove events in flight: read, without a record or rejection.

    Examples:

      fanmill inflight

      fanmill inflight remove 1769850000000-0 --note "hangs"
    """,
)

Entries = Annotated[list[str], typer.Argument(metavar="ENTRY", help="Entry ids, from the listing.")]


def _known(wiring: Wiring, entry_id: str) -> bool:
    return bool(wiring.redis.xrange(wiring.keys.ingested, entry_id, entry_id))


@waiting_app.callback()
@each_partition
@guarded
def waiting(
    context: typer.Context,
    redis_url: RedisUrl = None,
    source: Annotated[
        str | None, typer.Option(metavar="SOURCE", help="Only events of this source.")
    ] = None,
    limit: Limit = None,
    as_json: Json = False,
) -> None:
    """List or remove events that no intake has read; the oldest first, 100 of them.

    With --source it looks at the first 10,000 waiting events. The ids are those that the events
    claim; nothing has verified them.

    Examples:

      fanmill waiting

      fanmill waiting --source /press --limit 20 --json
    """
    if context.invoked_subcommand is not None:
        return
    wiring = load_wiring(redis_url)

    from fanmill.ops.backlog import MAX_SCANNED
    from fanmill.ops.backlog import waiting as look

    maximum, looked_at = limit or _LISTED, 0
    rows: list[WaitingEntry] = []
    for entry in look(wiring.redis, wiring.keys):
        if looked_at == MAX_SCANNED or len(rows) == maximum:
            break
        looked_at += 1
        if source is None or entry.source == source:
            rows.append(entry)
            if as_json:
                json_line(entry)
    if not as_json and rows:
        from fanmill.cli.tables import add_row, duration, listing

        table = listing("entry", "document", "event", "source", "age", "bytes", numbers={"bytes"})
        table.columns[0].no_wrap = table.columns[4].no_wrap = True
        for each in rows:
            shown = (each.document_id or "?", each.event_id or "?", each.source or "?")
            add_row(table, each.entry_id, *shown, duration(each.age_seconds), f"{each.bytes:,}")
        display(table)
    remark(_extent(len(rows), looked_at, _waiting_count(wiring), source))


@waiting_app.command("remove", cls=Command)
@spread_ids("entries", _known)
@guarded
def remove_waiting(
    entries: Entries,
    redis_url: RedisUrl = None,
    note: Note = "",
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Take waiting events off the backlog; each becomes a rejection with the reason removed.

    The rejection keeps the event, so that it can be replayed.

    Examples:

      fanmill waiting remove 1769850000000-0 --note "sent twice" --yes
    """
    wiring, chosen = load_wiring(redis_url), _checked(entries)

    from fanmill.ops.backlog import remove_waiting as remove
    from fanmill.ops.backlog import which_wait

    there = which_wait(wiring.redis, wiring.keys, chosen)
    if not _agreed(chosen, there, "waiting event", yes=yes, dry_run=dry_run):
        return
    removed = remove(wiring.redis, wiring.keys, chosen, _why(note))
    _tell(chosen, removed, "waiting event")


@in_flight_app.callback()
@each_partition
@guarded
def in_flight(
    context: typer.Context, redis_url: RedisUrl = None, limit: Limit = None, as_json: Json = False
) -> None:
    """List or remove events in flight, with stage, attempt and worker; the oldest first, 100.

    Examples:

      fanmill inflight

      fanmill inflight --json
    """
    if context.invoked_subcommand is not None:
        return
    wiring = load_wiring(redis_url)

    from fanmill.ops.backlog import count_in_flight
    from fanmill.ops.backlog import in_flight as look

    count = count_in_flight(wiring.redis, wiring.keys)
    rows = look(wiring.redis, wiring.keys, limit or _LISTED) if count else []
    if as_json:
        for each in rows:
            json_line(each)
    elif rows:
        from fanmill.cli.tables import add_row, duration, listing, moment_ms

        table = listing("entry", "document", "stage", "attempt", "since, worker", "age")
        table.columns[0].no_wrap = table.columns[5].no_wrap = True
        for each in rows:
            since = "waits" if each.since_ms is None else moment_ms(each.since_ms)
            add_row(
                table,
                each.entry_id,
                each.document_id or "?",
                each.stage,
                each.attempt,
                f"{since}\n{each.worker or ''}".strip(),
                duration(each.age_seconds),
            )
        display(table)
    remark(
        f"{len(rows):,} of {_several(count, 'event in flight')}"
        if count
        else "no event is in flight"
    )


@in_flight_app.command("remove", cls=Command)
@spread_ids("entries", _known)
@guarded
def remove_in_flight(
    entries: Entries,
    redis_url: RedisUrl = None,
    note: Note = "",
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Reject events in flight with the reason removed; a result that still comes is dropped.

    Examples:

      fanmill inflight remove 1769850000000-0 --note "hangs" --yes
    """
    wiring, chosen = load_wiring(redis_url), _checked(entries)

    from fanmill.ops.backlog import held_by_group
    from fanmill.ops.backlog import remove_in_flight as remove

    held = [each for each in chosen if held_by_group(wiring.redis, wiring.keys, each)]
    if not _agreed(chosen, held, "event in flight", yes=yes, dry_run=dry_run):
        return
    removed = remove(wiring.redis, wiring.keys, chosen, _why(note))
    for each in removed:
        if each.document_id is not None:
            wiring.index.forget(each.document_id, each.entry_id)
    _tell(chosen, [each.entry_id for each in removed], "event in flight")


def _checked(entries: list[str]) -> list[str]:
    from fanmill.core.entry_ids import is_entry_id

    wrong = [each for each in entries if not is_entry_id(each)]
    if wrong:
        fail(Exit.USAGE, f"not an entry id: {', '.join(map(repr, wrong))} (as 1769850000000-0)")
    return list(dict.fromkeys(entries))


def _why(note: str) -> str:
    from fanmill.cli.actor import actor

    return f"removed by {actor()}" + (f": {note}" if note else "")


def _agreed(chosen: list[str], there: list[str], noun: str, *, yes: bool, dry_run: bool) -> bool:
    """Return whether to remove entries; ask if needed, and end the command if none is there."""
    if dry_run:
        remark(f"would remove {_several(len(there), noun)}")
    if dry_run or not there:
        _fail_missing(chosen, there, noun)
        return False
    confirm(f"remove {_several(len(there), noun)}", yes=yes)
    return True


def _tell(chosen: list[str], removed: list[str], noun: str) -> None:
    remark(f"removed {_several(len(removed), noun)}; see fanmill rejected list --reason removed")
    _fail_missing(chosen, removed, noun)


def _fail_missing(chosen: list[str], there: list[str], noun: str) -> None:
    missing = [each for each in chosen if each not in there]
    if missing:
        fail(Exit.FAILURE, f"no {noun} {', '.join(map(repr, missing))} (fanmill trace ID)")


def _several(number: int, noun: str) -> str:
    """Return a number with `waiting event` or `event in flight`."""
    if noun == "event in flight":
        return f"{counted(number, 'event')} in flight"
    return counted(number, noun)


def _extent(shown: int, looked_at: int, waiting: int, source: str | None) -> str:
    """Return how many of the waiting events a list shows."""
    if not waiting:
        return "no event waits"
    all_of = counted(waiting, "waiting event")
    if source is None:
        return f"{shown:,} of {all_of}"
    return f"{shown:,} from {source!r}, after a look at {looked_at:,} of {all_of}"


def _waiting_count(wiring: Wiring) -> int:
    from fanmill.ops.backlog import count_in_flight

    length = int(wiring.redis.xlen(wiring.keys.ingested))
    return max(0, length - count_in_flight(wiring.redis, wiring.keys))
