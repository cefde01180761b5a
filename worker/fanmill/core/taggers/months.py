"""Names of months and weekdays; the data is `months.toml` and `weekdays.toml`."""

# ruff: noqa: RUF001 (marks of abbreviation resemble ASCII ones)

import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("months.toml")
_WEEKDAYS: Final = Path(__file__).with_name("weekdays.toml")


def month_of(name: str, language: str = "") -> int | None:
    """Return the month with a name, 1 to 12; None for another word.

    Args:
        name: Full or short name in any language, with or without a full stop.
        language: ISO 639-1 code; it decides where two languages have one name for two months.
    """
    key = unicodedata.normalize("NFC", name).casefold().strip(".॰ '’׳")
    own = _months_of(language).get(key)
    # Hebrew writes the word for `in` directly before the name.
    return own or _all_months().get(key) or _all_months().get(key.removeprefix("ב"))


@cache
def names() -> dict[str, list[list[str]]]:
    """Return the names of the twelve months by language."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def weekdays() -> frozenset[str]:
    """Return the weekdays of all languages, in small letters."""
    tables: dict[str, list[str]] = tomllib.loads(_WEEKDAYS.read_text(encoding="utf-8"))
    return frozenset(name for listed in tables.values() for name in listed)


@cache
def _months_of(language: str) -> dict[str, int]:
    listed = names().get(language, [])
    return {_key(name): number for number, alike in enumerate(listed, 1) for name in alike}


@cache
def _all_months() -> dict[str, int]:
    months: dict[str, int] = {}
    # The first language wins, so the order in the file does not matter for most names.
    for language in ("en", "de", "fr", "es", "pl", *names()):
        for name, number in _months_of(language).items():
            months.setdefault(name, number)
    return months


def _key(name: str) -> str:
    return name.casefold().strip(".॰ '’׳")
