"""`fanmill run`: files in, results out, nothing left behind."""

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import IO, Annotated, Any
from uuid import uuid4

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from fanmill.cli.console import escaped, guarded, line, load_settings, stderr, stdout
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, Output, Paths
from fanmill.cli.sources import InputError, documents, find_files
from fanmill.cli.tables import results_table
from fanmill.local.job import LocalJob
from fanmill.ops.logs import configure_logs
from fanmill.wiring import available_cpus
from fanmill_contracts import DocumentIngested, DocumentRejected, DocumentResult, record_json

SOURCE = "/fanmill/run"


@guarded
def run(
    paths: Paths,
    output: Output = None,
    as_json: Json = False,
    rows: Annotated[
        int, typer.Option(min=0, help="Most documents in the table; 0 for no table.")
    ] = 50,
    processes: Annotated[int, typer.Option(min=0, help="Worker processes; 0 for one per CPU.")] = 0,
    on_duplicate: Annotated[
        str | None,
        typer.Option(help="skip or process: whether duplicates are summarised and tagged."),
    ] = None,
) -> None:
    """Process files on this machine with a server and workers for this one job.

    Examples:

      fanmill run deploy/samples

      fanmill run articles.jsonl.gz --output results.jsonl

      cat letter.txt | fanmill run - --json
    """
    settings = load_settings(on_duplicate=on_duplicate)
    configure_logs(settings.log_format, settings.log_level, role="run")
    files = find_files(paths)
    report = _Report(rows=0 if as_json else rows, as_json=as_json)
    started = monotonic()
    with _interruptible(), _writing(output) as stream:
        job = LocalJob(settings, processes or available_cpus())
        with job, _bar() as bar:
            task = bar.add_task("starting", total=None)
            source = documents(
                files,
                source=SOURCE,
                # Every line is an event of its own, also one that stands there twice.
                event_id=lambda *_: uuid4().hex,
                on_error=report.problem,
            )
            for event in job.process(report.read(source)):
                if event is None:
                    done = job.progress
                    bar.update(
                        task,
                        description="processing" if done.finished else "starting",
                        completed=done.finished,
                        total=done.published if done.all_read else None,
                    )
                elif isinstance(event, DocumentRejected):
                    report.rejection(event)
                else:
                    report.result(event.data, stream)
    report.close(monotonic() - started, output)
    if report.failed:
        raise typer.Exit(Exit.FAILURE)


class _Report:
    """What is said of a job: rows for the table, counts for the end, problems as they come."""

    def __init__(self, *, rows: int, as_json: bool) -> None:
        self._rows = rows
        self._as_json = as_json
        self._order: dict[str, int] = {}
        self._shown: dict[str, DocumentResult] = {}
        self._verdicts: Counter[str] = Counter()
        self._rejected = 0
        self._problems = 0

    @property
    def failed(self) -> bool:
        """Whether a document was rejected or could not be read."""
        return bool(self._rejected or self._problems)

    def read(self, source: Iterator[DocumentIngested]) -> Iterator[DocumentIngested]:
        """Remember the order of the first documents as they pass."""
        for event in source:
            if len(self._order) < self._rows:
                self._order.setdefault(event.data.document_id, len(self._order))
            yield event

    def problem(self, problem: InputError) -> None:
        self._problems += 1
        stderr.print(f"[yellow]not read:[/] {escaped(problem.place)} {escaped(problem.error)}")

    def rejection(self, event: DocumentRejected) -> None:
        self._rejected += 1
        data = event.data
        stderr.print(
            f"[red]rejected:[/] {escaped(data.document_id or '?')} {data.reason} "
            f"in {data.stage}: {escaped(data.error)}"
        )

    def result(self, result: DocumentResult, stream: IO[str] | None) -> None:
        self._verdicts[result.deduplication.verdict] += 1
        if stream is not None or self._as_json:
            body = record_json(result)
            if stream is not None:
                stream.write(body + "\n")
            if self._as_json:
                line(body)
        if result.document_id in self._order:
            self._shown[result.document_id] = result

    def close(self, seconds: float, output: Path | None) -> None:
        total = sum(self._verdicts.values())
        if self._shown:
            shown = sorted(self._shown.values(), key=lambda each: self._order[each.document_id])
            stdout.print(results_table(shown))
        if total > len(self._shown) and self._rows:
            stderr.print(
                f"{total - len(self._shown):,} more; all of them with: --output results.jsonl, "
                "or --rows"
            )
        duplicates = total - self._verdicts["unique"]
        stderr.print(
            f"{total:,} documents in {seconds:.1f} s: {self._verdicts['unique']:,} unique, "
            f"{duplicates:,} duplicates, {self._rejected:,} rejected"
            + (f", {self._problems:,} not read" if self._problems else "")
        )
        if output is not None:
            stderr.print(f"results: {escaped(str(output))}")


class _Rate(ProgressColumn):
    """Documents per second since the first one."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f} documents/s")


def _bar() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        console=stderr,
        transient=True,
        # A pipe gets no half-drawn bars.
        disable=not stderr.is_terminal,
    )


@contextmanager
def _writing(path: Path | None) -> Iterator[IO[str] | None]:
    if path is None:
        yield None
        return
    with path.open("w", encoding="utf-8") as stream:
        yield stream


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let SIGTERM and SIGINT end the job in order, with nothing left running.

    SIGINT too: a shell starts background jobs with it ignored.
    """

    def interrupt(_: int, __: Any) -> None:
        raise KeyboardInterrupt

    before = {sign: signal.signal(sign, interrupt) for sign in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
