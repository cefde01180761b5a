"""`fanmill topics train` and `fanmill topics evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanmill.cli.console import display, fail, guarded, json_line, load_settings, remark
from fanmill.cli.exits import Exit
from fanmill.cli.help import Command, Group
from fanmill.cli.options import Json

if TYPE_CHECKING:
    from fanmill.core.tagging.document_view import DocumentView

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Train and evaluate a topic model.

    Examples:

      fanmill topics train labels.jsonl
    """,
)

Labels = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", help='JSON lines {"text": ..., "label": ...}, optionally "title".'
    ),
]


@app.command(cls=Command)
@guarded
def train(
    labels: Labels,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Model file.")
    ] = Path("topics.model"),
    folds: Annotated[
        int,
        typer.Option(min=2, max=20, metavar="N", help="Number of folds of the cross-validation."),
    ] = 5,
    as_json: Json = False,
) -> None:
    """Train a model from labelled documents and report its cross-validated accuracy.

    Examples:

      fanmill topics train labels.jsonl -o topics.model

      FANMILL_TOPIC_MODEL_FILE=topics.model fanmill tag letter.txt
    """
    from fanmill.core.taggers import topic_model

    try:
        model = topic_model.train(_examples(labels), folds)
    except topic_model.InvalidModel as error:
        fail(Exit.USAGE, f"{labels}: {error}")
    output.write_bytes(topic_model.dump(model))
    _show(model.report, as_json=as_json)
    remark(f"wrote {output}, version {model.version[:12]}")


@app.command(cls=Command)
@guarded
def evaluate(
    labels: Labels,
    model: Annotated[
        Path | None,
        typer.Option(
            "--model", "-m", metavar="FILE", help="Model file; FANMILL_TOPIC_MODEL_FILE by default."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Report the accuracy of a model on labelled documents.

    Examples:

      fanmill topics evaluate more-labels.jsonl -m topics.model
    """
    from fanmill.core.taggers import topic_model

    model = model or Path(load_settings(None).topic_model_file or "topics.model")
    try:
        loaded = topic_model.load(model.read_bytes())
        report = topic_model.evaluate(loaded, _examples(labels))
    except OSError as error:
        fail(Exit.USAGE, f"{model}: {error.strerror}")
    except topic_model.InvalidModel as error:
        fail(Exit.USAGE, f"{model} {error}")
    _show(report, as_json=as_json)


def _examples(path: Path) -> list[tuple[DocumentView, str]]:
    import json

    from fanmill.core.document import Document
    from fanmill.core.tagging.document_view import DocumentView

    examples = []
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        fail(Exit.USAGE, f"{path}: {error.strerror}")
    except UnicodeDecodeError:
        fail(Exit.USAGE, f"{path} is not UTF-8")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            text, label = fields["text"], fields["label"]
        except (ValueError, KeyError, TypeError, RecursionError):
            fail(Exit.USAGE, f'{path}:{number}: expected an object with "text" and "label"')
        if not isinstance(text, str) or not isinstance(label, str) or not label:
            fail(Exit.USAGE, f"{path}:{number}: text and label must be texts")
        title = fields.get("title")
        if title is not None and not isinstance(title, str):
            fail(Exit.USAGE, f"{path}:{number}: title must be a text")
        examples.append((DocumentView(Document(str(number), text, title=title)), label))
    return examples


def _show(report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        json_line(report)
        return
    from fanmill.cli.tables import add_row, listing

    numbers = ("precision", "recall", "documents")
    table = listing("label", *numbers, numbers=numbers, title=f"accuracy {report['accuracy']:.3f}")
    for label, facts in report["labels"].items():
        shares = [
            "" if facts[name] is None else f"{facts[name]:.3f}" for name in ("precision", "recall")
        ]
        add_row(table, label, *shares, f"{facts['documents']:,}")
    display(table)
