"""`fanmill export`: records as files for other programs, and as a backup."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanmill.cli.console import fail, guarded
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, RedisUrl
from fanmill.cli.stores import DataFolder, StoreUrl, opened_store
from fanmill.export.terms import ExportFormat

if TYPE_CHECKING:
    from fanmill.ports import Store

Query = Annotated[
    str | None,
    typer.Argument(
        metavar="[QUERY]", help="Only records that match this filter.", show_default=False
    ),
]
ToFile = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="File to write; .gz and .zst pack it. Standard output without it.",
        dir_okay=False,
        show_default=False,
    ),
]
Format = Annotated[
    ExportFormat | None,
    typer.Option(
        "--format",
        help="Format; else the file name tells: .jsonl, .csv or .parquet.",
        show_default=False,
    ),
]
Where = Annotated[
    str | None,
    typer.Option(metavar="QUERY", help="As the argument QUERY.", show_default=False),
]
Since = Annotated[
    str | None,
    typer.Option(
        metavar="TIME",
        help="Completed since then: a time such as 2026-01-31T08:00, or 90s 15m 2h 7d.",
    ),
]
WithRejections = Annotated[
    bool, typer.Option("--rejections", help="Also rejections, behind the records (jsonl).")
]
WithFingerprints = Annotated[
    bool,
    typer.Option(
        "--fingerprints",
        help="Also fingerprints, so that an import restores the duplicate index (jsonl, parquet).",
    ),
]
RowsPerFile = Annotated[
    int | None,
    typer.Option(
        "--rows-per-file",
        min=1,
        metavar="N",
        help="Write several files: FILE-00000.jsonl and so on.",
        show_default=False,
    ),
]
Resume = Annotated[
    bool,
    typer.Option("--resume", help="Go on with an export that ended or was killed; else begin it."),
]
Follow = Annotated[bool, typer.Option("--follow", help="Go on with new records until interrupted.")]


@guarded
def export(
    query: Query = None,
    output: ToFile = None,
    kind: Format = None,
    store: StoreUrl = None,
    data: DataFolder = None,
    redis_url: RedisUrl = None,
    where: Where = None,
    since: Since = None,
    rejections: WithRejections = False,
    fingerprints: WithFingerprints = False,
    rows_per_file: RowsPerFile = None,
    resume: Resume = False,
    follow: Follow = False,
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
    target = None if output is None else (output, resume)
    with opened_store(store, data, redis_url) as opened:
        _write(opened, redis_url, options, target, follow=follow, as_json=as_json)


def _write(
    store: Store | None,
    redis_url: str | None,
    options: dict[str, Any],
    target: tuple[Path, bool] | None,
    *,
    follow: bool,
    as_json: bool,
) -> None:
    """Write the export.

    Args:
        store: The store; None for the records of Redis.
        redis_url: The server of those.
        options: Options that decide the content.
        target: The file, and whether to go on with it; None for standard output.
        follow: Whether to go on with new records.
        as_json: Whether to report in JSON.
    """
    from fanmill.cli.exporting import report, source_of, to_files, to_stdout

    resumed = target[0] if target is not None and target[1] else None
    begin_ms = _begin_ms(options["since"], resumed, options["format"])
    source = source_of(
        store, redis_url, options["query"], begin_ms, rejections=options["rejections"]
    )
    if target is None:
        to_stdout(source, options["format"], fingerprints=options["fingerprints"], follow=follow)
        return
    output, resume = target
    options |= {"from": "redis" if store is None else store.kind, "since_ms": begin_ms}
    total = None if store is None else store.info().records
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
    """Return the time that `--since` names; for a resumed export, the time it began with."""
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
