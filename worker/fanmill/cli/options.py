"""Options that several commands share: one spelling, one help text."""

from pathlib import Path
from typing import Annotated

import typer

RedisUrl = Annotated[
    str | None,
    typer.Option(
        "--redis-url",
        help="Server, such as redis://localhost:6379/0.  [env: FANMILL_REDIS_URL]",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write all results to this JSONL file.", dir_okay=False),
]
Limit = Annotated[int | None, typer.Option("--limit", "-n", min=1, help="At most so many.")]
Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...",
        help="Files (.txt .md .jsonl .jsonl.gz .jsonl.zst), folders, or - for standard input.",
        show_default=False,
    ),
]
