"""`fanmill config` and `fanmill doctor`: is it set up as meant, and does it work."""

import typer
from pydantic import SecretStr
from rich.table import Table

from fanmill.cli.console import escaped, guarded, json_line, load_settings, out
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, RedisUrl
from fanmill.ops.doctor import examine, own_environment
from fanmill.settings import Settings
from fanmill.wiring import Wiring

_MARKS = {"ok": "[green]ok[/]", "warning": "[yellow]warning[/]", "error": "[red]error[/]"}


@guarded
def config(redis_url: RedisUrl = None, as_json: Json = False) -> None:
    """Show the effective settings, passwords hidden.

    Examples:

      fanmill config

      FANMILL_MAX_IN_FLIGHT=4096 fanmill config --json
    """
    settings = load_settings(redis_url)
    values = settings.masked()
    if as_json:
        json_line(values)
        return
    table = Table()
    for name in ("variable", "value", "default", "meaning"):
        table.add_column(name, overflow="fold")
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = default.get_secret_value() if isinstance(default, SecretStr) else default
        value = values[name]
        table.add_row(
            f"FANMILL_{name.upper()}",
            f"[bold]{escaped(str(value))}[/]" if value != shown else escaped(str(value)),
            escaped(str(shown)),
            escaped(" ".join((field.description or "").split())),
        )
    out.print(table)


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
        out.print(table)
    if any(finding.level == "error" for finding in findings):
        raise typer.Exit(Exit.FOUND)
