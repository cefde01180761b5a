"""`fanmill report`: one HTML page about a corpus."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Final

import typer

from fanmill.cli.console import counted, fail, guarded, json_line, remark
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json
from fanmill.cli.texts import TextPaths

if TYPE_CHECKING:
    from fanmill.cli.reading import Reader
    from fanmill.cli.sources import Source
    from fanmill.report.sources import ReportSource
    from fanmill.report.view import FindTexts, ReportView

REPORT_FILE: Final = Path("report.html")


def _in_a_folder(output: Path | None) -> Path | None:
    """Return the place of a page if its folder exists: asked before the work, not after it."""
    if output is not None and not output.parent.is_dir():
        fail(Exit.USAGE, f"{str(output)!r}: there is no folder {str(output.parent)!r}")
    return output


ReportPage = Annotated[
    Path | None,
    typer.Option(
        "--report",
        metavar="FILE",
        help="Write an HTML page about all results at the end.",
        dir_okay=False,
        callback=_in_a_folder,
        show_default=False,
    ),
]


@guarded
def report(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="Results of fanmill run --output, also packed (.gz, .zst).",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The page to write.",
            dir_okay=False,
            callback=_in_a_folder,
        ),
    ] = REPORT_FILE,
    text: TextPaths = None,
    as_json: Json = False,
) -> None:
    """Write one HTML page about many documents: sizes, languages, duplicates, tags, rejections.

    The page needs no network and no script. With --text it also shows which sentences near
    duplicates share with their originals.

    Examples:

      fanmill run deploy/samples --output results.jsonl

      fanmill report results.jsonl --text deploy/samples

      fanmill report results.jsonl.gz --output corpus.html
    """
    from fanmill.cli.progress import ReadingProgress
    from fanmill.cli.report_sources import ResultsFileSource
    from fanmill.cli.texts import texts_in

    paths = text or ()
    with ReadingProgress() as progress:
        view = make_view(
            ResultsFileSource(file, on_read=progress.add),
            lambda wanted: texts_in(paths, wanted) if paths else {},
        )
    if as_json:
        json_line(view)
        return
    write_page(view, output)


def write_run_page(
    results: IO[str] | None,
    output: Path | None,
    arguments: Sequence[str],
    files: Sequence[Source],
    reader: Reader,
) -> None:
    """Write the page about a run, if one is wanted.

    Args:
        results: File to which the run has written its results.
        output: The page; None for no page.
        arguments: Paths that the run was given.
        files: The files that were read.
        reader: Reads them again, for the texts of near duplicates.
    """
    from fanmill.cli.report_sources import ResultsFileSource
    from fanmill.cli.texts import texts_among

    if results is None or output is None:
        return
    results.flush()
    again = [each for each in files if each.path is not None]
    source = ResultsFileSource(Path(results.name), subject=f"fanmill run {' '.join(arguments)}")
    silent = reader.silent()
    view = make_view(source, lambda wanted: texts_among(silent.documents(again), wanted))
    write_page(view, output)


def make_view(source: ReportSource, find_texts: FindTexts) -> ReportView:
    """Return the report of a source at this time."""
    from fanmill.report.sources import make_report

    return make_report(source, find_texts, datetime.now(UTC))


def write_page(view: ReportView, output: Path) -> None:
    """Write the page, whole or not at all, and name it."""
    from fanmill.report.page import page_of

    draft = output.with_name(f".{output.name}.new")
    try:
        draft.write_text(page_of(view), encoding="utf-8")
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)
    remark(f"report: {output} ({_contents(view)})")


def _contents(view: ReportView) -> str:
    parts: Sequence[str] = (
        counted(view.documents, "document"),
        f"{view.rejections:,} rejected" if view.rejections else "",
    )
    return ", ".join(filter(None, parts))
