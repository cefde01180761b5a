"""`fanmill report`: one HTML page about a corpus."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Final

import typer

from fanmill.cli.console import counted, fail, guarded, json_line, load_settings, remark
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json
from fanmill.cli.stores import DataFolder, StoreUrl
from fanmill.cli.texts import TextPaths

if TYPE_CHECKING:
    from fanmill.cli.reading import Reader
    from fanmill.cli.report_sources import OnRead
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


ResultsPath = Annotated[
    Path | None,
    typer.Argument(
        metavar="FILE",
        help="Results of fanmill run --output, also packed (.gz, .zst).",
        show_default=False,
    ),
]
RecordFilter = Annotated[
    str | None,
    typer.Option(
        metavar="FILTER",
        help="Only records of the store that match, and no rejections.",
        show_default=False,
    ),
]


@guarded
def report(
    file: ResultsPath = None,
    store: StoreUrl = None,
    data: DataFolder = None,
    where: RecordFilter = None,
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

    The documents are those of a results file or of the store of record. The page needs no network
    and no script. With --text it also shows which sentences near duplicates share with their
    originals.

    Examples:

      fanmill report results.jsonl --text deploy/samples

      fanmill report --data ./fanmill-data --output corpus.html

      fanmill report --store sqlite:///results.sqlite --where 'lang:zh words:>500'
    """
    from fanmill.cli.progress import ReadingProgress
    from fanmill.cli.texts import texts_in

    paths = text or ()
    with ReadingProgress() as progress, _source(file, store, data, where, progress.add) as source:
        view = make_view(source, lambda wanted: texts_in(paths, wanted) if paths else {})
    if as_json:
        json_line(view)
        return
    write_page(view, output)


@contextmanager
def _source(
    file: Path | None, url: str | None, data: Path | None, where: str | None, on_read: OnRead
) -> Iterator[ReportSource]:
    """Yield the source that the arguments name; too many of them, or none, end the command."""
    from fanmill.cli.report_sources import ResultsFileSource, StoreSource

    if sum(each is not None for each in (file, url, data)) > 1:
        fail(Exit.USAGE, "give one of FILE, --store and --data")
    if file is not None:
        if where is not None:
            fail(Exit.USAGE, "--where filters a store, not a file: give --store or --data")
        yield ResultsFileSource(file, on_read=on_read)
        return

    from fanmill.core.filters import parse_filter
    from fanmill.core.filters.record_keys import RECORD_KEYS
    from fanmill.setting_values import hide_secrets
    from fanmill.stores.opening import open_store, store_url_in

    wanted = parse_filter(where or "", RECORD_KEYS)
    url = load_settings(store_url=url).store_url.get_secret_value() if data is None else None
    if data is None and not url:
        fail(
            Exit.USAGE,
            "nothing to report: give the results FILE of a run, --data DIR or --store URL "
            "(FANMILL_STORE_URL)",
        )
    if wanted.terms:
        remark("the report is about records that match; rejections are left out")
    with closing(open_store(url or store_url_in(data or Path()))) as store:
        subject = hide_secrets(url) if url else str(data)
        yield StoreSource(store, wanted, subject, on_read)


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
