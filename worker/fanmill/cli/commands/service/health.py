"""`fanmill health`: probes for containers.

`fanmill.__main__` answers `fanmill health live` and `fanmill health ready` itself, without this
module: a probe must start fast.
"""

from __future__ import annotations

import typer

from fanmill.cli.help import Command, Group
from fanmill.cli.options import RedisUrl

app = typer.Typer(
    name="health",
    cls=Group,
    no_args_is_help=True,
    help="""Probe the processes of this container.

    Examples:

      fanmill health live

      fanmill health ready
    """,
)


@app.command(cls=Command)
def live(redis_url: RedisUrl = None) -> None:
    """Exit with 0 while a process of this container makes progress, or Redis is away.

    Restart the container otherwise. A restart does not mend a Redis that is away.

    Examples:

      fanmill health live
    """
    from fanmill.ops.health import check

    raise typer.Exit(check("live", redis_url))


@app.command(cls=Command)
def ready(redis_url: RedisUrl = None) -> None:
    """Exit with 0 while a process of this container makes progress and Redis answers.

    Examples:

      fanmill health ready
    """
    from fanmill.ops.health import check

    raise typer.Exit(check("ready", redis_url))
