"""The keys that a filter may name, each with the kind of its values."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, Literal

Kind = Literal["text", "number", "duration", "time", "phrase"]


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a catalogue."""

    kind: Kind
    """`text`: compared as a whole. `number`. `duration`: such as `90s`, `2h`, `7d`. `time`: a
    date or a date with a time, in UTC. `phrase`: words to find in a text."""
    meaning: str
    choices: tuple[str, ...] = ()
    """All values of a text that has few; empty: any text."""


Catalogue = Mapping[str, Key]
"""Keys by name. Bare words are allowed where the caller has a text to search."""

_MAX_NAMED: Final = 30
"""Number of keys that an error names; the first of a catalogue are those for people."""


def known_keys(known: Catalogue, unknown: str = "") -> str:
    """Return the keys of a catalogue for an error, and those like an unknown one."""
    near = [name for name in get_close_matches(unknown, known, 5) if unknown]
    meant = f"; did you mean {', '.join(near)}?" if near else ""
    names = list(known)
    more = len(names) - _MAX_NAMED
    listed = ", ".join(names[:_MAX_NAMED]) + (f" and {more} statistics" if more > 0 else "")
    return f"known: {listed}{meant}"
