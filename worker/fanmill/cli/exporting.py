"""The work of `fanmill export`: its source, its files, its progress, its report."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from time import sleep
from typing import TYPE_CHECKING, Any, Final

from fanmill.cli.console import counted, json_line, remark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from fanmill.core.filters import Filter
    from fanmill.export.output import ExportState
    from fanmill.export.server_rows import ServerRows
    from fanmill.export.sources import ExportSource
    from fanmill.export.terms import ExportFormat
    from fanmill.ports import Store

_FOLLOW_SECONDS: Final = 1.0


def source_of(
    store: Store | None,
    redis_url: str | None,
    query: str,
    begin_ms: int | None,
    *,
    rejections: bool,
) -> ExportSource:
    """Return the rows that are wanted.

    Raises:
        FilterError: The query cannot be read.
    """
    from fanmill.cli.stores import since
    from fanmill.core.filters import Filter, parse_filter
    from fanmill.core.filters.record_keys import RECORD_KEYS
    from fanmill.export.sources import ServerSource, StoreSource

    wanted = since(parse_filter(query, RECORD_KEYS), begin_ms)
    if store is not None:
        return StoreSource(store, wanted, Filter(()) if rejections else None)
    rows = _server_rows(redis_url, wanted)
    return ServerSource(rows.records, rows.rejections if rejections else None)


def _server_rows(redis_url: str | None, wanted: Filter) -> ServerRows:
    from fanmill.cli.partitions import partition_settings
    from fanmill.export.server_rows import ServerPartition, ServerRows
    from fanmill.wiring import CLI_RETRY_SECONDS, Wiring

    partitions = []
    for settings in partition_settings(redis_url):
        wiring = Wiring(settings, retry_seconds=CLI_RETRY_SECONDS)
        name = "" if settings.partition is None else f".{settings.partition}"
        partitions.append(ServerPartition(name, wiring.records, wiring.rejections))
    return ServerRows(partitions, wanted)


def to_stdout(
    source: ExportSource, kind: ExportFormat, *, fingerprints: bool, follow: bool
) -> None:
    """Write all rows to standard output; with `follow` go on with new ones."""
    from fanmill.export.formats import encoder_of

    encoder = encoder_of(kind, fingerprints=fingerprints)
    out = sys.stdout.buffer
    out.write(encoder.head())
    after: dict[str, Any] = {}
    while True:
        for cursor, row in source.rows(after):
            out.write(encoder.line(row))
            after = cursor
        out.flush()
        if not follow:
            return
        sleep(_FOLLOW_SECONDS)


def to_files(
    source: ExportSource,
    output: Path,
    options: dict[str, Any],
    *,
    resume: bool,
    follow: bool,
    total: int | None,
) -> tuple[ExportState, list[Path]]:
    """Write all rows to files; return the state at the end, and the files.

    Raises:
        OutputExists: There is an output, and `resume` is false.
        OtherExport: The output belongs to another export.
    """
    from fanmill.export.exporting import Export
    from fanmill.export.formats import encoder_of
    from fanmill.export.output import ExportFiles, OutputExists, file_of

    rows_per_file = options["rows_per_file"]
    split = rows_per_file is not None
    files = ExportFiles(target_of(output, options["format"]), options, split=split)
    parquet = options["format"] == "parquet"
    if parquet and not files.started and file_of(output, 0, split=split).exists():
        raise OutputExists(file_of(output, 0, split=split))
    encoder = encoder_of(options["format"], fingerprints=options["fingerprints"])
    (files.resume if resume else files.begin)()
    with _progress(total) as show:
        work = Export(source, encoder, files, rows_per_file, show)
        work.run()
        while follow:
            sleep(_FOLLOW_SECONDS)
            work.run()
    paths = files.paths
    if parquet:
        paths = _convert(files.paths, output, split=split, fingerprints=options["fingerprints"])
        files.remove()
    else:
        files.close()
    return files.state, paths


def target_of(output: Path, kind: ExportFormat) -> Path:
    """Return the file to write: of Parquet, which cannot be appended to, lines of its rows."""
    return output.with_name(f".{output.name}.rows.jsonl.gz") if kind == "parquet" else output


def _convert(rows: list[Path], output: Path, *, split: bool, fingerprints: bool) -> list[Path]:
    from fanmill.export.output import file_of
    from fanmill.export.parquet import write_parquet

    paths = [file_of(output, number, split=split) for number in range(len(rows))]
    for lines, path in zip(rows, paths, strict=True):
        write_parquet(lines, path, fingerprints=fingerprints)
    return paths


def report(state: ExportState, paths: list[Path], *, as_json: bool) -> None:
    """Say what was written."""
    size = sum(path.stat().st_size for path in paths)
    if as_json:
        json_line(
            {
                "records": state.records,
                "rejections": state.rejections,
                "files": [str(path) for path in paths],
                "bytes": size,
            }
        )
        return
    what = counted(state.records, "record")
    if state.plan["rejections"]:
        what += f" and {counted(state.rejections, 'rejection')}"
    where = str(paths[0]) if len(paths) == 1 else f"{len(paths):,} files, {paths[0]} and so on"
    remark(f"{what}, {size / 1e6:,.1f} MB: {where}")


@contextmanager
def _progress(total: int | None) -> Iterator[Callable[[ExportState], None]]:
    """Show the number of rows on a terminal."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from fanmill.cli.console import stderr

    console = stderr()
    columns = (
        TextColumn("exporting"),
        BarColumn(bar_width=20),
        TextColumn("{task.completed:,.0f} rows"),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("exporting", total=total)
        yield lambda state: bar.update(task, completed=state.records + state.rejections)
