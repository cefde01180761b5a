"""`fanmill show`: one document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from fanmill.cli.console import (
    counted,
    display,
    fail,
    guarded,
    json_line,
    load_wiring,
    remark,
    stdout,
)
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, RedisUrl
from fanmill.cli.partitions import any_partition
from fanmill.cli.stores import (
    DataFolder,
    StoreUrl,
    opened_store,
    stored_document,
    stored_rejections,
)

if TYPE_CHECKING:
    from rich.console import RenderableType

    from fanmill.ports import RejectedEntry, StoredDocument
    from fanmill.wiring import Wiring
    from fanmill_contracts import DocumentResult

_DECIDED: Final = {
    "digest": "the normalised texts are equal",
    "jaccard": "similarity",
    "containment": "one is a part of the other",
    "digest-only": "equal texts only: too short for an estimate",
}
_COMPARED: Final = {"full": "the whole text", "content": "the text without boilerplate"}
_SHOWN_APART: Final = frozenset({"keyphrase", "language"})
_TWO_COLUMNS: Final = 70
"""Columns of a terminal that two columns of statistics need."""


@any_partition(document="document_id")
@guarded
def show(
    document_id: Annotated[str, typer.Argument(metavar="ID", help="The document's id.")],
    redis_url: RedisUrl = None,
    store: StoreUrl = None,
    data: DataFolder = None,
    as_json: Json = False,
) -> None:
    """Show what is known of one document: summary, language, tags, statistics, or its rejection.

    Redis knows the newest documents, and a store of record the older ones, too: with
    FANMILL_STORE_URL both are asked. --store and --data ask that store alone. Exit code 1 if
    nothing is known of it.

    Examples:

      fanmill show harbour-bridge

      fanmill show harbour-bridge --data ./fanmill-data --json
    """
    with opened_store(store, data, redis_url) as opened:
        stored: StoredDocument | None = None
        rejections: list[RejectedEntry] = []
        if store is None and data is None:
            stored, rejections = _in_redis(redis_url, document_id, optional=opened is not None)
        if opened is not None and (stored is None or stored.result is None):
            older = stored_document(opened, document_id)
            stored = older if stored is None else _with_result(stored, older)
            rejections = rejections or stored_rejections(opened, document_id)
    if stored is None and not rejections:
        place = "" if opened is None else ", and the store does not have it"
        fail(
            Exit.FAILURE,
            f"no document {document_id!r}: never seen, or its record has expired{place}",
        )
    if as_json:
        json_line(_facts(document_id, stored, rejections))
        return
    for part in _parts(document_id, stored, rejections):
        display(part)


def _in_redis(
    redis_url: str | None, document_id: str, *, optional: bool
) -> tuple[StoredDocument | None, list[RejectedEntry]]:
    """Return the state and the rejections of a document in Redis.

    With `optional`, a server that is away knows nothing: the store may have the document.
    """
    from redis.exceptions import RedisError

    wiring = load_wiring(redis_url)
    try:
        stored = wiring.records.get(document_id)
        return stored, _rejections(wiring, document_id, stored)
    except RedisError as error:
        if not optional:
            raise
        remark(f"only the store was asked: Redis does not answer ({type(error).__name__})")
        return None, []


def _with_result(stored: StoredDocument, older: StoredDocument | None) -> StoredDocument:
    """Return the state of a document with the record that only the store still has."""
    return stored if older is None else replace(stored, result=older.result)


def _rejections(
    wiring: Wiring, document_id: str, stored: StoredDocument | None
) -> list[RejectedEntry]:
    """Return the rejections of a document, those without a verified id among them."""
    if stored is not None and stored.rejection is not None:
        entry = wiring.rejections.get(stored.rejection)
        return [] if entry is None else [entry]
    if stored is not None:
        return []
    return list(wiring.rejections.of_document(document_id))


def _facts(
    document_id: str, stored: StoredDocument | None, rejections: list[RejectedEntry]
) -> dict[str, Any]:
    return {
        "document_id": document_id,
        "state": "rejected" if stored is None else stored.state,
        "revisions": 0 if stored is None else stored.revisions,
        "result": None if stored is None else stored.result,
        "rejection": rejections[-1].id if rejections else stored and stored.rejection,
        "rejections": [{"id": each.id, **each.event.data.model_dump()} for each in rejections],
    }


def _parts(
    document_id: str, stored: StoredDocument | None, rejections: list[RejectedEntry]
) -> Iterator[RenderableType]:
    from fanmill.cli.tables import facts

    head: list[tuple[str, object]] = [("document", document_id)]
    if stored is None:
        head.append(("state", "rejected"))
    else:
        head += [("state", stored.state), ("revisions", f"{stored.revisions:,}")]
        if stored.rejection is not None and not rejections:
            head.append(("rejected", f"{stored.rejection} (fanmill rejected show ID)"))
    for each in rejections:
        data = each.event.data
        head.append(("rejected", f"{data.reason} in {data.stage}: {data.error}"))
        head.append(("", f"fanmill rejected show {each.id}"))
    result = None if stored is None else stored.result
    if result is not None:
        head += _contents(result)
    yield facts(head)
    if result is not None and result.statistics is not None:
        yield ""
        measured = _measured(result.statistics.model_dump(exclude={"language", "sets"}))
        yield _statistics(list(measured))


def _contents(result: DocumentResult) -> list[tuple[str, object]]:
    """Return what a reader looks for: summary, language, tags, then the verdict."""
    from fanmill.cli.tables import moment, verdict_text

    judged = result.deduplication
    rows: list[tuple[str, Any]] = [("title", result.title), ("url", result.url)]
    if result.summary is not None:
        rows.append(("summary", "\n".join(each.text for each in result.summary.sentences)))
    if result.tagging is not None:
        tagging = result.tagging
        rows.append(("language", f"{tagging.language} ({tagging.language_confidence:.2f})"))
        phrases = [f"{tag.value} ({tag.score:.2f})" for tag in tagging.tags.get("keyphrase", ())]
        rows.append(("keyphrases", ", ".join(phrases)))
        rows.append(("tags", _tags(tagging.tags)))
    rows += [
        ("verdict", verdict_text(judged)),
        ("decided by", _DECIDED.get(judged.decided_by or "", "")),
        ("similarity", None if judged.similarity is None else f"{judged.similarity:.2f}"),
        ("containment", None if judged.containment is None else f"{judged.containment:.2f}"),
        (
            "compared",
            None if judged.duplicate_of is None else _COMPARED.get(judged.compared_text or ""),
        ),
        ("received", None if result.received_at is None else moment(result.received_at)),
        ("completed", moment(result.completed_at)),
    ]
    rows += [
        ("problem", f"{each.producer} in {each.stage}: {each.error}") for each in result.problems
    ]
    return [(name, str(value)) for name, value in rows if value not in (None, "")]


def _tags(tags: Any) -> str:
    """Return one line per namespace, in the order of the tags."""
    return "\n".join(
        f"{namespace}: {', '.join(f'{tag.value} ({tag.score:.2f})' for tag in values)}"
        for namespace, values in tags.items()
        if namespace not in _SHOWN_APART
    )


def _measured(values: Mapping[str, Any], group: str = "") -> Iterator[tuple[str, str]]:
    """Yield statistics as people read them, the values of a set behind its name."""
    from fanmill.cli.tables import duration

    for name, value in values.items():
        label = f"{group}{name.replace('_', ' ')}"
        if isinstance(value, dict) and "passed" in value:
            yield label, value["failed"] or "passed"
        elif isinstance(value, dict):
            yield from _measured(value, f"{label}: ")
        elif name.endswith("_time_seconds"):
            yield label.removesuffix(" seconds"), "" if value is None else duration(value)
        elif isinstance(value, float):
            yield label, f"{value:,.3g}"
        elif isinstance(value, int) and not isinstance(value, bool):
            yield label, f"{value:,}"
        elif value is not None:
            yield label, str(value)


def _statistics(rows: list[tuple[str, str]]) -> RenderableType:
    """Return the statistics in two columns where the terminal is wide enough."""
    from rich.table import Table

    from fanmill.cli.tables import add_row

    columns = 2 if stdout().width >= _TWO_COLUMNS else 1
    table = Table(
        title=counted(len(rows), "statistic"),
        title_justify="left",
        show_header=False,
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
    )
    for _ in range(columns):
        table.add_column(style="bold", overflow="fold")
        table.add_column(justify="right", overflow="fold")
    height = -(-len(rows) // columns)
    for number in range(height):
        cells = [cell for row in rows[number::height] for cell in row]
        add_row(table, *cells, *[""] * (2 * columns - len(cells)))
    return table
