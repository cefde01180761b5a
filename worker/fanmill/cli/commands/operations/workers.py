"""`fanmill workers`: lists, quiets and stops workers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanmill.cli.console import counted, display, fail, guarded, json_line, load_wiring, remark
from fanmill.cli.exits import Exit
from fanmill.cli.help import Command, Group
from fanmill.cli.options import Json, Note, RedisUrl
from fanmill.cli.partitions import each_partition

if TYPE_CHECKING:
    from rich.console import RenderableType

    from fanmill.ops.workers import WorkerView
    from fanmill.stores.redis.controls import Order
    from fanmill.wiring import Wiring

app = typer.Typer(
    cls=Group,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="""List workers and their work; quiet or stop them.

    Examples:

      fanmill workers

      fanmill workers quiet worker-mill1-4711-3f9c02

      fanmill workers stop --all --note "new image"
    """,
)

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="NAME", help="Names of workers, from fanmill workers."),
]
Every = Annotated[bool, typer.Option("--all", help="All workers that run now.")]


@app.callback()
@each_partition
@guarded
def workers(context: typer.Context, redis_url: RedisUrl = None, as_json: Json = False) -> None:
    """List workers and their work; quiet or stop them.

    Examples:

      fanmill workers

      fanmill workers quiet worker-mill1-4711-3f9c02

      fanmill workers stop --all --note "new image"
    """
    if context.invoked_subcommand is not None:
        return
    wiring = load_wiring(redis_url)

    from fanmill.ops.workers import look

    found = look(wiring.redis, wiring.keys)
    if as_json:
        for each in found:
            json_line(each)
        return
    pauses = found[0].pauses if found else wiring.controls.read().pauses
    if pauses:
        from fanmill.cli.pauses import pauses_table

        display(pauses_table(pauses))
    for part in _picture(found):
        display(part)
    if not found:
        remark("no worker runs (fanmill worker)")


@app.command(cls=Command)
@each_partition
@guarded
def quiet(
    names: Names = None,
    redis_url: RedisUrl = None,
    every: Every = False,
    note: Note = "",
    as_json: Json = False,
) -> None:
    """Let workers finish the work that they hold and take no more; they stay.

    A worker obeys within two seconds. The order ends with the worker, or by `workers resume`.

    Examples:

      fanmill workers quiet worker-mill1-4711-3f9c02 --note "looking at it"
    """
    _order(load_wiring(redis_url), names, every, "quiet", note, as_json)


@app.command(cls=Command)
@each_partition
@guarded
def stop(
    names: Names = None,
    redis_url: RedisUrl = None,
    every: Every = False,
    note: Note = "",
    as_json: Json = False,
) -> None:
    """Let workers finish their batches, hand back the rest, and end, as on SIGTERM.

    A supervisor (fanmill up, systemd, Kubernetes) starts a new worker in place of each.

    Examples:

      fanmill workers stop --all --note "new rules file"
    """
    _order(load_wiring(redis_url), names, every, "stop", note, as_json)


@app.command(cls=Command)
@each_partition
@guarded
def resume(
    names: Names = None, redis_url: RedisUrl = None, every: Every = False, as_json: Json = False
) -> None:
    """Let quiet workers take work again.

    Examples:

      fanmill workers resume --all
    """
    wiring = load_wiring(redis_url)
    chosen = _chosen(wiring, names, every)
    withdrawn = wiring.controls.withdraw(*chosen)
    if as_json:
        json_line({"workers": chosen, "order": None, "withdrawn": withdrawn})
    else:
        remark(f"{counted(withdrawn, 'order')} withdrawn")


def _order(
    wiring: Wiring, names: list[str] | None, every: bool, order: Order, note: str, as_json: bool
) -> None:
    from fanmill.cli.actor import actor

    chosen = _chosen(wiring, names, every)
    by = actor()
    for name in chosen:
        wiring.controls.request(name, order, by, note)
    if as_json:
        json_line({"workers": chosen, "order": order, "by": by, "note": note})
    else:
        remark(f"ordered {counted(len(chosen), 'worker')} to {order}; see fanmill workers")


def _chosen(wiring: Wiring, names: list[str] | None, every: bool) -> list[str]:
    from fanmill.ops.workers import look

    if bool(names) == every:
        fail(Exit.USAGE, "name workers, or give --all")
    known = [each.name for each in look(wiring.redis, wiring.keys)]
    unknown = [name for name in names or () if name not in known]
    if unknown:
        listed = ", ".join(map(repr, unknown))
        fail(Exit.FAILURE, f"no worker {listed} (fanmill workers)")
    return known if every else list(names or ())


def _picture(found: list[WorkerView]) -> list[RenderableType]:
    from fanmill.cli.tables import add_row, listing

    numbers = ("busy", "documents/s", "memory")
    table = listing("worker", "state", *numbers, "version", "host, queues", numbers=numbers)
    for column in table.columns[1:6]:
        column.no_wrap = True
    table.columns[0].min_width = 12
    for each in found:
        rate = each.load.documents_per_second
        memory = each.load.memory_bytes
        add_row(
            table,
            each.name,
            each.state,
            f"{each.load.busy}/{each.slots}",
            "" if rate is None else f"{rate:,.1f}",
            "" if memory is None else f"{memory / 1e6:,.0f} MB",
            each.version,
            f"{each.host}\n{', '.join(each.queues)}",
        )
    parts: list[Any] = [table] if found else []
    batches = listing("worker", "stage", "in work", "since", title="batches in work")
    for each in found:
        for batch in each.batches:
            several = f"{counted(batch.documents, 'document')} from {batch.first_entry}"
            held = batch.document or several
            add_row(batches, each.name, batch.stage, held, f"{batch.seconds:,.1f} s")
    if batches.row_count:
        parts.append(batches)
    return parts
