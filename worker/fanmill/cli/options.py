"""Options that several commands share: one spelling, one help text."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from fanmill.cli.console import fail
from fanmill.cli.exits import Exit

RedisUrl = Annotated[
    str | None,
    typer.Option(
        "--redis-url",
        metavar="URL",
        help="Server, such as redis://localhost:6379/0.  [env: FANMILL_REDIS_URL]",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write all results to this JSONL file.",
        dir_okay=False,
    ),
]
Limit = Annotated[
    int | None, typer.Option("--limit", "-n", min=1, metavar="N", help="Maximum number of rows.")
]
Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH",
        help="Text files, JSON lines (also .gz, .zst), folders, or - for standard input.",
        show_default=False,
    ),
]
BaseFolder = Annotated[
    Path | None,
    typer.Option(
        "--base",
        metavar="DIR",
        help="Folder that ids of files are relative to; else the argument that found the file.",
        file_okay=False,
    ),
]
IdKind = Annotated[
    str,
    typer.Option(
        "--id",
        metavar="KIND",
        help="Id of a document that has none of its own: path, name or sha256 (of its text).",
    ),
]
AsText = Annotated[
    list[str] | None,
    typer.Option(
        "--as-text",
        metavar="GLOB",
        help="Read files with matching names as text, such as '*.rst'. May be given again.",
        show_default=False,
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        metavar="NAME",
        help="Encoding of files without a byte order mark; UTF-8 by default.",
        show_default=False,
    ),
]
Note = Annotated[str, typer.Option("--note", metavar="WHY", help="Reason, shown beside the order.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Act without asking.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be removed, and remove nothing.")
]


def confirm(action: str, *, yes: bool) -> None:
    """Ask on a terminal before something is removed; elsewhere --yes is needed.

    Args:
        action: The act with its extent, such as `remove 12 rejections`.
        yes: Whether the user has agreed on the command line.
    """
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        fail(Exit.USAGE, f"this would {action}; repeat with --yes, or look first with --dry-run")
    if not typer.confirm(f"{action[:1].upper()}{action[1:]}?", err=True):
        fail(Exit.FAILURE, "nothing was done")
