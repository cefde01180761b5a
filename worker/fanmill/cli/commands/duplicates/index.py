"""`fanmill index`: the duplicate index, to look at or to make anew."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from time import time
from typing import Annotated, Any

import typer
from pydantic import BaseModel, ConfigDict, ValidationError
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table

from fanmill.cli.console import escaped, fail, guarded, json_line, load_settings, stderr, stdout
from fanmill.cli.exits import EPILOG, Exit
from fanmill.cli.options import Json, RedisUrl
from fanmill.cli.sources import InputError, content_id, documents, find_files, lines_of
from fanmill.cli.tables import moment_ms
from fanmill.core.dedup.partition import partition
from fanmill.ops.rebuild import Rebuild, Rebuilt
from fanmill.ports import StoredFingerprint
from fanmill.stores.index import IndexParametersDiffer
from fanmill.wiring import CLI_RETRY_SECONDS, Wiring
from fanmill_contracts.results import Verdict

app = typer.Typer(
    no_args_is_help=True, help="The duplicate index: info, rebuild, save.", epilog=EPILOG
)

RESULTS = "results"

"""Fingerprints as JSON; `packed` is base64."""


@app.command(epilog=EPILOG)
@guarded
def info(redis_url: RedisUrl = None, as_json: Json = False) -> None:
    """Show each partition of the index: documents, memory, generations, parameters.

    Exit code 1 when a partition has other parameters than the settings: workers refuse it.

    Examples:

      fanmill index info

      fanmill index info --json | jq .bytes_per_document
    """
    index = Wiring(load_settings(redis_url), retry_seconds=CLI_RETRY_SECONDS).index
    table = Table()
    for name in ("partition", "documents", "accepted", "MB", "bytes each", "lines MB", "oldest"):
        table.add_column(name, justify="left" if name == "partition" else "right", overflow="fold")
    table.add_column("parameters", overflow="fold")
    differing = 0
    for name in index.partitions():
        facts: dict[str, Any] = {"partition": name}
        try:
            partition = index.opened(name, "adopt")
        except IndexParametersDiffer as error:
            differing += 1
            if as_json:
                json_line({**facts, "error": str(error)})
            else:
                stderr.print(escaped(str(error)))
            continue
        found = partition.info()
        as_set = found.parameters == index.parameters.digest
        differing += not as_set
        facts |= asdict(found)
        facts["bytes_per_document"] = round(found.bytes_per_document, 1)
        facts["as_set"] = as_set
        facts["parameters"] = {"digest": found.parameters, **asdict(partition.parameters)}
        if as_json:
            json_line(facts)
            continue
        table.add_row(
            name,
            f"{found.documents:,}",
            f"{found.accepted:,}",
            f"{found.bytes / 1e6:,.1f}",
            f"{found.bytes_per_document:,.0f}",
            f"{found.line_table_bytes / 1e6:,.1f}",
            moment_ms(found.generations[0].start_ms) if found.generations else "",
            f"{found.parameters}{'' if as_set else ' (not those of the settings)'}: "
            f"threshold {partition.parameters.jaccard_threshold:g}, "
            f"horizon {partition.parameters.horizon_days:g} days, "
            f"containment {_switch(partition.parameters.containment)}, "
            f"boilerplate {_switch(partition.parameters.boilerplate)}",
        )
    if not as_json:
        if table.row_count:
            stdout.print(table)
        else:
            stderr.print("the index is empty")
    if differing:
        raise typer.Exit(Exit.FAILURE)


@app.command(epilog=EPILOG)
@guarded
def rebuild(
    redis_url: RedisUrl = None,
    source: Annotated[
        str,
        typer.Option(
            "--from",
            help="`results`: the fingerprints kept with the records. Or a file of documents "
            '(one {"id", "text", ...} a line), or a file of `fanmill index save`.',
        ),
    ] = RESULTS,
    as_json: Json = False,
) -> None:
    """Empty the duplicate index and fill it again, with the parameters of the settings.

    Needed after FANMILL_DEDUP_THRESHOLD, _CONTAINMENT or _BOILERPLATE have changed, or when
    the index was lost. Records are enough unless _BOILERPLATE has changed: then give the texts.
    Exit code 1 when some documents could not be entered.

    Examples:

      fanmill index rebuild

      fanmill index rebuild --from articles.jsonl.gz

      FANMILL_DEDUP_THRESHOLD=0.8 fanmill index rebuild --json
    """
    settings = load_settings(redis_url)
    wiring = Wiring(settings, retry_seconds=CLI_RETRY_SECONDS)
    work = Rebuild(wiring.index)
    problems: list[InputError] = []
    if source == RESULTS:
        steps = work.from_fingerprints(wiring.records.fingerprints())
    else:
        (path,) = find_files([source])
        if path is None or path.suffix in (".txt", ".md"):
            fail(Exit.USAGE, f"--from is {source!r}; expected `results` or a .jsonl file")
        if _holds_fingerprints(path):
            steps = work.from_fingerprints(_fingerprints(path, problems))
        else:
            events = documents(
                [path],
                source="/fanmill/rebuild",
                event_id=content_id,
                on_error=problems.append,
            )
            partition_of = partition(settings.dedup_partition)
            steps = work.from_documents(events, partition_of, round(time() * 1000))
    work.clear()
    _watch(steps)
    done = work.done
    for problem in problems:
        stderr.print(f"[yellow]not read:[/] {escaped(problem.place)} {escaped(problem.error)}")
    if as_json:
        json_line({**asdict(done), "not_read": len(problems)})
    else:
        stderr.print(f"entered {done.documents:,} documents, {done.unique:,} of them unique")
        if done.without_fingerprint:
            stderr.print(
                f"{done.without_fingerprint:,} records have no fingerprint of these parameters; "
                "their texts are needed: fanmill index rebuild --from FILE.jsonl"
            )
    if done.without_fingerprint or problems:
        raise typer.Exit(Exit.FAILURE)


def _watch(steps: Iterator[Rebuilt]) -> None:
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=stderr, transient=True, disable=not stderr.is_terminal) as bar:
        task = bar.add_task("rebuilding", total=None)
        for done in steps:
            bar.update(task, description=f"{done.documents:,} documents")


@app.command(epilog=EPILOG)
@guarded
def save(
    file: Annotated[Path, typer.Argument(help="File to write, one document a line (JSON).")],
    redis_url: RedisUrl = None,
) -> None:
    """Save the fingerprints of all records, for `fanmill index rebuild --from FILE`.

    Examples:

      fanmill index save fingerprints.jsonl
    """
    wiring = Wiring(load_settings(redis_url), retry_seconds=CLI_RETRY_SECONDS)
    count = 0
    with file.open("w", encoding="utf-8") as stream:
        for each in wiring.records.fingerprints():
            stream.write(_Saved.model_validate(asdict(each)).model_dump_json() + "\n")
            count += 1
    stderr.print(f"{count:,} fingerprints: {escaped(str(file))}")


class _Saved(BaseModel):
    """`StoredFingerprint` as a line of JSON; `packed` is base64."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    document_id: str
    received_at: datetime
    verdict: Verdict
    partition: str
    packed: bytes


def _holds_fingerprints(path: Path) -> bool:
    first = next(iter(lines_of(path)), b"")
    try:
        return "packed" in json.loads(first)
    except (ValueError, RecursionError):
        return False


def _fingerprints(path: Path, problems: list[InputError]) -> Iterator[StoredFingerprint]:
    for number, line in enumerate(lines_of(path), 1):
        if line.strip():
            try:
                yield StoredFingerprint(**dict(_Saved.model_validate_json(line)))
            except ValidationError as error:
                place = f"{path}:{number}"
                problems.append(InputError(place, f"is no fingerprint: {error.errors()[0]['msg']}"))


def _switch(on: bool) -> str:
    return "on" if on else "off"
