"""`fanmill show` and `fanmill results`: what became of documents."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from fanmill.cli.console import escaped, fail, guarded, json_line, load_settings, stdout
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, RedisUrl
from fanmill.cli.tables import duration, moment, verdict_text
from fanmill.ports import StoredDocument
from fanmill.wiring import CLI_RETRY_SECONDS, Wiring
from fanmill_contracts import DocumentResult

_TABLE_ROWS: Final = 1000
_AGO: Final = re.compile(r"(\d+)\s*([smhd])")
_DECIDED: Final = {
    "digest": "the normalised texts are equal",
    "jaccard": "similarity",
    "containment": "one is a part of the other",
    "digest-only": "equal texts only: too short for an estimate",
}
_COMPARED: Final = {"full": "the whole text", "content": "the text without boilerplate"}
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@guarded
def show(
    document_id: Annotated[str, typer.Argument(metavar="ID", help="The document's id.")],
    redis_url: RedisUrl = None,
    as_json: Json = False,
) -> None:
    """Show what is known of one document.

    Examples:

      fanmill show harbour-bridge

      fanmill show harbour-bridge --json
    """
    wiring = Wiring(load_settings(redis_url), retry_seconds=CLI_RETRY_SECONDS)
    stored = wiring.records.get(document_id)
    if stored is None:
        fail(Exit.FAILURE, f"no document {document_id!r}: never seen, or its record has expired")
    if as_json:
        json_line(stored)
        return
    stdout.print(_details(stored))


def _details(stored: StoredDocument) -> Table:
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("document", escaped(stored.document_id))
    table.add_row("state", stored.state)
    table.add_row("revisions", f"{stored.revisions:,}")
    if stored.rejection is not None:
        table.add_row("rejected", f"{stored.rejection} (fanmill rejected show {stored.rejection})")
    if stored.result is not None:
        for name, value in _facts(stored.result):
            table.add_row(name, escaped(value))
    return table


def _measured(values: Mapping[str, Any], group: str = "") -> Iterator[tuple[str, str]]:
    """Yield statistics as people read them, the values of a set behind its name."""
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


def _facts(result: DocumentResult) -> list[tuple[str, str]]:
    judged = result.deduplication
    facts: list[tuple[str, Any]] = [
        ("title", result.title),
        ("url", result.url),
        ("received", None if result.received_at is None else moment(result.received_at)),
        ("completed", moment(result.completed_at)),
        ("verdict", verdict_text(judged)),
        ("decided by", _DECIDED.get(judged.decided_by or "", "")),
        ("similarity", None if judged.similarity is None else f"{judged.similarity:.2f}"),
        ("containment", None if judged.containment is None else f"{judged.containment:.2f}"),
        (
            "compared",
            None if judged.duplicate_of is None else _COMPARED.get(judged.compared_text or ""),
        ),
    ]
    if result.statistics is not None:
        facts += _measured(result.statistics.model_dump(exclude={"language", "sets"}))
    if result.summary is not None:
        facts.append(("summary", "\n".join(each.text for each in result.summary.sentences)))
    if result.tagging is not None:
        tagging = result.tagging
        facts.append(("language", f"{tagging.language} ({tagging.language_confidence:.2f})"))
        phrases = [f"{tag.value} ({tag.score:.2f})" for tag in tagging.tags.get("keyphrase", ())]
        facts.append(("keyphrases", ", ".join(phrases)))
    facts += [
        ("problem", f"{each.producer} in {each.stage}: {each.error}") for each in result.problems
    ]
    return [(name, str(value)) for name, value in facts if value not in (None, "")]
