"""`fanmill backfill`: a shard of a corpus through the stages, without a server."""

from __future__ import annotations

import signal
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from fanmill.cli.console import counted, fail, guarded, json_line, load_settings, remark, stderr
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json
from fanmill.cli.record_formats import RecordFormatName, record_format_of
from fanmill_contracts.limits import MIB

if TYPE_CHECKING:
    from fanmill.backfill.inputs import InputFile
    from fanmill.backfill.record_files import RecordFormat
    from fanmill.backfill.shard import Shard, ShardDone, ShardWorkers
    from fanmill.core.event_fields import FieldNames

SOURCE: Final = "/fanmill/backfill"


def _field(name: str, member: str) -> Any:
    return typer.Option(
        f"--{name}-field",
        metavar="NAME",
        help=f"Field with the {member}; a name with dots is a path.",
        rich_help_panel="Fields of a document",
    )


Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SRC",
        help="JSON lines (also .gz, .zst), Parquet files, folders, or patterns in quotes.",
        show_default=False,
    ),
]
Target = Annotated[
    Path, typer.Argument(metavar="DST", help="Folder of the results.", show_default=False)
]
ShardName = Annotated[str, typer.Option(metavar="I/N", help="Share of the work: 0/N to N-1/N.")]
Workers = Annotated[
    int, typer.Option(min=0, metavar="N", help="Processes of this shard; 0 for one per CPU.")
]
SourceName = Annotated[
    str, typer.Option(metavar="URI", help="The `source` of documents that are not events.")
]
PartBytes = Annotated[
    int, typer.Option(min=1, metavar="N", help="Size of a part; the work that a kill may undo.")
]
Format = Annotated[
    RecordFormatName, typer.Option("--format", help="Format of the records: lines or tables.")
]
ArrivalField = Annotated[
    str | None, _field("arrival", "time of arrival, RFC 3339; without it the time of the merge")
]


@guarded
def backfill(
    sources: Sources,
    target: Target,
    shard: ShardName = "0/1",
    workers: Workers = 0,
    source: SourceName = SOURCE,
    id_field: Annotated[str, _field("id", "id")] = "id",
    text_field: Annotated[str, _field("text", "text")] = "text",
    title_field: Annotated[str, _field("title", "title")] = "title",
    url_field: Annotated[str, _field("url", "address")] = "url",
    language_field: Annotated[str, _field("language", "declared language")] = "language",
    author_field: Annotated[str, _field("author", "author")] = "author",
    publisher_field: Annotated[str, _field("publisher", "publisher")] = "publisher",
    created_field: Annotated[str, _field("created", "time of publication")] = "created",
    arrival_field: ArrivalField = None,
    part_bytes: PartBytes = 32 * MIB,
    record_format: Format = RecordFormatName.JSONL,
    as_json: Json = False,
) -> None:
    """Process a corpus without a server: records, and fingerprints for `fanmill index merge`.

    Shards need nothing but the files; each does its share, in parts. Parts that are
    done are passed over: after any kill, the same command goes on. Lines that are no documents
    go to DST/rejected and do not change the exit code; a file that cannot be read does.

    Examples:

      fanmill backfill articles.jsonl.gz ./backfill

      fanmill backfill 'crawl/*.jsonl.zst' /mnt/backfill --shard 3/16 --workers 8

      fanmill backfill corpus.parquet ./backfill --text-field content --id-field doc.id

      fanmill backfill corpus.parquet ./backfill --format parquet
    """
    from fanmill.core.event_fields import FieldNames

    fields = FieldNames(
        id_field,
        text_field,
        title_field,
        url_field,
        language_field,
        author_field,
        publisher_field,
        created_field,
    )
    options = {"source": source, "arrival_field": arrival_field, "part_bytes": part_bytes}
    form = record_format_of(record_format)
    _run(sources, target, shard, workers, fields, options, form, as_json=as_json)


def _run(
    sources: list[str],
    target: Path,
    shard: str,
    workers: int,
    fields: FieldNames,
    options: dict[str, Any],
    form: RecordFormat,
    *,
    as_json: bool,
) -> None:
    settings = load_settings()

    from fanmill.backfill.inputs import find_inputs
    from fanmill.backfill.parts import Folders
    from fanmill.backfill.plan import agree
    from fanmill.backfill.shard import Shard, ShardWorkers
    from fanmill.backfill.work import Reading
    from fanmill.batch.mill import Mill
    from fanmill.ops.cpus import available_cpus

    try:
        share = Shard.parse(shard)
    except ValueError as error:
        fail(Exit.USAGE, str(error))
    files, passed_over = find_inputs(sources, target)
    if passed_over:
        kinds = ", ".join(f"{number:,} {kind}" for kind, number in passed_over.most_common())
        remark(f"passed over: {counted(passed_over.total(), 'file')} ({kinds})")
    folders = Folders(target, form)
    folders.make()
    agree(target, files, fields, settings, records=form.name, **options)
    work = ShardWorkers(
        files,
        share,
        workers or available_cpus(),
        mill=Mill(settings),
        reading=Reading(fields, **options),
        folders=folders,
    )
    signal.signal(signal.SIGTERM, _interrupt)
    started = monotonic()
    _report(_watched(work, files, share), monotonic() - started, target, as_json=as_json)


def _interrupt(_: int, __: Any) -> None:
    raise KeyboardInterrupt


def _watched(work: ShardWorkers, files: list[InputFile], share: Shard) -> ShardDone:
    """Do the work; on a terminal, show the number of documents and the rate."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = stderr()
    started = monotonic()
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(f"shard {share.number}/{share.count} of {counted(len(files), 'file')}")

        def show(documents: int) -> None:
            rate = documents / max(monotonic() - started, 1e-3)
            bar.update(task, description=f"{counted(documents, 'document')}, {rate:,.0f}/s")

        return work.run(show)


def _report(done: ShardDone, seconds: float, target: Path, *, as_json: bool) -> None:
    if as_json:
        from dataclasses import asdict

        json_line({**asdict(done), "seconds": round(seconds, 3)})
    else:
        before = f" ({done.parts_done_before:,} of them before)" if done.parts_done_before else ""
        remark(
            f"{counted(done.documents, 'record')} and {counted(done.rejected, 'rejection')} in "
            f"{counted(done.parts, 'part')}{before}: {target}"
        )
        remark(f"when all shards are done: fanmill index merge {target} --out VERDICTS")
    if done.unreadable:
        fail(
            Exit.FAILURE,
            f"{counted(done.unreadable, 'file')} could not be read to the end; "
            f"see {target / 'rejected'}",
        )
