"""`fanmill publish`: files onto the ledger of a running service."""

from collections.abc import Iterator
from time import sleep
from typing import Annotated, Final
from uuid import uuid4

import typer
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from fanmill.cli.console import escaped, guarded, json_line, load_settings, stderr
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, Paths, RedisUrl
from fanmill.cli.sources import InputError, content_id, documents, find_files
from fanmill_contracts import BacklogFull, DocumentIngested, Publisher

_CHUNK: Final = 256
_FULL_WAIT_SECONDS: Final = 0.2


@guarded
def publish(
    paths: Paths,
    redis_url: RedisUrl = None,
    source: Annotated[
        str, typer.Option(help="The source of the events: who sends them.")
    ] = "/fanmill/publish",
    wait: Annotated[
        bool,
        typer.Option(help="Wait while the ledger is full; otherwise end with exit code 4."),
    ] = True,
    anew: Annotated[
        bool,
        typer.Option(
            "--anew",
            help="Make new events. Without it the same content is the same event, "
            "and publishing it again has no effect.",
        ),
    ] = False,
    durable: Annotated[
        bool, typer.Option("--durable", help="Return only when the server has all on disk.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Publish documents to a running service.

    Examples:

      fanmill publish letter.txt

      fanmill publish --durable crawl/ articles.jsonl.zst

      zcat articles.jsonl.gz | fanmill publish -
    """
    settings = load_settings(redis_url)
    files = find_files(paths)
    problems: list[InputError] = []

    def on_error(problem: InputError) -> None:
        problems.append(problem)
        stderr.print(f"[yellow]not read:[/] {escaped(problem.place)} {escaped(problem.error)}")

    events = documents(
        files,
        source=source,
        event_id=(lambda *_: uuid4().hex) if anew else content_id,
        on_error=on_error,
    )
    publisher = Publisher(
        settings.redis_url.get_secret_value(),
        namespace=settings.namespace,
        max_backlog=settings.max_backlog,
        durable=durable,
    )
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn())
    published = 0
    with (
        publisher,
        Progress(*columns, console=stderr, transient=True, disable=not stderr.is_terminal) as bar,
    ):
        task = bar.add_task("publishing", total=None)
        for chunk in _chunks(events):
            left = chunk
            while left:
                try:
                    accepted = publisher.publish_many(left)
                except BacklogFull as full:
                    accepted = full.accepted
                    if not wait:
                        total = published + accepted
                        raise BacklogFull(full.stream, full.limit, total) from None
                    bar.update(task, description="waiting: the ledger is full")
                    sleep(_FULL_WAIT_SECONDS)
                else:
                    bar.update(task, description="publishing")
                published += accepted
                left = left[accepted:]
                bar.update(task, completed=published)
    if as_json:
        json_line({"published": published, "not_read": len(problems)})
    else:
        stderr.print(f"published {published:,} documents")
    if problems:
        raise typer.Exit(Exit.FAILURE)


def _chunks(events: Iterator[DocumentIngested]) -> Iterator[list[DocumentIngested]]:
    chunk: list[DocumentIngested] = []
    for event in events:
        chunk.append(event)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
