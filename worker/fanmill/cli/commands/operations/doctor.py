"""`fanmill doctor`: checks of the server, the settings and the processes."""

import typer
from rich.table import Table

from fanmill.cli.console import escaped, guarded, json_line, load_settings, stdout
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, RedisUrl
from fanmill.ops.doctor import examine, outcome

_MARKS = {"ok": "[green]ok[/]", "warning": "[yellow]warning[/]", "error": "[red]error[/]"}
_EXITS = {"fine": Exit.DONE, "failed": Exit.FAILURE, "no-server": Exit.SERVER}


@guarded
def doctor(redis_url: RedisUrl = None, as_json: Json = False) -> None:
    """Check server, settings and processes, and say what to do.

    The checks only read, and take less than 10 seconds whatever the server does.
    Exit code 1 when a check failed, 3 when the server was not reached or does
    not serve; warnings do not count.

    Examples:

      fanmill doctor

      fanmill doctor --redis-url redis://queue.example.org:6379/0 --json
    """
    results = []
    table = Table()
    for name in ("check", "", "seen", "what to do"):
        table.add_column(name, overflow="fold")
    for result in examine(load_settings(redis_url)):
        results.append(result)
        table.add_row(
            result.check, _MARKS[result.level], escaped(result.seen), escaped(result.advice)
        )
    if as_json:
        for result in results:
            json_line(result)
    else:
        stdout.print(table)
    if code := _EXITS[outcome(results)]:
        raise typer.Exit(code)
