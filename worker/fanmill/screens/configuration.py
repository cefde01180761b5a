"""Effective settings, secrets hidden, and the checks of the doctor."""

from __future__ import annotations

from typing import Final, Literal

from fanmill.ops.doctor import CheckResult, Level, examine
from fanmill.screens.reading import Reader
from fanmill.screens.tables import Column, Row, Table
from fanmill.setting_meanings import setting_meanings
from fanmill.setting_values import setting_text
from fanmill.settings import Settings

Tone = Literal["", "warn", "bad"]

CHECKS = (
    Column("check", "Check"),
    Column("level", "Level"),
    Column("seen", "Seen"),
    Column("advice", "What to do"),
)
SETTINGS = (
    Column("variable", "Variable", "id"),
    Column("value", "Value", "id"),
    Column("default", "Default", "id", wide=True),
    Column("meaning", "Meaning", "prose", wide=True),
)
_TONES: Final[dict[Level, Tone]] = {"ok": "", "warning": "warn", "error": "bad"}


def checks(reader: Reader) -> list[Table]:
    """Return the checks of each partition, what needs attention first; they only read.

    It takes as long as the servers do, at most 8 s for each partition.
    """
    several = len(reader.partitions) > 1
    return [
        _checks(
            list(examine(partition.settings)), f" of partition {partition.number}" * several,
            partition.number,
        )
        for partition in reader.partitions
    ]  # fmt: skip


def settings_table(reader: Reader) -> Table:
    """Return the settings, those that differ from their defaults first."""
    meanings = setting_meanings()
    shown = reader.settings.without_secrets()
    rows = []
    for name, field in Settings.model_fields.items():
        changed = getattr(reader.settings, name) != field.default
        value, default = shown[name], setting_text(field.default)
        text = value if isinstance(value, str) else setting_text(value)
        row = Row(f"FANMILL_{name.upper()}", (f"FANMILL_{name.upper()}", text, default,
                  meanings[name]), tone="good" if changed else "")  # fmt: skip
        rows.append((not changed, row))
    rows.sort(key=lambda each: each[0])
    return Table(
        "settings", "Settings of this console", SETTINGS, [row for _, row in rows],
        note="Settings that differ from their default come first. Passwords are hidden. Other "
        "processes may run with other settings: fanmill config.",
    )  # fmt: skip


def _checks(results: list[CheckResult], of: str, number: int) -> Table:
    order = ("error", "warning", "ok")
    results.sort(key=lambda result: order.index(result.level))
    rows = [
        Row(result.check, (result.check, result.level, result.seen, result.advice),
            tone=_TONES[result.level])
        for result in results
    ]  # fmt: skip
    return Table(f"checks{number}", f"Checks{of}", CHECKS, rows)
