"""`fanmill tag`, `fanmill taggers` and `fanmill tagger new`: tagging without a server."""

import re
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from fanmill.cli.console import escaped, fail, guarded, json_line, load_settings, stderr, stdout
from fanmill.cli.dolma import Dolma, attributes
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, Paths
from fanmill.cli.sources import content_id, documents, find_files
from fanmill.core.document import Document
from fanmill.core.plugin import PluginError
from fanmill.core.rules.rule import RuleError
from fanmill.core.stages import tagging_by
from fanmill.settings import Settings
from fanmill.tagger_set import TaggerSet, taggers_of
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
    except (PluginError, RuleError) as error:
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
    function = tagging_by(load_taggers(settings).taggers, redacts=settings.redacts_personal_data)
    wrong = False
    for document_id, document in _documents(paths):
        if document is None:
            stderr.print(escaped(document_id))
            wrong = True
            continue
        found = function(document)
        wrong = wrong or bool(found.problems)
        if found.tagging is None:
            continue
        if dolma:
            json_line(attributes(document_id, found.tagging, len(document.text)))
        elif as_json:
            members = found.model_dump(mode="json", exclude_defaults=True)
            json_line({"document_id": document_id, "problems": [], **members})
        else:
            _show(document_id, found.tagging)
        for problem in found.problems:
            stderr.print(f"[red]{escaped(problem.producer)}[/]: {escaped(problem.error)}")
    if wrong:
        raise typer.Exit(Exit.FAILURE)


def _documents(paths: list[str]) -> Any:
    """Yield ids with documents; with None and a text for what cannot be read."""
    problems: list[str] = []
    for event in documents(
        find_files(paths),
        source="fanmill tag",
        event_id=content_id,
        on_error=lambda problem: problems.append(f"{problem.place}: {problem.error}"),
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
    for namespace, tags in tagging.tags.items():
        for each in tags:
            producer = tagging.producer_of(each)
            table.add_row(
                namespace,
                escaped(each.value),
                f"{each.score:.2f}",
                each.score_kind,
                f"{producer.name} {producer.version}",
                escaped(each.reason or ""),
            )
    stdout.print(table)
