"""`fanmill tag`: tags of documents, without a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanmill.cli.console import display, fail, guarded, json_line, load_settings, remark
from fanmill.cli.dolma import Dolma, attributes
from fanmill.cli.exits import Exit
from fanmill.cli.options import AsText, BaseFolder, Encoding, IdKind, Json, Paths

if TYPE_CHECKING:
    from fanmill.core.document import Document
    from fanmill.settings import Settings
    from fanmill.tagger_set import TaggerSet
    from fanmill_contracts import DocumentIngested
    from fanmill_contracts.tagging import Tagging

Pii = Annotated[
    str | None,
    typer.Option("--pii", metavar="MODE", help="off, tag or redact.  [env: FANMILL_PII_MODE]"),
]
Rules = Annotated[
    str | None,
    typer.Option("--rules", metavar="FILE", help="Tag rules.  [env: FANMILL_RULES_FILE]"),
]
More = Annotated[
    str | None,
    typer.Option(
        "--taggers",
        metavar="PATHS",
        help="Folders, files and modules of more taggers.  [env: FANMILL_TAGGER_PATHS]",
    ),
]


def load_taggers(settings: Settings) -> TaggerSet:
    """Return the active taggers; errors in their files or rules end the command."""
    from fanmill.core.plugin import PluginError
    from fanmill.core.rules.rule import RuleError
    from fanmill.tagger_set import taggers_of

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
    base: BaseFolder = None,
    id_kind: IdKind = "path",
    as_text: AsText = None,
    encoding: Encoding = None,
    as_json: Json = False,
    dolma: Dolma = False,
) -> None:
    """Tag documents without a server.

    Exit code 1 if a tagger failed or an input could not be read.

    Examples:

      fanmill tag letter.txt

      echo 'Der Minister sprach am Montag.' | fanmill tag -

      fanmill tag articles/ --rules rules.yaml --json
    """
    settings = load_settings(None, pii_mode=pii, rules_file=rules, tagger_paths=taggers)

    from fanmill.cli.encodings import known_encoding
    from fanmill.cli.reading import Reader
    from fanmill.cli.results_file import NOT_READ
    from fanmill.cli.sources import InputError, find_files
    from fanmill.core.stages import tagging_by

    found = find_files(paths, base=base, id_kind=id_kind, as_text=as_text or ())
    wrong = False

    def not_read(error: InputError) -> None:
        nonlocal wrong
        wrong = True
        remark(f"{error.place}: {error.error}", "not read:")
        if as_json:
            json_line({NOT_READ: error})

    reader = Reader(
        "fanmill tag", on_error=not_read, id_kind=id_kind, encoding=known_encoding(encoding)
    )
    function = tagging_by(load_taggers(settings).taggers, redacts=settings.redacts_personal_data)
    if found.summary():
        remark(found.summary())
    for each in found.unreadable:
        not_read(each)
    for event in reader.documents(found.files):
        outcome = function(_document(event))
        _print(event, outcome, as_json=as_json, dolma=dolma)
        wrong = wrong or bool(outcome.problems)
        for problem in outcome.problems:
            remark(problem.error, f"{problem.producer}:", "red")
    if wrong:
        raise typer.Exit(Exit.FAILURE)


def _print(event: DocumentIngested, found: Any, *, as_json: bool, dolma: bool) -> None:
    """Print the tags of one document."""
    data = event.data
    if found.tagging is None:
        return
    if dolma:
        json_line(attributes(data.document_id, found.tagging, len(data.text or "")))
    elif as_json:
        members = found.model_dump(mode="json", exclude_defaults=True)
        json_line({"document_id": data.document_id, "problems": [], **members})
    else:
        _show(data.document_id, found.tagging)


def _document(event: DocumentIngested) -> Document:
    from fanmill.core.document import Document

    data = event.data
    return Document(
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
    )


def _show(document_id: str, tagging: Tagging) -> None:
    from fanmill.cli.tables import add_row, listing

    table = listing(
        "namespace", "value", "score", "kind", "by", "why", numbers={"score"}, title=document_id
    )
    for share in tagging.languages[1:]:
        add_row(table, "language share", share.language, f"{share.share:.2f}", "", "", "")
    for namespace, tags in tagging.tags.items():
        for each in tags:
            producer = tagging.producer_of(each)
            add_row(
                table,
                namespace,
                each.value,
                f"{each.score:.2f}",
                each.score_kind,
                f"{producer.name} {producer.version}",
                each.reason or "",
            )
    display(table)
