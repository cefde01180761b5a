"""`fanmill index merge`: the verdicts of a back-fill, its whole records, and its index."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanmill.cli.console import counted, guarded, json_line, load_settings, remark, stderr
from fanmill.cli.options import Json
from fanmill.cli.record_formats import RecordFormatName, record_format_of

if TYPE_CHECKING:
    from fanmill.backfill.record_files import RecordFormat
    from fanmill.merge.joining import Part
    from fanmill.merge.merging import Merge, OnProgress
    from fanmill.settings import Settings


Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH",
        help="Folders of `fanmill backfill`, or .run and Parquet files and their folders.",
        show_default=False,
    ),
]
Out = Annotated[
    Path,
    typer.Option("--out", "-o", metavar="DIR", help="Folder of the results.", file_okay=False),
]
Load = Annotated[
    bool,
    typer.Option(
        "--load",
        help="Load the index into the server of FANMILL_INDEX_URL, or else of partition 0.",
    ),
]
Replace = Annotated[
    bool, typer.Option("--replace", help="With --load: remove what the live index holds.")
]
Format = Annotated[
    RecordFormatName | None,
    typer.Option(
        "--format", help="Format of the records; by default the same as in the back-fill."
    ),
]


@guarded
def merge(
    files: Files,
    out: Out,
    load: Load = False,
    replace: Replace = False,
    record_format: Format = None,
    as_json: Json = False,
) -> None:
    """Judge fingerprints in order of arrival, as the service would have, and write the verdicts.

    Documents without a time of arrival come in the order of the paths and of the input. The
    records of `fanmill backfill` get their verdicts and are whole then. The script of the live
    index judges on an embedded server: memory is about 145 bytes for each document within the
    horizon, at most 2.3 GB. After any kill, the same command goes on.

    Examples:

      fanmill index merge ./backfill --out ./merged

      fanmill index merge ./backfill --out ./merged --load

      fanmill index merge ./2024 ./2025 --out ./merged --format parquet
    """
    from fanmill.merge.backfills import find_runs
    from fanmill.merge.merging import Merge

    settings = load_settings()
    signal.signal(signal.SIGTERM, _interrupt)
    parameters = settings.dedup_parameters
    runs, parts = find_runs(files, out / "tables", parameters.signing_digest)
    form = record_format_of(record_format or _format_of(parts))
    work = Merge(runs, out, parameters, server_binary=settings.server_binary)
    summary = _merged(work, parts, out, form)
    summary["loaded"] = _load(settings, work, replace=replace) if load else None
    if as_json:
        json_line(summary)
    else:
        _show(summary, out)


def _merged(work: Merge, parts: list[Part], out: Path, form: RecordFormat) -> dict[str, Any]:
    """Judge and join; return the figures."""
    started = monotonic()
    with _progress(work.documents) as show:
        found = work.judge(show)
        judged_seconds = monotonic() - started
        joined = _join(work, parts, out, show, form)
    return {
        "documents": found.documents,
        "verdicts": found.verdicts,
        "fingerprints_remade": found.remade,
        "records": joined,
        "partitions": len(work.index_files),
        "index_bytes": sum(path.stat().st_size for path in work.index_files),
        "judging_seconds": round(judged_seconds, 3),
        "seconds": round(monotonic() - started, 3),
    }


def _format_of(parts: list[Part]) -> RecordFormatName:
    """Return the format of the records of back-fills: Parquet if any has it."""
    tables = any(part.records.suffix == ".parquet" for part in parts)
    return RecordFormatName.PARQUET if tables else RecordFormatName.JSONL


def _interrupt(_: int, __: Any) -> None:
    raise KeyboardInterrupt


def _join(work: Merge, parts: list[Part], out: Path, show: OnProgress, form: RecordFormat) -> int:
    from fanmill.merge.joining import join
    from fanmill.merge.verdicts import read_verdicts

    if not parts:
        return 0
    joined = 0
    verdicts = read_verdicts(out / "verdicts")
    for count in join(
        verdicts,
        parts,
        out / "records",
        out / "joining",
        started_ms=work.started_ms,
        form=form,
    ):
        joined += count
        show("joining", joined)
    return sum(part.documents for part in parts)


def _load(settings: Settings, work: Merge, *, replace: bool) -> int:
    from fanmill.merge.index_file import load_all
    from fanmill.wiring import Wiring

    index = Wiring(settings).index
    return load_all(index.client, index, work.index_files, replace=replace)


def _show(summary: dict[str, Any], out: Path) -> None:
    verdicts = ", ".join(f"{number:,} {name}" for name, number in summary["verdicts"].items())
    remark(f"{counted(summary['documents'], 'document')} ({verdicts}): {out / 'verdicts'}")
    if summary["records"]:
        remark(f"{counted(summary['records'], 'record')}: {out / 'records'}")
    if summary["loaded"] is None:
        remark(f"the index is in {out / 'index'}; repeat with --load to hand it to the service")
    else:
        remark(f"{counted(summary['loaded'], 'document')} loaded into the live index")


@contextmanager
def _progress(documents: int) -> Iterator[OnProgress]:
    """Show the step and its documents on a terminal."""
    from rich.progress import (
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = stderr()
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(compact=True),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("judging", total=documents)
        yield lambda step, number: bar.update(task, description=step, completed=number)
