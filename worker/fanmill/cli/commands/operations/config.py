"""`fanmill config` and `fanmill doctor`: is it set up as meant, and does it work."""

from pydantic import SecretStr
from rich.table import Table

from fanmill.cli.console import escaped, guarded, json_line, load_settings, stdout
from fanmill.cli.options import Json, RedisUrl
from fanmill.settings import Settings

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
    stdout.print(table)
