"""`fanmill tag`, `fanmill taggers` and `fanmill tagger new`: tagging without a server."""

import re
from time import perf_counter
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from fanmill.cli.commands.tagging.scaffold import SAMPLE
from fanmill.cli.console import escaped, fail, guarded, json_line, load_settings, stderr, stdout
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json
from fanmill.core.document import Document
from fanmill.core.plugin import Limit, Overrun, PluginError
from fanmill.core.rules.rule import RuleError
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.tagging.tagger import Tagger
from fanmill.plugins.time_limit import time_limit
from fanmill.settings import Settings
from fanmill.tagger_set import TaggerSet, taggers_of

Pii = Annotated[
    str | None, typer.Option("--pii", help="off, tag or redact.  [env: FANMILL_PII_MODE]")
]
Rules = Annotated[
    str | None, typer.Option("--rules", help="Rules file.  [env: FANMILL_RULES_FILE]")
]
More = Annotated[
    str | None,
    typer.Option("--taggers", help="Folders, files, modules.  [env: FANMILL_TAGGER_PATHS]"),
]

_ROUNDS: Final = 20
_MEASURED_SECONDS: Final = 1.0
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")


def load_taggers(settings: Settings) -> TaggerSet:
    """Return the taggers in force, or end the command and say what is wrong."""
    try:
        return taggers_of(settings)
    except (PluginError, RuleError) as error:
        fail(Exit.USAGE, str(error))


@guarded
def taggers(
    rules: Rules = None,
    more: More = None,
    as_json: Json = False,
) -> None:
    """List the taggers in force with version, languages and measured cost.

    Cost is the median time on this machine for 7,000 characters of English,
    shared views computed before. Exit code 1 when one could not be loaded, or
    failed on that text.

    Examples:

      fanmill taggers

      fanmill taggers --taggers ./my-taggers --json
    """
    settings = load_settings(None, rules_file=rules, tagger_paths=more)
    chosen = load_taggers(settings)
    limit = time_limit(settings.tagger_time_limit_seconds)
    rows = [_facts(each, chosen, limit) for each in chosen.taggers.ordered]
    if as_json:
        for row in rows:
            json_line(row)
    else:
        table = Table()
        for name in ("tagger", "version", "languages", "needs", "declared", "measured", "from"):
            table.add_column(name, overflow="fold")
        for row in rows:
            measured = row["measured_ms"]
            table.add_row(
                row["name"],
                row["version"],
                " ".join(row["languages"]),
                " ".join(row["needs"]),
                row["cost"],
                "failed" if measured is None else f"{measured:.3f} ms",
                escaped(row["origin"]),
            )
        stdout.print(table)
    problems = [(each.producer, each.error) for each in chosen.problems]
    problems += [(row["name"], row["problem"]) for row in rows if row["problem"]]
    for producer, error in problems:
        stderr.print(f"[red]{escaped(producer)}[/]: {escaped(error)}")
    if problems:
        raise typer.Exit(Exit.FAILURE)


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
    doc = DocumentView(Document("sample", (SAMPLE * (7000 // len(SAMPLE) + 1))[:7000]))
    cfg = chosen.taggers.config(each.name)
    times: list[float] = []
    try:
        with limit(each.time_limit_seconds):
            each(doc, cfg)
        # Slow ones are measured less often, for nobody wants to wait for a list.
        until = perf_counter() + _MEASURED_SECONDS
        while not times or (len(times) < _ROUNDS and perf_counter() < until):
            with limit(each.time_limit_seconds):
                started = perf_counter()
                each(doc, cfg)
                times.append(perf_counter() - started)
    except Overrun as overrun:
        return None, str(overrun)
    except Exception as error:  # noqa: BLE001  whatever it raises: it is listed as failed
        return None, f"{type(error).__name__}: {error}"
    return round(sorted(times)[len(times) // 2] * 1000, 4), None
