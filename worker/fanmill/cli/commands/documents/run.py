"""`fanmill run`: files in, results out, no process left behind."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Event
from time import monotonic
from typing import IO, TYPE_CHECKING, Annotated, Any, Final, cast

import typer

from fanmill.cli.commands.documents.report_page import ReportPage, write_run_page
from fanmill.cli.console import counted, fail, guarded, load_settings, remark
from fanmill.cli.exits import Exit
from fanmill.cli.options import AsText, BaseFolder, Encoding, IdKind, Json, Output, Paths

if TYPE_CHECKING:
    from fanmill.cli.commands.documents.report import Report
    from fanmill.cli.reading import Reader
    from fanmill.cli.results_file import Finished
    from fanmill.cli.sources import FoundFiles, Source
    from fanmill.local.job import LocalJob
    from fanmill.settings import Settings

SOURCE: Final = "/fanmill/run"

Rows = Annotated[
    int, typer.Option(min=0, metavar="N", help="Maximum documents in the table; 0 for no table.")
]


@guarded
def run(
    paths: Paths,
    output: Output = None,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on with an interrupted run: skip what --output holds."),
    ] = False,
    as_json: Json = False,
    rows: Rows = 50,
    processes: Annotated[
        int, typer.Option(min=0, metavar="N", help="Worker processes; 0 for one per CPU.")
    ] = 0,
    report_page: ReportPage = None,
    on_duplicate: Annotated[
        str | None,
        typer.Option(metavar="POLICY", help="skip or process: the analysis of duplicates."),
    ] = None,
    base: BaseFolder = None,
    id_kind: IdKind = "path",
    as_text: AsText = None,
    encoding: Encoding = None,
) -> None:
    """Process files on this machine with a server and workers for this one job.

    The output has one line for each document: a result, a rejection, or why it was not read.

    Examples:

      fanmill run deploy/samples --report report.html

      fanmill run articles.jsonl.gz --output results.jsonl

      fanmill run articles.jsonl.gz --output results.jsonl --resume

      cat letter.txt | fanmill run - --json
    """
    settings = load_settings(on_duplicate=on_duplicate)

    from fanmill.cli.commands.documents.report import Report
    from fanmill.cli.encodings import known_encoding
    from fanmill.cli.reading import Reader
    from fanmill.cli.results_file import ResultsFile
    from fanmill.cli.sources import find_files
    from fanmill.core.event_fields import place_id

    encoding = known_encoding(encoding)
    found = find_files(paths, base=base, id_kind=id_kind, as_text=as_text or ())
    finished = _finished(found, output, resume=resume)
    with _output(output, resume=resume, keep=report_page is not None) as (stream, interrupted):
        results = ResultsFile(stream, sys.stdout.write if as_json else None)
        report = Report(rows=0 if as_json else rows, results=results, finished=finished)
        reader = Reader(
            SOURCE, on_error=report.not_read, event_id=place_id, id_kind=id_kind, encoding=encoding
        )
        _work(settings, processes, found, reader, report, finished, output, interrupted)
        write_run_page(stream, report_page, paths, found.files, reader)
    if report.failed:
        raise typer.Exit(Exit.FAILURE)


def _work(
    settings: Settings,
    processes: int,
    found: FoundFiles,
    reader: Reader,
    report: Report,
    finished: Finished,
    output: Path | None,
    interrupted: Event,
) -> None:
    from fanmill.cli.progress import RunProgress
    from fanmill.local.job import LocalJob
    from fanmill.ops.cpus import available_cpus
    from fanmill.ops.logs import configure_logs
    from fanmill_contracts import DocumentRejected

    configure_logs(settings.log_format, settings.log_level, role="run")
    _report_files(found, report)
    started = monotonic()
    job = LocalJob(
        settings.namespace,
        processes or available_cpus(),
        server_binary=settings.server_binary,
    )
    with job, RunProgress(found.total_bytes) as progress:
        _enter_finished(job, settings, found.files, finished, reader)
        for event in job.process(report.read(reader.documents(found.files))):
            if event is None:
                if interrupted.is_set():
                    # Python drops what a signal raises in a finalizer.
                    raise KeyboardInterrupt
                report.flush()
                done = job.progress
                progress.update(
                    done.finished, done.published, reader.bytes_read, all_read=done.all_read
                )
            elif isinstance(event, DocumentRejected):
                report.rejection(event)
            else:
                report.result(event.data)
    report.close(monotonic() - started, output)


def _finished(found: FoundFiles, output: Path | None, *, resume: bool) -> Finished:
    """Return what an interrupted run has finished, and leave its output out of the input."""
    from fanmill.cli.results_file import Finished, read_finished

    _leave_out(found, output)
    if not resume:
        return Finished()
    if output is None:
        fail(Exit.USAGE, "--resume needs the --output of the interrupted run")
    if any(each.path is None for each in found.files):
        fail(Exit.USAGE, "--resume cannot read standard input again; give files")
    finished = read_finished(output)
    remark(f"going on with {output}: {counted(finished.results, 'result')} in it")
    return finished


def _enter_finished(
    job: LocalJob,
    settings: Settings,
    files: list[Source],
    finished: Finished,
    reader: Reader,
) -> None:
    """Enter the documents of the interrupted run into the index: others may repeat them."""
    if not finished.events:
        return
    from time import time

    from pydantic import SecretStr

    from fanmill.core.dedup.partition import partition
    from fanmill.ops.rebuild import Rebuild
    from fanmill.wiring import Wiring

    own = {"redis_url": SecretStr(job.url), "index_url": SecretStr("")}
    index = Wiring(settings.model_copy(update=own)).index
    again = reader.silent()
    known = (event for event in again.documents(files) if event.id in finished.events)
    now_ms = round(time() * 1000)
    for _ in Rebuild(index).from_documents(known, partition(settings.dedup_partition), now_ms):
        pass


def _report_files(found: FoundFiles, report: Report) -> None:
    if found.summary():
        remark(found.summary())
    named = {each.place for each in found.unreadable}
    for each in found.unreadable:
        report.not_read(each)
    for each in found.passed_over:
        if each.place not in named:
            report.passed_over(each)


def _leave_out(found: FoundFiles, output: Path | None) -> None:
    """Leave the output of an earlier run out of the input."""
    if output is not None and output.exists():
        found.files = [
            each for each in found.files if each.path is None or not each.path.samefile(output)
        ]


@contextmanager
def _output(
    path: Path | None, *, resume: bool, keep: bool
) -> Iterator[tuple[IO[str] | None, Event]]:
    """Yield the file of results and the event of an interrupt; see the three below."""
    with (
        _interruptible() as interrupted,
        _saying_how_to_go_on(path, interrupted),
        _writing(path, resume=resume, keep=keep) as stream,
    ):
        yield stream, interrupted


@contextmanager
def _saying_how_to_go_on(output: Path | None, interrupted: Event) -> Iterator[None]:
    """Say after an interrupt how many results are in the output, as the next run will count."""
    from fanmill.cli.results_file import read_finished

    try:
        yield
    except (Exception, KeyboardInterrupt):
        # A library may wrap what a signal raises within it.
        if not interrupted.is_set():
            raise
        if output is None:
            remark("interrupted; with --output FILE a run can be resumed")
        else:
            remark(
                f"interrupted: {counted(read_finished(output).results, 'result')} in {output}; "
                "to go on, repeat the command with --resume"
            )
        raise typer.Exit(Exit.INTERRUPTED) from None


@contextmanager
def _writing(path: Path | None, *, resume: bool, keep: bool) -> Iterator[IO[str] | None]:
    """Yield the output; without one a temporary file to keep results in, or None."""
    if path is None and not keep:
        yield None
        return
    if path is None:
        with NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as stream:
            yield cast("IO[str]", stream)
        return
    with path.open("a" if resume else "w", encoding="utf-8") as stream:
        yield stream


@contextmanager
def _interruptible() -> Iterator[Event]:
    """Let SIGTERM and SIGINT end the job in order, with nothing left running.

    SIGINT too: a shell starts background jobs with it ignored. Yields an event that either sets.
    """
    interrupted = Event()

    def interrupt(_: int, __: Any) -> None:
        interrupted.set()
        raise KeyboardInterrupt

    before = {sign: signal.signal(sign, interrupt) for sign in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield interrupted
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
