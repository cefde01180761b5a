"""`fanmill trace`: the whereabouts of a document, event or entry."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from fanmill.cli.console import counted, display, guarded, json_line, remark
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, RedisUrl
from fanmill.cli.partitions import partition_settings

if TYPE_CHECKING:
    from fanmill.ops.trace_answer import Trace


@guarded
def trace(
    wanted: Annotated[
        str, typer.Argument(metavar="ID", help="Id of a document, event, entry or rejection.")
    ],
    redis_url: RedisUrl = None,
    source: Annotated[
        str | None,
        typer.Option(metavar="SOURCE", help="Source of the event; without it, all that are known."),
    ] = None,
    whole: Annotated[
        bool,
        typer.Option("--whole", help="Search all waiting events and all rejections, however many."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Say where a document, event or entry is: waiting, in flight, complete, rejected or replayed.

    The id of an event that no intake has read or admitted is found by a search: of the first and
    the last 400 waiting events and 200 rejections, or of all with --whole. Exit code 1 if the id
    was never seen.

    Examples:

      fanmill trace harbour-bridge

      fanmill trace 1769850000000-0 --json
    """
    number, found = _found(wanted, redis_url, source, whole=whole)
    if as_json:
        json_line(found if number is None else {**asdict(found), "ledger_partition": number})
    else:
        from fanmill.cli.tables import facts

        place = [] if number is None else [("partition", number)]
        display(facts([*_rows(found), *place]))
        if found.searched_all is False:
            remark(f"{_searched(found)}; to search all: --whole")
    if found.state == "never seen":
        raise typer.Exit(Exit.FAILURE)


def _found(
    wanted: str, redis_url: str | None, source: str | None, *, whole: bool
) -> tuple[int | None, Trace]:
    """Return the trace of the first partition that knows the id, and its number."""
    from fanmill.ops.trace import Tracer
    from fanmill.wiring import CLI_RETRY_SECONDS, Wiring

    last = None
    for settings in partition_settings(redis_url):
        wiring = Wiring(settings, retry_seconds=CLI_RETRY_SECONDS)
        found = Tracer(wiring.redis, wiring.keys, source=source, whole=whole).trace(wanted)
        last = (settings.partition, found)
        if found.state != "never seen":
            break
    assert last is not None  # noqa: S101
    return last


def _searched(found: Trace) -> str:
    if found.scanned is None:
        return "not all rejections were searched"
    rejections = counted(found.scanned_rejections or 0, "rejection")
    return f"{counted(found.scanned, 'waiting event')} and {rejections} were searched, not all"


def _rows(found: Trace) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = [("id", found.id), ("state", _words(found))]
    rows += [
        ("document", found.document_id),
        ("entry", found.entry_id),
        ("rejected id", found.rejected_id),
        ("error", found.error),
        ("revisions", found.revisions),
        ("note", found.note),
    ]
    for target, pause in (found.pauses or {}).items():
        reason = f": {pause.note}" if pause.note else ""
        rows.append(("paused", f"{target}, by {pause.by}{reason}"))
    return [(name, value) for name, value in rows if value is not None]


def _words(found: Trace) -> str:
    from fanmill.cli.tables import duration

    match found.state:
        case "waiting":
            about = "" if found.exact else "about "
            estimated = found.estimated_seconds
            when = "" if estimated is None else f"; read in about {duration(estimated)}"
            return f"waiting at position {about}{found.position:,} of {found.waiting:,}{when}"
        case "in flight":
            return f"in flight: {_held(found)}"
        case "complete":
            return f"complete since {found.completed_at}: {found.verdict}"
        case "rejected":
            return f"rejected in {found.stage}: {found.reason}"
        case "replayed":
            then = "" if found.then is None else f"; that one is {_words(found.then)}"
            return f"replayed as {found.replayed_as}{then}"
        case other:
            return other


def _held(found: Trace) -> str:
    from fanmill.cli.tables import duration, moment_ms

    held = found.in_flight
    if held is None:
        return ""
    if held.attempt == 0 or held.since_ms is None:
        return f"waits for a worker of {held.stage} for {duration(held.idle_seconds)}"
    by = f" by {held.worker}" if held.worker else ""
    return f"{held.stage}, attempt {held.attempt}, since {moment_ms(held.since_ms)}{by}"
