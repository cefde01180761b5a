"""Words beside a number that tell its kind; the data is `data/contexts.toml`."""

# ruff: noqa: RUF001 (marks of other scripts resemble ASCII ones)

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final, Literal

from fanmill.core.pii.letters import ALPHABETIC

Table = Literal[
    "phone",
    "phone_short",
    "call",
    "number",
    "unit",
    "version",
    "version_behind",
    "between",
    "behind_address",
]

_FILE: Final = Path(__file__).with_name("data") / "contexts.toml"
_MAX_BEFORE: Final = 48
_MAX_BEHIND: Final = 16
"""Code points before and behind a number that may hold a label or a unit."""
_MIN_STEM_LENGTH: Final = 6
"""Minimum length of a Latin word that may have more letters behind it in a label of a number."""
_MARKS: Final = r"[\s.:：,;#№º°=()（）\[\]\"'’*_\-–—/|»«>]"


def is_phone_labelled(text: str, start: int) -> bool:
    """Tell whether the label of a telephone number precedes a place of a text."""
    return _has_before(text, start, _phone_label())


def is_called(text: str, start: int) -> bool:
    """Tell whether words such as `call` precede a place of a text."""
    return _has_before(text, start, _before("call", stems=False))


def is_numbered(text: str, start: int) -> bool:
    """Tell whether the label of an invoice, order or other number precedes a place of a text."""
    return _has_before(text, start, _number_label())


def is_versioned(text: str, start: int, end: int) -> bool:
    """Tell whether a number is a version or the number of a section, by the words beside it."""
    return _has_before(text, start, _before("version", stems=False)) or (
        _behind("version_behind").match(text, end, end + _MAX_BEHIND) is not None
    )


def is_counted(text: str, end: int) -> bool:
    """Tell whether a unit, such as bytes or points, follows a number."""
    return _behind("unit").match(text, end, end + _MAX_BEHIND) is not None


@cache
def words(table: Table) -> tuple[str, ...]:
    """Return the words of a table in all languages, longest first, without repetition."""
    listed = tomllib.loads(_FILE.read_text(encoding="utf-8"))[table].values()
    unique = {word.casefold() for language in listed for word in language}
    return tuple(sorted(unique, key=lambda word: (-len(word), word)))


def alternatives(listed: tuple[str, ...]) -> str:
    """Return a pattern for words; a space matches any white space; "" for no words.

    Common beginnings of words are written once. `re` would try hundreds of words one by one, which
    takes five times as long, because it has no table of first letters where case is ignored.
    """
    by_first: dict[str, list[str]] = {}
    for word in filter(None, listed):
        by_first.setdefault(word[0], []).append(word[1:])
    branches = [
        (r"\s" if first == " " else re.escape(first)) + alternatives(tuple(rest))
        for first, rest in by_first.items()
    ]
    if not branches:
        return ""
    if len(branches) == 1 and "" not in listed:
        return branches[0]
    return f"(?:{'|'.join(branches)}){'?' if '' in listed else ''}"


def label_pattern(listed: tuple[str, ...], *, stems: bool) -> re.Pattern[str]:
    """Return a pattern for one of the words, then marks and connecting words, at the end.

    Args:
        listed: The words.
        stems: Whether more letters may follow the word.
    """
    more = f"[{ALPHABETIC}]{{0,16}}" if stems else ""
    gap = rf"{_MARKS}{{0,4}}(?:(?:{alternatives(words('between'))}){_MARKS}{{0,4}}){{0,3}}\Z"
    return re.compile(
        rf"(?:(?<![{ALPHABETIC}])|(?<![A-Za-z])(?=[^\x00-\u2fff]))"
        rf"(?:{alternatives(listed)})(?:{more}(?<=[{ALPHABETIC}])(?![{ALPHABETIC}])"
        rf"|(?<![{ALPHABETIC}])){gap}",
        re.IGNORECASE,
    )


def label_line(text: str, start: int) -> str:
    """Return the code points of a line before a place, or of the line above if there are none.

    Pages put a label and its number on two lines.
    """
    before = text[max(0, start - _MAX_BEFORE) : start]
    said = before.rstrip()
    line = said[max(said.rfind("\n"), said.rfind("\r")) + 1 :]
    return f"{line} " if len(said) < len(before) else line


def _has_before(text: str, start: int, pattern: re.Pattern[str]) -> bool:
    return pattern.search(label_line(text, start)) is not None


@cache
def _phone_label() -> re.Pattern[str]:
    stems = label_pattern(words("phone"), stems=True).pattern
    short = label_pattern(words("phone_short"), stems=False).pattern
    return re.compile(f"{stems}|{short}", re.IGNORECASE)


@cache
def _number_label() -> re.Pattern[str]:
    """Short Latin words match whole, since `no` and `conta` begin many other words."""
    listed = words("number")
    short = tuple(word for word in listed if word.isascii() and len(word) < _MIN_STEM_LENGTH)
    stems = label_pattern(tuple(set(listed) - set(short)), stems=True).pattern
    return re.compile(f"{stems}|{label_pattern(short, stems=False).pattern}", re.IGNORECASE)


@cache
def _before(table: Table, *, stems: bool) -> re.Pattern[str]:
    return label_pattern(words(table), stems=stems)


@cache
def _behind(table: Table) -> re.Pattern[str]:
    return re.compile(
        # A letter with a colon is the label of the next number, such as `m:` for a mobile.
        rf"[\s\-]?(?:{alternatives(words(table))})(?![{ALPHABETIC}\d]|(?<=[\s\-][A-Za-z]):)",
        re.IGNORECASE,
    )
