"""`fanmill taggers`: the active taggers and their measured cost."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import typer

from fanmill.cli.commands.tagging.tag import More, Rules, load_taggers
from fanmill.cli.console import display, guarded, json_line, load_settings, remark
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json

if TYPE_CHECKING:
    from fanmill.core.plugin import Limit
    from fanmill.core.tagging.tagger import Tagger
    from fanmill.tagger_set import TaggerSet

_ROUNDS: Final = 20
_MEASURED_SECONDS: Final = 1.0
"""Maximum time spent on one tagger."""
_SAMPLE_CHARACTERS: Final = 7000


@guarded
def taggers(
    rules: Rules = None,
    more: More = None,
    as_json: Json = False,
) -> None:
    """List the active taggers with version, languages and measured cost.

    The cost is the median time on this machine for 7,000 characters of English, with shared views
    computed before. Exit code 1 if a tagger could not be loaded or failed on that text.

    Examples:

      fanmill taggers

      fanmill taggers --taggers ./my-taggers --json
    """
    settings = load_settings(None, rules_file=rules, tagger_paths=more)

    from fanmill.plugins.time_limit import time_limit

    chosen = load_taggers(settings)
    limit = time_limit(settings.tagger_time_limit_seconds)
    rows = [_facts(each, chosen, limit) for each in chosen.taggers.ordered]
    if as_json:
        for row in rows:
            json_line(row)
    else:
        _show(rows)
    problems = [(each.producer, each.error) for each in chosen.problems]
    problems += [(row["name"], row["problem"]) for row in rows if row["problem"]]
    for producer, error in problems:
        remark(error, f"{producer}:", "red")
    if problems:
        raise typer.Exit(Exit.FAILURE)


def _show(rows: list[dict[str, Any]]) -> None:
    from fanmill.cli.tables import add_row, listing

    names = ("tagger", "version", "languages", "needs", "declared", "measured", "from")
    table = listing(*names, numbers={"measured"})
    for row in rows:
        measured = row["measured_ms"]
        add_row(
            table,
            row["name"],
            row["version"],
            " ".join(row["languages"]),
            " ".join(row["needs"]),
            row["cost"],
            "failed" if measured is None else f"{measured:.3f} ms",
            row["origin"],
        )
    display(table)


def _facts(each: Tagger, chosen: TaggerSet, limit: Limit) -> dict[str, Any]:
    measured, problem = _measured(each, chosen, limit)
    return {
        "name": each.name,
        "version": each.version,
        "languages": list(each.languages),
        "needs": list(each.needs),
        "cost": each.cost,
        "measured_ms": measured,
        "problem": problem,
        "library": each.library(),
        "origin": chosen.origins[each.name],
    }


def _measured(each: Tagger, chosen: TaggerSet, limit: Limit) -> tuple[float | None, str | None]:
    """Return the median time of a tagger in milliseconds, or the error that it raised."""
    from fanmill.cli.commands.tagging.scaffold import SAMPLE
    from fanmill.core.document import Document
    from fanmill.core.plugin import Overrun
    from fanmill.core.tagging.document_view import DocumentView

    text = (SAMPLE * (_SAMPLE_CHARACTERS // len(SAMPLE) + 1))[:_SAMPLE_CHARACTERS]
    view = DocumentView(Document("sample", text))
    config = chosen.taggers.config(each.name)
    times: list[float] = []
    try:
        with limit(each.time_limit_seconds):
            each(view, config)
        # A slow tagger runs less often: a person waits for the list.
        until = perf_counter() + _MEASURED_SECONDS
        while not times or (len(times) < _ROUNDS and perf_counter() < until):
            with limit(each.time_limit_seconds):
                started = perf_counter()
                each(view, config)
                times.append(perf_counter() - started)
    except Overrun as overrun:
        return None, str(overrun)
    except Exception as error:  # noqa: BLE001  a tagger may raise anything: it is listed as failed
        return None, f"{type(error).__name__}: {error}"
    return round(sorted(times)[len(times) // 2] * 1000, 4), None
