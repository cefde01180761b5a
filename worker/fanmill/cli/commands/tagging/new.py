"""`fanmill tagger new`: the files of a new tagger."""

import re
from keyword import iskeyword
from pathlib import Path
from typing import Annotated, Final

import typer

from fanmill.cli.console import fail, guarded, remark
from fanmill.cli.exits import Exit
from fanmill.cli.help import Command, Group

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Write a tagger of your own.

    Examples:

      fanmill tagger new invoice
    """,
)


@app.callback()
def tagger() -> None:
    """Keep `new` a command of a group, though it is the only one."""


@app.command(cls=Command)
@guarded
def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Its name: lower case, digits, underscores.")
    ],
    folder: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder for the files.", file_okay=False)
    ] = Path(),
) -> None:
    """Write the file of a new tagger, and its test.

    Examples:

      fanmill tagger new invoice

      fanmill tag letter.txt --taggers invoice.py
    """
    from fanmill.cli.commands.tagging.scaffold import MODULE, TEST

    if not _NAME.fullmatch(name) or iskeyword(name):
        fail(
            Exit.USAGE,
            f"name is {name!r}; expected lower case letters, digits and underscores that are a "
            "name in Python, such as 'invoice'",
        )
    files = {
        folder / f"{name}.py": MODULE.replace("NAME", name),
        folder / f"test_{name}.py": TEST.replace("NAME", name),
    }
    for path in files:
        if path.exists():
            fail(Exit.USAGE, f"{path} exists; nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        path.write_text(content, encoding="utf-8")
        remark(f"wrote {path}")
    module = folder / f"{name}.py"
    remark(f"try it: fanmill tag - --taggers {module}; keep it: FANMILL_TAGGER_PATHS={module}")
