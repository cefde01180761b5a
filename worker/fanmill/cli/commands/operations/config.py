"""The command `fanmill config`: the effective settings."""

from rich.table import Table

from fanmill.cli.console import escaped, guarded, json_line, load_settings, stdout
from fanmill.cli.options import Json, RedisUrl
from fanmill.settings import Settings, setting_text


@guarded
def config(redis_url: RedisUrl = None, as_json: Json = False) -> None:
    """Show the effective settings, passwords hidden.

    Examples:

      fanmill config

      FANMILL_MAX_IN_FLIGHT=4096 fanmill config --json
    """
    settings = load_settings(redis_url)
    values = settings.without_secrets()
    if as_json:
        json_line(values)
        return
    table = Table()
    for name in ("variable", "value", "default", "meaning"):
        table.add_column(name, overflow="fold")
    for name, field in Settings.model_fields.items():
        shown = setting_text(field.default)
        value = setting_text(values[name])
        table.add_row(
            f"FANMILL_{name.upper()}",
            f"[bold]{escaped(value)}[/]" if value != shown else escaped(value),
            escaped(shown),
            escaped(" ".join((field.description or "").split())),
        )
    stdout.print(table)
