"""Composition of a text: shares of scripts and kinds of characters, and damaged characters."""

import re
from typing import Final

import numpy as np

from fanmill.core.analysis import Analysis
from fanmill.core.text.characters import (
    CONTROL,
    LETTER,
    MARK,
    NUMERIC,
    SCRIPTS,
    SPACE,
    UNASSIGNED,
    Codes,
    Integers,
    scripts_of,
)
from fanmill_contracts.statistics import Composition

_CONTINUATIONS: Final = "".join(
    sorted(
        {chr(byte) for byte in range(0x80, 0xC0)}
        | {bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xC0)} - {""}
    )
)
"""Continuation bytes of UTF-8, read as Latin-1 and as Windows-1252."""

_MOJIBAKE: Final = re.compile(
    f"[\u00c2-\u00df][{_CONTINUATIONS}]|[\u00e0-\u00ef][{_CONTINUATIONS}]{{2}}"
    f"|[\u00f0-\u00f4][{_CONTINUATIONS}]{{3}}"
)
_CYRILLIC_TAILS: Final = re.escape(
    "".join(bytes([byte]).decode("cp1251", "ignore") for byte in range(0x80, 0xC0))
)
_MISREAD_CYRILLIC: Final = re.compile(f"(?:[РС][{_CYRILLIC_TAILS}]){{3,}}")  # noqa: RUF001
"""Russian letters of two bytes in UTF-8, read as Windows-1251."""
_MISREAD_TWICE: Final = "锟斤拷"
"""Two replacement characters in UTF-8, read as GBK."""
_QUOTES: Final = frozenset("\u00a0«»‘’‚“”„‹›…–—´¨·¿¡")  # noqa: RUF001
"""Continuations that are also punctuation behind a letter: `„weiß“`, `“CAFÉ”`, `voilà »`."""
_SIGNS: Final = ("™", "®", "°")
"""Continuations that may follow a name in capitals: `CAFÉ™`."""
_APOSTROPHES: Final = frozenset("’‘")  # noqa: RUF001
_PLAIN_SPACES: Final = ("", " ", "\n")
_BYTE_ORDER_MARK: Final = "ï»¿"
_CONTINUATION_SET: Final = frozenset(_CONTINUATIONS)
_FIRST_LEAD: Final = 0xC2
_LAST_LEAD: Final = 0xF4
_SHARES: Final = (LETTER | MARK, NUMERIC, SPACE, UNASSIGNED, CONTROL)
_REPLACEMENT: Final = "\ufffd"


def composition(analysis: Analysis) -> Composition:
    """Return the shares of scripts and kinds of characters; null for the empty text."""
    size = len(analysis.text)
    if not size:
        return Composition(
            scripts={},
            letters=None,
            digits=None,
            spaces=None,
            unassigned=None,
            replacement=None,
            control=None,
            mojibake=None,
        )
    distinct, counts = analysis.character_counts
    flags = analysis.character_flags
    by_script = np.bincount(scripts_of(distinct), weights=counts, minlength=len(SCRIPTS))
    by_script[0] = 0
    letters = by_script.sum()
    misread = mojibake(analysis.text, analysis.codes) if _may_be_misread(distinct) else 0
    shares = {
        SCRIPTS[number]: round(float(by_script[number] / letters), 8)
        for number in np.argsort(-by_script, kind="stable").tolist()
        if by_script[number]
    }

    letters, digits, spaces, unassigned, control = (
        round(int(counts @ (flags & flag != 0)) / size, 8) for flag in _SHARES
    )
    return Composition(
        scripts=shares,
        letters=letters,
        digits=digits,
        spaces=spaces,
        unassigned=unassigned,
        replacement=round(analysis.text.count(_REPLACEMENT) / size, 8),
        control=control,
        mojibake=round(misread / size, 8),
    )


def _may_be_misread(distinct: Integers) -> bool:
    """Tell whether a text has a character that begins misread sequences."""
    leads = (distinct >= _FIRST_LEAD) & (distinct <= _LAST_LEAD)
    leads |= (distinct == ord("Р")) | (distinct == ord("С"))  # noqa: RUF001
    return bool((leads | (distinct == ord(_MISREAD_TWICE[0]))).any())


def mojibake(text: str, codes: Codes) -> int:
    """Return the number of code points in sequences of misread UTF-8.

    A sequence counts if its characters, as bytes, are a character in UTF-8. A letter with quotation
    marks behind it counts only inside a word. Cyrillic sequences count from three in a row,
    because `Рё` also begins words.
    """
    if text.isascii():
        return 0
    total = len(_MISREAD_TWICE) * text.count(_MISREAD_TWICE) + _misread_as_cyrillic(text)
    at = 0
    first_bytes = (codes >= _FIRST_LEAD) & (codes <= _LAST_LEAD)
    for place in first_bytes.nonzero()[0].tolist():
        if place >= at and text[place + 1 : place + 2] in _CONTINUATION_SET:
            match = _MOJIBAKE.match(text, place)
            if match and _is_utf8(_bytes_of(match[0])) and not _is_quoted(text, place, match.end()):
                total += len(match[0])
                at = match.end()
    return total


def _is_quoted(text: str, start: int, end: int) -> bool:
    """Tell whether a sequence is a real letter with punctuation behind it."""
    following, before = text[end : end + 1], text[start - 1 : start] if start else ""
    if text[start + 1 : end] in _SIGNS:
        return before.isupper() and not following.isalpha()
    if not _QUOTES.issuperset(text[start + 1 : end]) or text[start:end] == _BYTE_ORDER_MARK:
        return False
    if text[start] == "ß":
        return True
    # Misread words continue behind it, or have a capital letter behind small ones.
    if text[start].isupper() and before.islower():
        return False
    if text[start].isupper() and before in _PLAIN_SPACES:
        return not (following.isalpha() or text[start] in "ÂÃ")
    return not following.islower() or text[end - 1] in _APOSTROPHES


def _misread_as_cyrillic(text: str) -> int:
    """Return the number of code points in Cyrillic UTF-8 that was read as Windows-1251."""
    return sum(
        len(run[0]) for run in _MISREAD_CYRILLIC.finditer(text) if _is_utf8(run[0].encode("cp1251"))
    )


def _is_utf8(sequence: bytes) -> bool:
    try:
        sequence.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _bytes_of(sequence: str) -> bytes:
    return b"".join(
        character.encode("latin-1" if ord(character) < 0x100 else "cp1252")  # noqa: PLR2004
        for character in sequence
    )
