"""Labels of lines that name a source, author, date or title; the data is `labels.toml`."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final, Literal

Kind = Literal[
    "source",
    "author",
    "date",
    "weak_date",
    "updated",
    "title",
    "credit",
    "greeting",
    "closing",
    "mail_from",
    "mail_to",
    "mail_subject",
    "mail_date",
    "keywords",
    "figure",
    "picture",
    "pictured",
    "editor_note",
    "press_release",
]

_FILE: Final = Path(__file__).with_name("labels.toml")


@cache
def labels(kind: Kind) -> tuple[str, ...]:
    """Return the labels of a kind in all languages, longest first, without repetition."""
    words = {word for listed in _tables()[kind].values() for word in listed}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def alternatives(*kinds: Kind) -> str:
    """Return a pattern for the labels of kinds; a space matches any white space."""
    words = {word for kind in kinds for word in labels(kind)}
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s") for word in ordered)


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
