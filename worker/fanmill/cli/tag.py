"""`fanmill tag`, `fanmill taggers` and `fanmill tagger new`: tagging without a server."""

import re
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from fanmill.cli.console import escaped, fail, guarded, json_line, load_settings, out, talk
from fanmill.cli.dolma import Dolma, attributes
from fanmill.cli.exits import EPILOG, Exit
from fanmill.cli.options import Json, Paths
from fanmill.cli.scaffold import MODULE, SAMPLE, TEST
from fanmill.cli.sources import content_id, documents, find_files
from fanmill.core.document import Document
from fanmill.core.rules.rule import RuleError
from fanmill.core.stages import tagging_by
from fanmill.core.tagging.runner import Limit, Overrun
from fanmill.core.tagging.tagger import Doc, Tagger, TaggerError
from fanmill.settings import Settings
from fanmill.tagger_set import TaggerSet, taggers_of
from fanmill.taggers.limit import time_limit
from fanmill_contracts.results import Tagging

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
    except (TaggerError, RuleError) as error:
        fail(Exit.USAGE, str(error))


@guarded
def tag(
    paths: Paths,
    pii: Pii = None,
    rules: Rules = None,
    taggers: More = None,
    as_json: Json = False,
    dolma: Dolma = False,
) -> None:
    """Tag documents without a server.

    Exit code 1 when a tagger failed or an input could not be read.

    Examples:

      fanmill tag letter.txt

      echo 'Der Minister sprach am Montag.' | fanmill tag -

      fanmill tag articles/ --rules rules.yaml --json
    """
    settings = load_settings(None, pii_mode=pii, rules_file=rules, tagger_paths=taggers)
    function = tagging_by(load_taggers(settings).taggers, redacts=settings.pii_mode == "redact")
    wrong = False
    for document_id, document in _documents(paths):
        if document is None:
            talk.print(escaped(document_id))
            wrong = True
            continue
        found = function(document)
        tagging = Tagging.model_validate(found["tagging"])
        problems: Any = found["problems"].model_dump(mode="json") if "problems" in found else []
        wrong = wrong or bool(problems)
        if dolma:
            json_line(attributes(document_id, tagging, len(document.text)))
        elif as_json:
            json_line(
                {
                    "document_id": document_id,
                    "tagging": tagging.model_dump(mode="json"),
                    "problems": problems,
                }
            )
        else:
            _show(document_id, tagging)
        for problem in problems:
            talk.print(f"[red]{escaped(problem['producer'])}[/]: {escaped(problem['error'])}")
    if wrong:
        raise typer.Exit(Exit.FOUND)


def _documents(paths: list[str]) -> Any:
    """Yield ids with documents; with None and a text for what cannot be read."""
    problems: list[str] = []
    for event in documents(
        find_files(paths),
        source="fanmill tag",
        event_id=content_id,
        on_problem=lambda problem: problems.append(f"{problem.place}: {problem.error}"),
    ):
        data = event.data
        yield (
            data.document_id,
            Document(
                document_id=data.document_id,
                text=data.text,
                title=data.title,
                url=data.url,
                language=data.language,
                source=event.source,
                published_at=data.published_at.isoformat() if data.published_at else None,
                author=data.author,
                publisher=data.publisher,
                metadata=data.metadata,
            ),
        )
    for text in problems:
        yield text, None


def _show(document_id: str, tagging: Tagging) -> None:
    table = Table(title=escaped(document_id), title_justify="left")
    for name in ("namespace", "value", "score", "kind", "by", "why"):
        table.add_column(name, overflow="fold")
    for share in tagging.languages[1:]:
        table.add_row("language share", share.language, f"{share.share:.2f}", "", "", "")
    for tag_ in tagging.tags:
        table.add_row(
            tag_.namespace,
            escaped(tag_.value),
            f"{tag_.score:.2f}",
            tag_.score_kind,
            f"{tag_.producer.name} {tag_.producer.version}",
            escaped(tag_.reason or ""),
        )
    out.print(table)


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
        out.print(table)
    problems = [(each.producer, each.error) for each in chosen.problems]
    problems += [(row["name"], row["problem"]) for row in rows if row["problem"]]
    for producer, error in problems:
        talk.print(f"[red]{escaped(producer)}[/]: {escaped(error)}")
    if problems:
        raise typer.Exit(Exit.FOUND)


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
    doc = Doc(Document("sample", (SAMPLE * (7000 // len(SAMPLE) + 1))[:7000]))
    cfg = chosen.taggers.config(each.name)
    times: list[float] = []
    try:
        with limit():
            each(doc, cfg)
        # Slow ones are measured less often, for nobody wants to wait for a list.
        until = perf_counter() + _MEASURED_SECONDS
        while not times or (len(times) < _ROUNDS and perf_counter() < until):
            with limit():
                started = perf_counter()
                each(doc, cfg)
                times.append(perf_counter() - started)
    except Overrun as overrun:
        return None, str(overrun)
    except Exception as error:  # noqa: BLE001  whatever it raises: it is listed as failed
        return None, f"{type(error).__name__}: {error}"
    return round(sorted(times)[len(times) // 2] * 1000, 4), None


app = typer.Typer(no_args_is_help=True, help="Write a tagger of your own.", epilog=EPILOG)


@app.command(epilog=EPILOG)
@guarded
def new(
    name: Annotated[str, typer.Argument(help="Its name: lower case, digits, underscores.")],
    folder: Annotated[Path, typer.Option(help="Where to write.")] = Path(),
) -> None:
    """Write the file of a new tagger, and its test.

    Examples:

      fanmill tagger new invoice

      fanmill tag letter.txt --taggers invoice.py
    """
    if not _NAME.fullmatch(name):
        fail(Exit.USAGE, f"name is {name!r}; expected lower case, such as 'invoice'")
    files = {
        folder / f"{name}.py": MODULE.replace("NAME", name),
        folder / f"test_{name}.py": TEST.replace("NAME", name),
    }
    for path in files:
        if path.exists():
            fail(Exit.USAGE, f"{path} is there already; nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        path.write_text(content, encoding="utf-8")
        talk.print(f"wrote {escaped(str(path))}")
    talk.print(
        f"try it: fanmill tag - --taggers {escaped(str(folder / name))}.py; "
        f"keep it: FANMILL_TAGGER_PATHS={escaped(str(folder / name))}.py"
    )
