"""The keys that a filter may name, each with the kind of its values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "duration", "time"]


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a catalogue."""

    kind: Kind
    """`text`: compared as a whole. `number`. `duration`: such as `90s`, `2h`, `7d`. `time`: a
    date or a date with a time, in UTC."""
    meaning: str
    choices: tuple[str, ...] = ()
    """All values of a text that has few; empty: any text."""


Catalogue = Mapping[str, Key]
"""Keys by name. Bare words are allowed where the caller has a text to search."""
