"""`fanmill sinks`: lists and removes sinks, and shows what they have set aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from fanmill.cli.console import counted, display, fail, guarded, json_line, load_wiring, remark
from fanmill.cli.exits import Exit
from fanmill.cli.help import Command, Group
from fanmill.cli.options import Json, RedisUrl
from fanmill.cli.partitions import each_partition

if TYPE_CHECKING:
    from rich.table import Table

    from fanmill.ops.sinks import SinkView

app = typer.Typer(
    cls=Group,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="""List the sinks; remove one; look at outcomes that were set aside.

    Examples:

      fanmill sinks

      fanmill sinks unreadable

      fanmill sinks remove sqlite-5f0c1a
    """,
)


@app.callback()
@each_partition
@guarded
def sinks(context: typer.Context, redis_url: RedisUrl = None, as_json: Json = False) -> None:
    """List the sinks; remove one; look at outcomes that were set aside.

    Examples:

      fanmill sinks

      fanmill sinks --json
    """
    if context.invoked_subcommand is not None:
        return
    wiring = load_wiring(redis_url)

    from fanmill.ops.process_registry import running_processes
    from fanmill.ops.sinks import views_of

    processes = running_processes(wiring.redis, wiring.keys)
    found = views_of(wiring.sinks.backlogs(), processes)
    if as_json:
        for each in found:
            json_line(each)
        return
    if not found:
        remark("no sink is registered; records stay in Redis only (fanmill sink)")
        return
    display(table_of(found))


def table_of(sinks: Sequence[SinkView]) -> Table:
    """Return the table of sinks."""
    from fanmill.cli.tables import add_row, duration, listing

    numbers = {"processes", "to be stored", "oldest"}
    table = listing(
        "sink", "store", "processes", "to be stored", "oldest", "trouble",
        numbers=numbers, title="sinks",
    )  # fmt: skip
    for sink in sinks:
        trouble = sink.trouble and f"for {duration(sink.trouble_seconds)}: {sink.trouble}"
        if not sink.processes:
            trouble = "no process runs (fanmill sink)"
        oldest = duration(sink.oldest_seconds) if sink.unstored else ""
        add_row(table, sink.name, sink.store, sink.processes, f"{sink.unstored:,}", oldest, trouble)
    return table


@app.command(cls=Command)
@each_partition
@guarded
def remove(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of the sink, from fanmill sinks.")
    ],
    redis_url: RedisUrl = None,
    as_json: Json = False,
) -> None:
    """Remove a sink that is out of service for good, so that nothing is kept for it.

    Outcomes that it did not store are trimmed from then on. A sink that is started again is
    registered again, and stores what the streams still hold.

    Examples:

      fanmill sinks remove sqlite-5f0c1a
    """
    wiring = load_wiring(redis_url)

    from fanmill.ops.process_registry import running_processes

    running = [each for each in running_processes(wiring.redis, wiring.keys) if each.sink == name]
    if running:
        fail(
            Exit.FAILURE,
            f"the sink {name!r} still runs; stop it first: "
            + ", ".join(f"{each.host} pid {each.pid}" for each in running),
        )
    unstored = {each.name: each.unstored for each in wiring.sinks.backlogs()}
    if not wiring.sinks.remove(name):
        known = ", ".join(unstored) or "none"
        fail(Exit.FAILURE, f"no sink is called {name!r}; registered: {known}")
    if as_json:
        json_line({"sink": name, "removed": True, "unstored": unstored.get(name, 0)})
        return
    remark(f"removed the sink {name}; {unstored.get(name, 0):,} outcomes were not stored by it")


@app.command(cls=Command)
@each_partition
@guarded
def unreadable(
    redis_url: RedisUrl = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Let the sinks try all of them again.")
    ] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Remove all of them for good.")] = False,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Maximum number shown.")] = 50,
    as_json: Json = False,
) -> None:
    """Show outcomes that a sink has set aside: no events, or refused by the store.

    They are kept in Redis, and the other outcomes went on. At 1,000 of them the sinks stop.

    Examples:

      fanmill sinks unreadable

      fanmill sinks unreadable --retry
    """
    if retry and drop:
        fail(Exit.USAGE, "give --retry or --drop, not both")
    wiring = load_wiring(redis_url)
    if retry or drop:
        done = wiring.sinks.retry_unreadable() if retry else wiring.sinks.drop_unreadable()
        word = "put back" if retry else "dropped"
        if as_json:
            json_line({word.replace(" ", "_"): done})
        else:
            remark(f"{word} {counted(done, 'outcome')}")
        return
    found = wiring.sinks.unreadable(limit)
    if as_json:
        for each in found:
            json_line(each)
        return
    if not found:
        remark("no outcome is set aside")
        return

    from fanmill.cli.tables import add_row, listing

    table = listing("id", "sink", "stream", "entry", "bytes", "reason", numbers={"bytes"})
    for each in found:
        add_row(
            table, each.id, each.sink, each.stream, each.entry_id, f"{each.bytes:,}", each.error
        )
    display(table)
