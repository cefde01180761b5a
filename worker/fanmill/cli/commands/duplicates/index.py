"""`fanmill index info` and `fanmill index rebuild`: the duplicate index."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from fanmill.cli.commands.duplicates.merge import merge
from fanmill.cli.console import (
    counted,
    display,
    fail,
    guarded,
    json_line,
    load_wiring,
    remark,
    stderr,
)
from fanmill.cli.exits import Exit
from fanmill.cli.help import Command, Group
from fanmill.cli.options import DryRun, Json, RedisUrl, Yes, confirm

if TYPE_CHECKING:
    from fanmill.cli.sources import InputError
    from fanmill.ops.rebuild import Rebuild, Rebuilt
    from fanmill.ports import StoredFingerprint
    from fanmill.stores.index import RedisFingerprintIndex
    from fanmill.wiring import Wiring

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Look at the duplicate index, or make it anew.

    Examples:

      fanmill index info
    """,
)

app.command(cls=Command)(merge)

RESULTS: Final = "results"


@app.command(cls=Command)
@guarded
def info(redis_url: RedisUrl = None, as_json: Json = False) -> None:
    """Show each partition of the index: documents, memory, generations, parameters.

    Exit code 1 if a partition has other parameters than the settings: workers refuse it.

    Examples:

      fanmill index info

      fanmill index info --json | jq .bytes_per_document
    """
    index = load_wiring(redis_url).index
    rows = [_facts(index, name) for name in index.partitions()]
    if as_json:
        for row in rows:
            json_line(row)
    elif rows:
        _show_partitions(rows)
    else:
        remark("the index is empty")
    if not all(row.get("as_set") for row in rows):
        raise typer.Exit(Exit.FAILURE)


def _facts(index: RedisFingerprintIndex, name: str) -> dict[str, Any]:
    from dataclasses import asdict

    from fanmill.stores.index import IndexParametersDiffer

    try:
        partition = index.opened(name, "adopt")
    except IndexParametersDiffer as error:
        return {"partition": name, "error": str(error)}
    found = partition.info()
    return {
        "partition": name,
        **asdict(found),
        "bytes_per_document": round(found.bytes_per_document, 1),
        "as_set": found.parameters == index.parameters.digest,
        "parameters": {"digest": found.parameters, **asdict(partition.parameters)},
    }


def _show_partitions(rows: list[dict[str, Any]]) -> None:
    from fanmill.cli.tables import facts, moment_ms

    for row in rows:
        if "error" in row:
            remark(row["error"], f"{row['partition']}:")
            continue
        parameters, generations = row["parameters"], row["generations"]
        others = "" if row["as_set"] else " (not those of the settings)"
        shown = [
            ("documents", f"{row['documents']:,} ({row['accepted']:,} accepted)"),
            ("memory", f"{row['bytes'] / 1e6:,.1f} MB"),
            ("bytes each", f"{row['bytes_per_document']:,.0f}"),
            ("table of lines", f"{row['line_table_bytes'] / 1e6:,.1f} MB"),
            ("oldest", moment_ms(generations[0]["start_ms"]) if generations else ""),
            ("parameters", f"{parameters['digest']}{others}"),
            ("", f"threshold {parameters['jaccard_threshold']:g}"),
            ("", f"horizon {parameters['horizon_days']:g} days"),
            ("", f"containment {_switch(parameters['containment'])}"),
            ("", f"boilerplate {_switch(parameters['boilerplate'])}"),
        ]
        display(facts(shown, title=f"partition {row['partition']}"))


@app.command(cls=Command)
@guarded
def rebuild(
    redis_url: RedisUrl = None,
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="SOURCE",
            help="`results`: the fingerprints kept with the records. Or a file of documents "
            '(one {"id", "text", ...} a line), or a file of `fanmill index save`.',
        ),
    ] = RESULTS,
    yes: Yes = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Empty the duplicate index and fill it again, with the parameters of the settings.

    Needed after FANMILL_DEDUP_THRESHOLD, _CONTAINMENT or _BOILERPLATE have changed, or after the
    index was lost. Records are enough unless _BOILERPLATE has changed: then give the texts.
    Asks before it acts. Exit code 1 if some documents could not be entered.

    Examples:

      fanmill index rebuild --dry-run

      fanmill index rebuild --from articles.jsonl.gz --yes

      FANMILL_DEDUP_THRESHOLD=0.8 fanmill index rebuild --yes --json
    """
    from fanmill.ops.rebuild import Rebuild

    wiring = load_wiring(redis_url)
    work = Rebuild(wiring.index)
    errors: list[InputError] = []
    steps = _steps(wiring, work, source, errors)
    documents = _documents_of(wiring.index)
    removal = f"remove {counted(documents, 'document')} from the index and rebuild it"
    if dry_run:
        if as_json:
            json_line({"would_remove": documents})
        else:
            remark(f"would {removal} from {source}")
        return
    confirm(f"{removal} from {source}", yes=yes)
    work.clear()
    _watch(steps)
    _report(work.done, errors, as_json=as_json)


def _steps(
    wiring: Wiring, work: Rebuild, source: str, errors: list[InputError]
) -> Iterator[Rebuilt]:
    """Return the steps of the rebuild; nothing is done before the first is asked for."""
    if source == RESULTS:
        return work.from_fingerprints(wiring.records.fingerprints())

    from time import time

    from fanmill.cli.reading import Reader
    from fanmill.cli.sources import find_files, is_text
    from fanmill.core.dedup.partition import partition

    (found,) = find_files([source]).files or (None,)
    if found is None or found.path is None or is_text(found.path.name):
        fail(Exit.USAGE, f"--from is {source!r}; expected `results` or a .jsonl file")
    if _holds_fingerprints(found.path):
        return work.from_fingerprints(_fingerprints(found.path, errors))
    reader = Reader("/fanmill/rebuild", on_error=errors.append)
    return work.from_documents(
        reader.documents([found]),
        partition(wiring.settings.dedup_partition),
        round(time() * 1000),
    )


def _documents_of(index: RedisFingerprintIndex) -> int:
    return sum(_facts(index, name).get("documents", 0) for name in index.partitions())


def _report(done: Rebuilt, errors: list[InputError], *, as_json: bool) -> None:
    from dataclasses import asdict

    for error in errors:
        remark(f"{error.place} {error.error}", "not read:")
    if as_json:
        json_line({**asdict(done), "not_read": len(errors)})
    else:
        remark(f"entered {counted(done.documents, 'document')}, {done.unique:,} of them unique")
        if done.without_fingerprint:
            remark(
                f"{counted(done.without_fingerprint, 'record')} without a fingerprint of these "
                "parameters; their texts are needed: fanmill index rebuild --from FILE.jsonl"
            )
    if done.without_fingerprint or errors:
        raise typer.Exit(Exit.FAILURE)


def _watch(steps: Iterator[Rebuilt]) -> None:
    from rich.progress import Progress, SpinnerColumn, TextColumn

    console = stderr()
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False))
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("rebuilding", total=None)
        for done in steps:
            bar.update(task, description=counted(done.documents, "document"))


@app.command(cls=Command)
@guarded
def save(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="File to write, one document a line (JSON).")
    ],
    redis_url: RedisUrl = None,
) -> None:
    """Save the fingerprints of all records, for `fanmill index rebuild --from FILE`.

    Examples:

      fanmill index save fingerprints.jsonl
    """
    from fanmill.cli.fingerprints import fingerprint_line

    wiring = load_wiring(redis_url)
    count = 0
    with file.open("w", encoding="utf-8") as stream:
        for each in wiring.records.fingerprints():
            stream.write(fingerprint_line(each) + "\n")
            count += 1
    remark(f"{counted(count, 'fingerprint')}: {file}")


def _holds_fingerprints(path: Path) -> bool:
    import json

    from fanmill.cli.reading import lines_of

    first = next(iter(lines_of(path)), b"")
    try:
        return "packed" in json.loads(first)
    except (ValueError, RecursionError, TypeError):
        return False


def _fingerprints(path: Path, errors: list[InputError]) -> Iterator[StoredFingerprint]:
    from pydantic import ValidationError

    from fanmill.cli.fingerprints import read_fingerprint
    from fanmill.cli.reading import lines_of
    from fanmill.cli.sources import InputError

    for number, line in enumerate(lines_of(path), 1):
        if line.strip():
            try:
                yield read_fingerprint(line)
            except ValidationError as error:
                place = f"{path}:{number}"
                errors.append(InputError(place, f"is no fingerprint: {error.errors()[0]['msg']}"))


def _switch(on: bool) -> str:
    return "on" if on else "off"
