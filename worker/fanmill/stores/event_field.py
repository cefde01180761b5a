"""The field of a ledger entry that holds the event.

The contract names the field `event`. Other frameworks write fields of their own
names, so the choice is wider. The Lua function `event_position` does the same.
"""

import re
from collections.abc import Mapping
from struct import Struct
from typing import Final

from pydantic_core import from_json

from fanmill_contracts.streams import EVENT_FIELD

FIELDS: Final = (EVENT_FIELD, "data", "__data__")
"""Names of the field, the first one present counts. Redis Streams bridges write `data`,
FastStream `__data__`."""

_BINARY_MARK: Final = b"\x89BIN\r\n\x1a\n"
_BINARY_HEAD: Final = Struct(">8sHII")
_JSON_BEGINNING: Final = re.compile(rb'\s*\{\s*"data"\s*:\s*"')

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
    return None if name is None else unwrapped(fields[name])


def unwrapped(body: bytes) -> bytes:
    """Return the event out of the message of another framework, or the bytes as they are.

    FastStream puts headers around a message: in its binary format (8 bytes of a mark, 2 of a
    version, 4 and 4 that say where headers and data begin, big-endian) or in JSON.
    """
    if body.startswith(_BINARY_MARK):
        return body[_BINARY_HEAD.unpack_from(body)[3] :] if len(body) >= _BINARY_HEAD.size else body
    if _JSON_BEGINNING.match(body):
        try:
            content = from_json(body)
        except ValueError:
            return body
        data = content.get("data")
        if (
            isinstance(data, str)
            and isinstance(content.get("headers"), dict)
            and not content.get("specversion")
        ):
            return data.encode(errors="surrogatepass")
    return body
