"""Items of personal data and identifiers: their kinds and places in a text."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from fanmill.core.text.source_lines import Span

Kind = Literal[
    "email", "url", "iban", "card", "national-id", "isbn", "doi", "ip", "phone", "money", "hashtag"
]

PERSONAL: Final[frozenset[Kind]] = frozenset(
    {"email", "url", "iban", "card", "national-id", "ip", "phone"}
)
"""Kinds that are redacted. Money, hashtags, ISBN and DOI are public and stay."""


@dataclass(frozen=True, slots=True)
class Item:
    """An address, number or identifier in a text.

    Attributes:
        kind: Kind of the item.
        start: First code point in the text.
        end: Code point behind the last one.
        value: Normal form, such as `DE89370400440532013000`.
        score: 0.0 to 1.0: 1.0 where a check digit or a strict form decides.
    """

    kind: Kind
    start: int
    end: int
    value: str
    score: float


def spans_of(items: Iterable[Item], kind: Kind) -> tuple[Span, ...]:
    """Return the spans of the items of one kind, in the order of the items."""
    return tuple((item.start, item.end) for item in items if item.kind == kind)
