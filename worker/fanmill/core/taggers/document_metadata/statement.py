"""Statements about a document's source, date, author or title."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from fanmill.core.text.source_lines import Span

Field = Literal["source", "date", "author", "title"]

MAX_TITLE_LENGTH: Final = 200
MAX_NAME_LENGTH: Final = 80
"""Maximum numbers of code points in a title and in a name."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement about a document.

    Attributes:
        field: Field that it states.
        value: The statement; a date is ISO 8601.
        score: 0.0 to 1.0.
        span: Place in the text; None if it is not from the text.
        reason: Origin, for people.
    """

    field: Field
    value: str
    score: float
    span: Span | None
    reason: str


def span_in_text(found: re.Match[str], group: str, start: int) -> Span:
    """Return the span of a group in the text, given the place of its line."""
    return start + found.start(group), start + found.end(group)
