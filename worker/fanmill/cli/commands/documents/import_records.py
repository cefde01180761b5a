"""`fanmill import`: an export back into a store and into the duplicate index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fanmill.cli.console import counted, fail, guarded, json_line, load_settings, remark
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, RedisUrl
from fanmill.cli.stores import DataFolder, StoreUrl, store_url

if TYPE_CHECKING:
    from fanmill.export.importing import ImportCounts, PlacedLine
    from fanmill.ops.rebuild import Rebuild
    from fanmill.ports import Store
    from fanmill.stores.index import RedisFingerprintIndex

_SHOWN_FAULTS: Final = 20
_PARQUET: Final = b"PAR1"
"""First bytes of a Parquet file."""

Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...",
        help="Files of fanmill export in their order: jsonl, also packed, or parquet.",
        show_default=False,
        dir_okay=False,
    ),
]
Merge = Annotated[
    bool,
    typer.Option(
        "--merge",
        help="Import into a store or an index that holds documents; also after an interruption.",
    ),
]
NoIndex = Annotated[bool, typer.Option("--no-index", help="Leave the duplicate index as it is.")]
Look = Annotated[
    bool, typer.Option("--dry-run", help="Read and check all lines, and store nothing.")
]


@guarded
def import_records(
    files: Files,
    store: StoreUrl = None,
    data: DataFolder = None,
    redis_url: RedisUrl = None,
    merge: Merge = False,
    no_index: NoIndex = False,
    dry_run: Look = False,
    as_json: Json = False,
) -> None:
    """Import the records and rejections of an export into a store, and its duplicate index.

    The index comes from the fingerprints, in order of arrival, so that a later copy gets the
    verdict that it would have got before. Store and index have to be empty, or give --merge: a
    record never replaces a newer one, and repeating an import changes nothing. Lines that cannot
    be read are named, the others are imported, and the exit code is 1.

    The formats jsonl and parquet restore records as they were; parquet has no rejections. The
    others hold a part of each record and are refused.

    Examples:

      fanmill import backup.jsonl.zst --store sqlite:///restored.sqlite

      fanmill import backup.jsonl.zst --store postgresql://db/fanmill --no-index

      fanmill import records-*.jsonl.gz --data ./fanmill-data --dry-run --json
    """
    from contextlib import ExitStack, closing

    from fanmill.stores.opening import open_store

    url = store_url(store, data)
    if not url:
        fail(Exit.USAGE, "nowhere to import to: give --store URL or --data DIR (FANMILL_STORE_URL)")
    for path in files:
        if not path.is_file():
            fail(Exit.USAGE, f"{str(path)!r} is no file")
        _demand_format(path)
    with ExitStack() as stack:
        target, rebuild = None, None
        if not dry_run:
            target = stack.enter_context(closing(open_store(url, create=True)))
            rebuild = None if no_index else _rebuild(redis_url, merge=merge)
            if not merge:
                _demand_empty(target)
        counts, faults = _imported(target, rebuild, files)
    _report(counts, faults, dry_run=dry_run, no_index=no_index, as_json=as_json)


def _demand_empty(store: Store) -> None:
    info = store.info()
    if info.records or info.rejections:
        fail(
            Exit.USAGE,
            f"the store holds {counted(info.records, 'record')} and "
            f"{counted(info.rejections, 'rejection')}; import into an empty one, or give --merge",
        )


def _rebuild(redis_url: str | None, *, merge: bool) -> Rebuild:
    from fanmill.ops.rebuild import Rebuild
    from fanmill.wiring import CLI_RETRY_SECONDS, Wiring

    index = Wiring(load_settings(redis_url), retry_seconds=CLI_RETRY_SECONDS).index
    documents = _documents_of(index)
    if documents and not merge:
        fail(
            Exit.USAGE,
            f"the duplicate index holds {counted(documents, 'document')}; import into an empty "
            "one, or give --merge or --no-index",
        )
    return Rebuild(index)


def _documents_of(index: RedisFingerprintIndex) -> int:
    return sum(index.opened(name, "refuse").info().documents for name in index.partitions())


def _imported(
    store: Store | None, rebuild: Rebuild | None, files: list[Path]
) -> tuple[ImportCounts, int]:
    from fanmill.cli.progress import ReadingProgress
    from fanmill.export.importing import Import

    faults = 0

    def bad(place: str, fault: str) -> None:
        nonlocal faults
        faults += 1
        if faults <= _SHOWN_FAULTS:
            remark(f"{place} {fault}", "not imported:")

    work = Import(store, rebuild, bad)
    with ReadingProgress() as progress:
        for _ in work.run(_lines(files, progress.add)):
            pass
    if faults > _SHOWN_FAULTS:
        remark(f"{faults - _SHOWN_FAULTS:,} more", "not imported:")
    return work.counts, faults


def _lines(files: list[Path], on_read: Callable[[int], None]) -> Iterator[PlacedLine]:
    from fanmill.export.importing import PlacedLine

    for path in files:
        for number, line in enumerate(_lines_of(path), 1):
            on_read(len(line))
            if line.strip():
                yield PlacedLine(f"{path}:{number}", line.rstrip())


def _lines_of(path: Path) -> Iterator[bytes]:
    from fanmill.cli.reading import lines_of

    with path.open("rb") as file:
        is_parquet = file.read(len(_PARQUET)) == _PARQUET
    if is_parquet:
        from fanmill.backfill.parquet import NoParquet
        from fanmill.export.parquet import ParquetFailed, lines_in

        try:
            yield from lines_in(path)
        except (NoParquet, ParquetFailed) as error:
            fail(Exit.USAGE, str(error))
        return
    yield from lines_of(path)


def _demand_format(path: Path) -> None:
    """Refuse a file of a format that does not hold whole records, before anything is stored."""
    from fanmill.export.reading import RESTORING, other_format

    first = next(iter(_lines_of(path)), b"")
    kind = other_format(first.rstrip())
    if kind is not None:
        fail(
            Exit.USAGE,
            f"{str(path)!r} is an export in the format {kind}, which holds a part of each record; "
            f"records are restored from {RESTORING}",
        )


def _report(
    counts: ImportCounts, faults: int, *, dry_run: bool, no_index: bool, as_json: bool
) -> None:
    if as_json:
        json_line({**asdict(counts), "dry_run": dry_run})
    else:
        verb = "would import" if dry_run else "imported"
        text = f"{verb} {counted(counts.records, 'record')}"
        text += f" and {counted(counts.rejections, 'rejection')}"
        for number, what in (
            (counts.repeated, "were there"),
            (counts.outdated, "older than those in the store"),
            (counts.forgotten, "of forgotten documents left out"),
        ):
            text += f"; {number:,} {what}" if number else ""
        remark(text)
        if not dry_run and not no_index:
            remark(f"the index: {counted(counts.fingerprints, 'document')}")
            if counts.without_fingerprint:
                remark(
                    f"{counted(counts.without_fingerprint, 'record')} without a fingerprint of "
                    "these parameters: later copies of them will be unique (export with "
                    "--fingerprints, or fanmill index rebuild --from FILE.jsonl)"
                )
    if faults:
        raise typer.Exit(Exit.FAILURE)
