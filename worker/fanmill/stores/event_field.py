"""The field of a ledger entry that holds the event.

The contract names the field `event`. Other frameworks write fields of their own
names, so the choice is wider. The Lua function `event_position` does the same.
"""

from collections.abc import Mapping
from typing import Final

from fanmill_contracts.streams import EVENT_FIELD

FIELDS: Final = (EVENT_FIELD, "data", "__data__")
"""Names of the field, the first one present counts. Redis Streams bridges write `data`,
FastStream `__data__`."""

_WHITESPACE: Final = b" \t\n\v\f\r"


def event_field(names: Mapping[str, bytes]) -> str | None:
    """Return the name of the field that holds the event.

    A field of another name counts if it is the only one and holds a JSON object.
    None if no field qualifies.
    """
    for name in FIELDS:
        if name in names:
            return name
    if len(names) == 1:
        ((name, value),) = names.items()
        if value.lstrip(_WHITESPACE).startswith(b"{"):
            return name
    return None


def event_body(fields: Mapping[str, bytes]) -> bytes | None:
    """Return the bytes of the event in an entry's fields; None if no field holds one."""
    name = event_field(fields)
    return None if name is None else fields[name]
