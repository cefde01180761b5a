"""`fanmill config`: the effective settings."""

from fanmill.cli.console import display, guarded, json_line, load_settings
from fanmill.cli.options import Json, RedisUrl


@guarded
def config(redis_url: RedisUrl = None, as_json: Json = False) -> None:
    """Show the effective settings, passwords hidden.

    Examples:

      fanmill config

      FANMILL_MAX_IN_FLIGHT=4096 fanmill config --json
    """
    settings = load_settings(redis_url)
    if as_json:
        json_line(settings.without_secrets())
        return
    from rich.text import Text

    from fanmill.cli.tables import add_row, cell, listing
    from fanmill.setting_meanings import setting_meanings
    from fanmill.setting_values import setting_text
    from fanmill.settings import Settings

    meanings = setting_meanings()
    table = listing("variable, meaning", "value", "default")
    for name, field in Settings.model_fields.items():
        value, default = getattr(settings, name), field.default
        changed = value != default
        meaning = cell(f"FANMILL_{name.upper()}\n", "bold")
        meaning.append_text(Text(meanings[name], style="dim"))
        add_row(
            table,
            meaning,
            cell(setting_text(value), "bold green" if changed else ""),
            setting_text(default),
        )
    display(table)
