"""Script of a text, as ISO 15924 code."""

import re
from typing import Final

import numpy as np

from fanmill.core.text.characters import LETTER, codes_of, count, flags_of

_LOOKED_AT: Final = 2000
"""Number of code points that are examined, from all parts of the text."""

# First code point of a block, and the script of its letters; "" where there are none.
_BLOCKS: Final = (
    (0x0000, ""),
    (0x0041, "Latn"),
    (0x005B, ""),
    (0x0061, "Latn"),
    (0x007B, ""),
    (0x00C0, "Latn"),
    (0x02B0, ""),
    (0x0370, "Grek"),
    (0x0400, "Cyrl"),
    (0x0530, "Armn"),
    (0x0590, "Hebr"),
    (0x0600, "Arab"),
    (0x0700, ""),
    (0x0750, "Arab"),
    (0x0780, "Thaa"),
    (0x07C0, ""),
    (0x08A0, "Arab"),
    (0x0900, "Deva"),
    (0x0980, "Beng"),
    (0x0A00, "Guru"),
    (0x0A80, "Gujr"),
    (0x0B00, "Orya"),
    (0x0B80, "Taml"),
    (0x0C00, "Telu"),
    (0x0C80, "Knda"),
    (0x0D00, "Mlym"),
    (0x0D80, "Sinh"),
    (0x0E00, "Thai"),
    (0x0E80, "Laoo"),
    (0x0F00, "Tibt"),
    (0x1000, "Mymr"),
    (0x10A0, "Geor"),
    (0x1100, "Hang"),
    (0x1200, "Ethi"),
    (0x1380, ""),
    (0x1780, "Khmr"),
    (0x1800, "Mong"),
    (0x18B0, ""),
    (0x1E00, "Latn"),
    (0x1F00, "Grek"),
    (0x2000, ""),
    (0x3041, "Kana"),
    (0x3100, "Bopo"),
    (0x3130, "Hang"),
    (0x3190, ""),
    (0x3400, "Hani"),
    (0x4DC0, ""),
    (0x4E00, "Hani"),
    (0xA000, ""),
    (0xAC00, "Hang"),
    (0xD7B0, ""),
    (0xF900, "Hani"),
    (0xFB00, "Latn"),
    (0xFB1D, "Hebr"),
    (0xFB50, "Arab"),
    (0xFE00, ""),
    (0xFE70, "Arab"),
    (0xFF00, ""),
    (0xFF21, "Latn"),
    (0xFF5B, ""),
    (0xFF66, "Kana"),
    (0xFFA0, ""),
    (0x20000, "Hani"),
    (0x32000, ""),
)
_STARTS: Final = np.array([start for start, _ in _BLOCKS])
_LETTER: Final = re.compile("[A-Za-z]")

_SIMPLIFIED: Final = re.compile(
    "[们这国说时个来为东车门见长问马书开关学习对经过还进远运发现张给让认识谁语话请]"
)
_TRADITIONAL: Final = re.compile(
    "[們這國說時個來為東車門見長問馬書開關學習對經過還進遠運發現張給讓認識誰語話請]"
)
_KANA_SHARE: Final = 0.1


def script_of(text: str) -> str | None:
    """Return the script of most letters: `Latn`, `Cyrl`, ..., `Jpan`, `Kore`, `Hans`, `Hant`.

    The result is `Hani` for Chinese characters of both of the last two, and None without letters.
    """
    sample = text[:: max(1, len(text) // _LOOKED_AT)]
    if sample.isascii():
        return "Latn" if _LETTER.search(sample) else None
    counts = _counts(sample)
    if not counts:
        return None
    kana = counts.pop("Kana", 0)
    if kana and kana >= _KANA_SHARE * (kana + counts.get("Hani", 0)):
        counts["Jpan"] = kana + counts.pop("Hani", 0)
    script = max(counts, key=lambda each: (counts[each], each)) if counts else "Jpan"
    if script == "Hang":
        return "Kore"
    if script != "Hani":
        return script
    simplified = len(_SIMPLIFIED.findall(sample))
    traditional = len(_TRADITIONAL.findall(sample))
    if simplified == traditional:
        return "Hani"
    return "Hans" if simplified > traditional else "Hant"


def _counts(sample: str) -> dict[str, int]:
    """Return the number of letters by script."""
    codes, counts = count(codes_of(sample))
    letters = (flags_of(codes) & LETTER) != 0
    blocks = np.searchsorted(_STARTS, codes[letters], side="right") - 1
    by_block = np.bincount(blocks, weights=counts[letters])
    found: dict[str, int] = {}
    for block in np.flatnonzero(by_block).tolist():
        script = _BLOCKS[block][1]
        if script:
            found[script] = found.get(script, 0) + int(by_block[block])
    return found
