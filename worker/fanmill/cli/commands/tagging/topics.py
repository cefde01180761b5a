"""`fanmill topics train` and `fanmill topics evaluate`."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from fanmill.cli.console import escaped, fail, guarded, json_line, load_settings, stderr, stdout
from fanmill.cli.exits import EPILOG, Exit
from fanmill.cli.options import Json
from fanmill.core.document import Document
from fanmill.core.taggers import topic_model
from fanmill.core.tagging.document_view import DocumentView

app = typer.Typer(no_args_is_help=True, help="Learn topics from labels.", epilog=EPILOG)

Labels = Annotated[
    Path, typer.Argument(help='JSON lines {"text": ..., "label": ...}, optionally "title".')
]


@app.command(epilog=EPILOG)
@guarded
def train(
    labels: Labels,
    output: Annotated[Path, typer.Option("--output", "-o", help="Model file.")] = Path(
        "topics.model"
    ),
    folds: Annotated[int, typer.Option(min=2, max=20, help="Of the cross-validation.")] = 5,
    as_json: Json = False,
) -> None:
    """Train a model from labelled documents and report its cross-validated accuracy.

    Examples:

      fanmill topics train labels.jsonl -o topics.model

      FANMILL_TOPIC_MODEL_FILE=topics.model fanmill tag letter.txt
    """
    try:
        model = topic_model.train(_examples(labels), folds)
    except topic_model.InvalidModel as error:
        fail(Exit.USAGE, f"{labels}: {error}")
    output.write_bytes(topic_model.dump(model))
    _show(model.report, as_json=as_json)
    stderr.print(f"wrote {escaped(str(output))}, version {model.version[:12]}")


@app.command(epilog=EPILOG)
@guarded
def evaluate(
    labels: Labels,
    model: Annotated[
        Path | None,
        typer.Option("--model", "-m", help="Model file; else that of FANMILL_TOPIC_MODEL_FILE."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Report how well a model does on labelled documents.

    Examples:

      fanmill topics evaluate more-labels.jsonl -m topics.model
    """
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
    examples = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
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
        except (ValueError, KeyError, TypeError):
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
    table = Table(title=f"accuracy {report['accuracy']:.3f}", title_justify="left")
    table.add_column("label", overflow="fold")
    for name in ("precision", "recall", "documents"):
        table.add_column(name, justify="right")
    for label, facts in report["labels"].items():
        shown = [
            "" if facts[name] is None else f"{facts[name]:.3f}" for name in ("precision", "recall")
        ]
        table.add_row(escaped(label), *shown, str(facts["documents"]))
    stdout.print(table)
