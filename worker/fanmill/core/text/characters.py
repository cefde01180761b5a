"""Properties of code points, and texts as arrays of code points.

Two tables cover Unicode. They are filled on demand: Python's data of a character is read once per
process.
"""

import unicodedata
from typing import Final

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.unsignedinteger]
"""Code points of a text, one for each element."""
Flags = npt.NDArray[np.uint16]
Integers = npt.NDArray[np.int64]

KNOWN: Final = 1
ALNUM: Final = 2
WORD: Final = 4
"""`\\w` of regular expressions: letters, digits, low line."""
SPACE: Final = 8
UPPER: Final = 16
LOWER: Final = 32
"""Lower or title case: a token with such a letter is not in capitals."""
NUMERIC: Final = 64
LETTER: Final = 128
ASCII_LETTER: Final = 256
CONTROL: Final = 512
"""Category Cc, except tab, line feed and carriage return."""
UNASSIGNED: Final = 1024
"""Categories Cn and Cs: unassigned code points and surrogates."""
MARK: Final = 2048
UNSETTLED: Final = 8192
"""Normalisation (NFC, NFD) may change the character or its neighbours."""
JOINING: Final = 4096
"""The character may form a grapheme with a neighbour (UAX #29), such as marks, jamo and flags."""

UNICODE: Final = 0x110000
OTHER_BREAKS: Final = frozenset(map(ord, "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"))
"""Line breaks of `str.splitlines`, except the line feed."""
_FEW: Final = 0x2200
_MANY: Final = 50_000
"""Number of code points from which counting in a table of all Unicode is faster than sorting.
For texts with only code points below `_FEW`, counting is always faster."""

# Letters and symbols that join although their category does not show it: carriage return, Thai
# and Lao am, half-width voicing marks, letters of Brahmic scripts that precede a base.
_JOINING_SINGLES: Final = frozenset(
    {0x0D, 0x0E33, 0x0EB3, 0xFF9E, 0xFF9F, 0x0D4E, 0x111C2, 0x111C3, 0x1193F, 0x11941}
    | {0x11A3A, *range(0x11A84, 0x11A8A), 0x11D46, 0x11F02, 0x113D1}
)
_JOINING_RANGES: Final = (
    range(0x1100, 0x1200),
    range(0xA960, 0xA980),
    range(0xD7B0, 0xD800),
    range(0x1F1E6, 0x1F200),
    range(0x1F3FB, 0x1F400),
)

_flags: Final = np.zeros(UNICODE, np.uint16)
_scripts: Final = np.zeros(UNICODE, np.uint8)

# The first word of a character's name gives its script.
_SCRIPT_OF_NAME: Final = {
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "GREEK": "Grek",
    "ARABIC": "Arab",
    "HEBREW": "Hebr",
    "CJK": "Hani",
    "HIRAGANA": "Hira",
    "KATAKANA": "Kana",
    "HALFWIDTH": "Kana",
    "KATAKANA-HIRAGANA": "Kana",
    "FULLWIDTH": "Latn",
    "HANGUL": "Hang",
    "THAI": "Thai",
    "LAO": "Laoo",
    "KHMER": "Khmr",
    "MYANMAR": "Mymr",
    "TIBETAN": "Tibt",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "GURMUKHI": "Guru",
    "GUJARATI": "Gujr",
    "ORIYA": "Orya",
    "TAMIL": "Taml",
    "TELUGU": "Telu",
    "KANNADA": "Knda",
    "MALAYALAM": "Mlym",
    "SINHALA": "Sinh",
    "ARMENIAN": "Armn",
    "GEORGIAN": "Geor",
    "ETHIOPIC": "Ethi",
    "MONGOLIAN": "Mong",
    "SYRIAC": "Syrc",
    "THAANA": "Thaa",
    "CHEROKEE": "Cher",
    "CANADIAN": "Cans",
    "BOPOMOFO": "Bopo",
    "COPTIC": "Copt",
    "GOTHIC": "Goth",
    "TIFINAGH": "Tfng",
    "JAVANESE": "Java",
    "BALINESE": "Bali",
    "NKO": "Nkoo",
    "YI": "Yiii",
    "MASCULINE": "Latn",
    "FEMININE": "Latn",
    "MICRO": "Grek",
    "KELVIN": "Latn",
    "ANGSTROM": "Latn",
}
OTHER_SCRIPT: Final = "Zzzz"
SCRIPTS: Final = ("", *sorted({*_SCRIPT_OF_NAME.values(), OTHER_SCRIPT}))
"""Names of scripts by number; number 0 is for characters other than letters."""
_NUMBER: Final = {name: number for number, name in enumerate(SCRIPTS)}


def codes_of(text: str) -> Codes:
    """Return the code points of a text: 1 byte each for ASCII, 4 bytes otherwise."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def text_of(codes: Codes | Integers) -> str:
    """Return the text of code points."""
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def count(codes: Codes) -> tuple[Integers, Integers]:
    """Return the distinct code points in rising order, and the count of each."""
    if codes.dtype == np.uint8 or len(codes) > _MANY or (len(codes) and codes.max() < _FEW):
        counts = np.bincount(codes)
        distinct = (counts != 0).nonzero()[0]
        return distinct, counts[distinct]
    values, counts = np.unique(codes, return_counts=True)
    return values.astype(np.int64), counts


def flags_of(distinct: Integers) -> Flags:
    """Return the flags of distinct code points, and fill the table for `look_up`."""
    unknown = distinct[_flags[distinct] == 0]
    for code in unknown.tolist():
        _flags[code], _scripts[code] = _judge(chr(code))
    return _flags[distinct]


def look_up(codes: Codes) -> Flags:
    """Return the flags of code points; `flags_of` must have filled the table for them."""
    return _flags[codes]


def scripts_of(distinct: Integers) -> npt.NDArray[np.uint8]:
    """Return the script numbers of code points; see `SCRIPTS` and `look_up`."""
    return _scripts[distinct]


def _judge(character: str) -> tuple[int, int]:
    category = unicodedata.category(character)
    alnum = character.isalnum()
    flags = KNOWN
    flags |= ALNUM * alnum
    flags |= WORD * (alnum or character == "_")
    flags |= SPACE * character.isspace()
    flags |= UPPER * character.isupper()
    flags |= LOWER * (character.islower() or category == "Lt")
    flags |= NUMERIC * character.isnumeric()
    flags |= LETTER * character.isalpha()
    flags |= ASCII_LETTER * (character.isascii() and character.isalpha())
    flags |= CONTROL * (category == "Cc" and character not in "\t\n\r")
    flags |= UNASSIGNED * (category in {"Cn", "Cs"})
    flags |= MARK * (category[0] == "M")
    code = ord(character)
    flags |= UNSETTLED * (
        bool(unicodedata.combining(character))
        or category[0] == "M"
        or any(code in span for span in _JOINING_RANGES[:3])
        or not unicodedata.is_normalized("NFD", character)
        or not unicodedata.is_normalized("NFC", character)
    )
    flags |= JOINING * (
        category[0] == "M"
        or category in {"Cf", "Cn"}
        or code in _JOINING_SINGLES
        or any(code in span for span in _JOINING_RANGES)
    )
    script = 0
    if flags & LETTER:
        first = unicodedata.name(character, "").partition(" ")[0].partition("-")[0]
        script = _NUMBER[_SCRIPT_OF_NAME.get(first, OTHER_SCRIPT)]
    return flags, script


DIGITS: Final = (
    r"0-9\u0660-\u0669\u06f0-\u06f9\u07c0-\u07c9\u0966-\u096f\u09e6-\u09ef\u0a66-\u0a6f\u0ae6-\u0aef"
    r"\u0b66-\u0b6f\u0be6-\u0bef\u0c66-\u0c6f\u0ce6-\u0cef\u0d66-\u0d6f\u0e50-\u0e59\u0ed0-\u0ed9"
    r"\u0f20-\u0f29\u1040-\u1049\u17e0-\u17e9\u1810-\u1819\uff10-\uff19"
)
"""Decimal digits of living scripts, for the first character of a pattern. `re` searches for a set
of characters in half the time of `\\d`."""
