"""`fanmill doctor`: checks of the server, the settings and the processes."""

from typing import Final

import typer

from fanmill.cli.console import display, guarded, json_line, load_settings
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, RedisUrl
from fanmill.cli.partitions import each_partition

_STYLES: Final = {"ok": "green", "warning": "yellow", "error": "bold red"}
_EXITS: Final = {"fine": Exit.DONE, "failed": Exit.FAILURE, "no-server": Exit.SERVER}


@each_partition
@guarded
def doctor(redis_url: RedisUrl = None, as_json: Json = False) -> None:
    """Check server, settings and processes, and say what to do.

    The checks only read, and take less than 10 seconds whatever the server does.
    Exit code 1 if a check failed, 3 if the server was not reached or does not serve; warnings do
    not count.

    Examples:

      fanmill doctor

      fanmill doctor --redis-url redis://queue.example.org:6379/0 --json
    """
    settings = load_settings(redis_url)

    from fanmill.ops.doctor import examine, outcome

    results = list(examine(settings))
    if as_json:
        for each in results:
            json_line(each)
    else:
        from fanmill.cli.tables import add_row, cell, listing

        table = listing("check", "", "seen", "what to do")
        for each in results:
            add_row(
                table, each.check, cell(each.level, _STYLES[each.level]), each.seen, each.advice
            )
        display(table)
    if code := _EXITS[outcome(results)]:
        raise typer.Exit(code)
