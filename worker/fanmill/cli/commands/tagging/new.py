"""`fanmill tag`, `fanmill taggers` and `fanmill tagger new`: tagging without a server."""

import re
from pathlib import Path
from typing import Annotated, Final

import typer

from fanmill.cli.commands.tagging.scaffold import MODULE, TEST
from fanmill.cli.console import escaped, fail, guarded, stderr
from fanmill.cli.exits import EPILOG, Exit
from fanmill.core.plugin import PluginError
from fanmill.core.rules.rule import RuleError
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
        stderr.print(f"wrote {escaped(str(path))}")
    stderr.print(
        f"try it: fanmill tag - --taggers {escaped(str(folder / name))}.py; "
        f"keep it: FANMILL_TAGGER_PATHS={escaped(str(folder / name))}.py"
    )
