"""The command `fanmill` and its commands."""

from typing import Annotated

import typer

from fanmill import __version__
from fanmill.cli import (
    check,
    duplicates,
    index,
    publish,
    rejected,
    results,
    rules,
    run,
    serve,
    stats,
    status,
    tag,
    topics,
    trends,
)
from fanmill.cli.exits import EPILOG

app = typer.Typer(
    name="fanmill",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Process document events: deduplicate, sum up and tag each document once.",
    epilog=EPILOG,
)


def _version(given: bool) -> None:
    if given:
        typer.echo(f"fanmill {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Take the options that stand before any command."""


for command in (
    run.run,
    serve.up,
    serve.intake,
    serve.worker,
    publish.publish,
    results.show,
    results.results,
    duplicates.duplicates,
    duplicates.clusters,
    duplicates.forget,
    status.status,
    stats.stats,
    tag.tag,
    tag.taggers,
    trends.trends,
    check.config,
    check.doctor,
):
    app.command(epilog=EPILOG)(command)
app.add_typer(rejected.app, name="rejected")
app.add_typer(index.app, name="index")
app.add_typer(rules.app, name="rules")
app.add_typer(tag.app, name="tagger")
app.add_typer(topics.app, name="topics")
