"""`fanmill config` and `fanmill doctor`: is it set up as meant, and does it work."""

import typer
from rich.table import Table

from fanmill.cli.console import escaped, guarded, json_line, load_settings, stdout
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, RedisUrl
from fanmill.ops.doctor import examine, own_environment
from fanmill.wiring import Wiring

_MARKS = {"ok": "[green]ok[/]", "warning": "[yellow]warning[/]", "error": "[red]error[/]"}


@guarded
def doctor(redis_url: RedisUrl = None, as_json: Json = False) -> None:
    """Check server, settings and processes, and say what to do.

    Exit code 1 when a check found an error; warnings do not count.

    Examples:

      fanmill doctor

      fanmill doctor --redis-url redis://queue.example.org:6379/0 --json
    """
    settings = load_settings(redis_url)
    wiring = Wiring(settings, retries=0)
    findings = []
    table = Table()
    for name in ("check", "", "seen", "what to do"):
        table.add_column(name, overflow="fold")
    for finding in examine(wiring.redis, settings, own_environment()):
        findings.append(finding)
        table.add_row(
            finding.check, _MARKS[finding.level], escaped(finding.seen), escaped(finding.advice)
        )
    if as_json:
        for finding in findings:
            json_line(finding)
    else:
        stdout.print(table)
    if any(finding.level == "error" for finding in findings):
        raise typer.Exit(Exit.FAILURE)
