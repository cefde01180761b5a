"""Labels of pages: menus and buttons, and the headings behind which an article has ended.

The data is `page_labels.toml`. A label is a whole line, so prose is never one.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final, Literal

Kind = Literal["navigation", "more", "comments", "related", "boxes"]

MAX_LABEL_LENGTH: Final = 60
"""Maximum number of code points in a label, with the figures and marks around it."""
_FILE: Final = Path(__file__).with_name("page_labels.toml")
_AROUND: Final = " \t\u00a00123456789()[]:：…»›>«<·|•#*→⇒▼▾↓+!?。【】（）"  # noqa: RUF001
"""Characters that may stand around a label: figures, brackets, arrows."""


def label_of(line: str) -> str:
    """Return the form in which a line is a label; the empty string for a longer line."""
    return line.strip(_AROUND).casefold() if len(line) <= MAX_LABEL_LENGTH else ""


@cache
def labels(kind: Kind) -> frozenset[str]:
    """Return the labels of a kind in all languages, in the form of `label_of`."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return frozenset(label_of(each) for words in tables[kind].values() for each in words)
