"""Encodings of files: byte order marks and names."""

import codecs
from typing import Final

from fanmill.cli.sources import UnreadablePath

_BYTE_ORDER_MARKS: Final = (
    # UTF-32 first: its mark begins with the mark of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)


def known_encoding(name: str | None) -> str | None:
    """Return the name of an encoding as Python spells it; None for None.

    Raises:
        UnreadablePath: Python knows no such encoding of text.
    """
    if name is None:
        return None
    try:
        found = codecs.lookup(name)
        "".encode(found.name)
    except LookupError:
        raise UnreadablePath(
            f"--encoding is {name!r}; expected a name such as latin-1, cp1252 or gb18030"
        ) from None
    return found.name


def mark_of(content: bytes) -> tuple[bytes, str | None]:
    """Return the byte order mark at the start and its encoding; empty and None without one."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return mark, encoding
    return b"", None


def has_one_byte_line_breaks(encoding: str) -> bool:
    """Return whether a line break of the encoding is the byte 0x0A."""
    return "\n".encode(encoding) == b"\n"


def undecodable(encoding: str, start: int) -> str:
    """Return the error of a text that has another encoding, from the place of the first byte."""
    return f"is not {encoding} at byte {start:,}; give its --encoding, such as latin-1"
