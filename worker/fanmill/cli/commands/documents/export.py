"""`fanmill export`: records as files for other programs, and as a backup."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fanmill.cli.console import fail, guarded
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, RedisUrl
from fanmill.cli.stores import DataFolder, StoreUrl, opened_store
from fanmill.export.terms import ExportFormat


@guarded
def export(
    query: Annotated[
        str | None,
        typer.Argument(
            metavar="[QUERY]", help="Only records that match this filter.", show_default=False
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="File to write; .gz and .zst pack it. Standard output without it.",
            dir_okay=False,
            show_default=False,
        ),
    ] = None,
    kind: Annotated[
        ExportFormat | None,
        typer.Option(
            "--format",
            help="Format; else the file name tells: .jsonl, .csv or .parquet.",
            show_default=False,
        ),
    ] = None,
    store: StoreUrl = None,
    data: DataFolder = None,
    redis_url: RedisUrl = None,
    where: Annotated[
        str | None,
        typer.Option(metavar="QUERY", help="As the argument QUERY.", show_default=False),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Completed since then: a time such as 2026-01-31T08:00, or 90s 15m 2h 7d.",
        ),
    ] = None,
    rejections: Annotated[
        bool, typer.Option("--rejections", help="Also rejections, behind the records (jsonl).")
    ] = False,
    fingerprints: Annotated[
        bool,
        typer.Option(
            "--fingerprints",
            help="Also fingerprints, so that an import restores the duplicate index "
            "(jsonl, parquet).",
        ),
    ] = False,
    rows_per_file: Annotated[
        int | None,
        typer.Option(
            "--rows-per-file",
            min=1,
            metavar="N",
            help="Write several files: FILE-00000.jsonl and so on.",
            show_default=False,
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Go on with an export that ended or was killed; else begin it."
        ),
    ] = False,
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on with new records until interrupted.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Export records: JSON lines, CSV, Parquet, Dolma attributes, RedPajama-V2 quality signals.

    They come from the store of record if one is configured, else from Redis. A JSONL file with
    --rejections and --fingerprints is a backup for fanmill import. FILE.export-state keeps the
    progress: after a kill at any time, the same command with --resume completes the file as if it
    had not been interrupted; after the end, it appends what is new. Parquet needs the extra
    `parquet`.

    Examples:

      fanmill export --data ./fanmill-data --output records.jsonl.zst --rejections --fingerprints

      fanmill export 'lang:de verdict:unique words:>200' --output german.parquet

      fanmill export --since 7d --output week.csv

      fanmill export --format dolma --output attributes.jsonl.gz --resume

      fanmill export --follow | your-program
    """
    format_name = _format(kind, output)
    _check(format_name, output, rejections, fingerprints, resume, follow, rows_per_file)
    if query is not None and where is not None:
        fail(Exit.USAGE, "give the query once: as an argument or by --where")
    options = {
        "format": format_name,
        "query": query or where or "",
        "since": since,
        "rejections": rejections,
        "fingerprints": fingerprints,
        "rows_per_file": rows_per_file,
    }
    begin_ms = _begin_ms(since, output if resume else None, format_name)
    from fanmill.cli.exporting import report, source_of, to_files, to_stdout

    with opened_store(store, data, redis_url) as opened:
        source = source_of(
            opened, redis_url, str(options["query"]), begin_ms, rejections=rejections
        )
        if output is None:
            to_stdout(source, format_name, fingerprints=fingerprints, follow=follow)
            return
        options |= {"from": "redis" if opened is None else opened.kind, "since_ms": begin_ms}
        total = None if opened is None else opened.info().records
        state, paths = to_files(source, output, options, resume=resume, follow=follow, total=total)
    report(state, paths, as_json=as_json)


def _format(kind: ExportFormat | None, output: Path | None) -> ExportFormat:
    from fanmill.export.terms import format_of

    if kind is not None:
        return kind
    if output is None:
        return "jsonl"
    found = format_of(output)
    if found is None:
        fail(
            Exit.USAGE,
            f"{output.name!r} tells no format: name it .jsonl, .csv or .parquet, or give --format",
        )
    return found


def _check(
    kind: ExportFormat,
    output: Path | None,
    rejections: bool,
    fingerprints: bool,
    resume: bool,
    follow: bool,
    rows_per_file: int | None,
) -> None:
    """End the command if options do not suit each other."""
    if rejections and kind != "jsonl":
        fail(Exit.USAGE, f"--rejections needs the format jsonl; the format is {kind}")
    if fingerprints and kind not in {"jsonl", "parquet"}:
        fail(Exit.USAGE, f"--fingerprints needs the format jsonl or parquet; the format is {kind}")
    if kind == "parquet" and follow:
        fail(Exit.USAGE, "a Parquet file cannot grow: --follow needs another format")
    if output is None:
        if kind == "parquet":
            fail(Exit.USAGE, "the format parquet needs --output FILE")
        if resume or rows_per_file is not None:
            fail(Exit.USAGE, "--resume and --rows-per-file need --output FILE")
        return
    if kind == "parquet" and output.suffix.lower() in {".gz", ".zst"}:
        fail(
            Exit.USAGE, f"a Parquet file is packed inside: {output.name!r} needs no {output.suffix}"
        )
    if not output.parent.is_dir():
        fail(Exit.USAGE, f"{str(output)!r}: there is no folder {str(output.parent)!r}")


def _begin_ms(since: str | None, resumed: Path | None, kind: ExportFormat) -> int | None:
    """Return the time that `--since` names; that of the first attempt if one is resumed."""
    if since is None:
        return None
    from fanmill.cli.exporting import target_of
    from fanmill.cli.spans import moment_of
    from fanmill.export.output import earlier_plan

    if resumed is not None:
        earlier = earlier_plan(target_of(resumed, kind))
        if earlier.get("since") == since:
            return int(earlier["since_ms"])

    return int(moment_of(since).timestamp() * 1000)
