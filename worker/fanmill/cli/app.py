"""The command `fanmill`: its commands, and the group of each in the help."""

from collections.abc import Callable
from typing import Annotated, Any, Final

import typer

from fanmill.cli.commands.documents import (
    backfill,
    export,
    import_records,
    publish,
    rejected,
    report_page,
    results,
    run,
    show,
)
from fanmill.cli.commands.duplicates import clusters, forget, index
from fanmill.cli.commands.operations import (
    actions,
    backlog,
    config,
    doctor,
    pause,
    sinks,
    stats,
    status,
    store,
    trace,
    trends,
    watch,
    workers,
)
from fanmill.cli.commands.service import console, health, metrics, processes, up
from fanmill.cli.commands.tagging import new, rules, tag, taggers, topics
from fanmill.cli.exits import EPILOG
from fanmill.cli.help import CONTEXT, Command, Group
from fanmill.cli.partitions import choose

_GROUPS: Final[dict[str, tuple[Callable[..., Any] | tuple[str, typer.Typer], ...]]] = {
    "Service": (
        up.up,
        processes.intake,
        processes.worker,
        processes.sink,
        metrics.metrics,
        ("console", console.app),
        ("health", health.app),
    ),
    "Documents": (
        run.run,
        backfill.backfill,
        publish.publish,
        show.show,
        results.results,
        report_page.report,
        export.export,
        import_records.import_records,
        ("rejected", rejected.app),
    ),
    "Duplicates": (
        clusters.duplicates,
        clusters.clusters,
        forget.forget,
        ("index", index.app),
    ),
    "Tagging": (
        tag.tag,
        taggers.taggers,
        ("tagger", new.app),
        ("rules", rules.app),
        ("topics", topics.app),
    ),
    "Operations": (
        ("actions", actions.app),
        status.status,
        watch.watch,
        trace.trace,
        ("waiting", backlog.waiting_app),
        ("inflight", backlog.in_flight_app),
        ("workers", workers.app),
        ("sinks", sinks.app),
        ("store", store.app),
        pause.pause,
        pause.resume,
        stats.stats,
        trends.trends,
        config.config,
        doctor.doctor,
    ),
}

_KEYWORDS: Final = {"import_records": "import"}
"""Commands whose name is a keyword of Python."""

app = typer.Typer(
    name="fanmill",
    cls=Group,
    context_settings=CONTEXT,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="""Process document events: deduplicate, summarize and tag each document once.

    Examples:

      fanmill run deploy/samples

      fanmill up --data ./fanmill-data

      fanmill results --help
    """,
    epilog=EPILOG,
)


def _version(given: bool) -> None:
    if given:
        from fanmill import __version__

        typer.echo(f"fanmill {__version__}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    partition: Annotated[
        int | None,
        typer.Option(
            min=0,
            metavar="N",
            help="Address one of several partitions.  [env: FANMILL_PARTITION]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Take the options that precede a command."""
    choose(partition)


for panel, commands in _GROUPS.items():
    for command in commands:
        if isinstance(command, tuple):
            app.add_typer(command[1], name=command[0], rich_help_panel=panel)
        else:
            name = _KEYWORDS.get(command.__name__)
            app.command(name, cls=Command, rich_help_panel=panel)(command)
