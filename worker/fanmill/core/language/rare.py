"""Languages that the detector lacks, identified by their letters and function words.

The detector gives such a text the name of a related language, often with a high score. Those that
it gives to no relative are told by `profiles`.
"""

# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

import re
from typing import Final

from fanmill.core.language.own_letters import SCRIPT_OF, by_letters
from fanmill.core.language.relatives import may_be_relative

FAMILIAR: Final = 0.66
"""Score that nineteen of twenty sentences in known languages reach, and a twentieth of the
sentences in others."""
STRANGE: Final = 0.4
"""Score below which a text is in no known language; half of the sentences in others are below
it."""

_LATIN: Final = frozenset({"nl", "es", "pt", "is"})
NEIGHBOURS: Final = frozenset(SCRIPT_OF) | {"sr", "bg"} | _LATIN
"""Languages whose names other languages get with high scores."""

_SCRIPTS: Final = re.compile("[\u0d80-\u0dff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff]")
_LANGUAGE_OF_BLOCK: Final = {
    0x0D80 >> 7: "si",
    0x0F00 >> 7: "bo",
    0x0F80 >> 7: "bo",
    0x1000 >> 7: "my",
    0x1080 >> 7: "my",
    0x1780 >> 7: "km",
}
_SCRIPT_SHARE: Final = 3
"""Inverse of the minimum share of such a script; spaces, marks and names are the rest."""
_MARKS: Final = {
    # Words of each language, and of the language that it is confused with.
    "af": re.compile(r"\b(?:die|nie|hulle|hierdie|sê|ek|vir|wees|baie|deur|sy|ons)\b|['’]n\b"),
    "nl": re.compile(r"\b(?:de|niet|zij|deze|ik|voor|zijn|veel|door|een|dit|naar|uit|maar)\b"),
    "gl": re.compile(
        r"\b(?:unha|unhas|coa|coas|polo|polos|non|xa|máis|moito|moita|moi|tamén|dous|nin|dende|ata|dun|"
        r"dunha|nun|nunha|xente|lle|lles|ós|teñen|\w+ción|\w*ñ[oa]s?|onte|hoxe|mellor|calquera|súa|súas)\b"
    ),
    "western": re.compile(r"\b(?:os|as|da|do|das|dos|na|no|nas|foi|ao|á|seu|seus|toda|todo|é)\b"),
    "es": re.compile(
        r"\b(?:el|la|los|las|del|al|y|una|con|por|en|que|lo|su|sus|más|muy|también|hay|fue|ya|pero)\b"
    ),
    "pt": re.compile(
        r"\b(?:não|uma|umas|com|em|um|pelo|pela|mais|muito|muita|também|até|há|e|são|está|que|sua|mas|já|"
        r"\w+ção|\w+ções|\w*nh[oa]s?|\w*lh[oa]s?)\b"
    ),
    "mk": re.compile(r"\b(?:во|дека|ќе|тоа|со|кој|беше|сум|бидат|биде|овој|тие|има|или)\b|[ѓќѕ]"),
    "sr": re.compile(r"\b(?:у|је|са|није|ће|су|који|које|која|бити|или|али|што|сам)\b|[ђћ]"),
    "bg": re.compile(r"\b(?:в|във|че|ще|със|са|както|който|която|или|също|има)\b|[ъщьюя]"),
}


def rare_language(text: str, found: str, score: float) -> str | None:
    """Return the language of a text if the detector lacks it, otherwise None.

    Args:
        text: A window, as the detector read it.
        found: Language that the detector gave.
        score: Its score, 0.0 to 1.0.
    """
    if found in _LATIN:
        return _relative(text, found)
    if found in {"sr", "bg"}:
        return _rather("mk", found, text.casefold())
    if found in SCRIPT_OF:
        return by_letters(text, found)
    return None if score >= FAMILIAR else _by_script(text)


def _relative(text: str, found: str) -> str | None:
    if found == "is":
        # Icelandic has neither ø nor, unlike Faroese, a text without þ and ö.
        return "fo" if "ø" in text and "þ" not in text and "ö" not in text else None
    if not may_be_relative(found, text):
        return None
    if found == "nl":
        return _rather("af", found, text.casefold())
    return "gl" if _is_galician(text.casefold()) else None


def _by_script(text: str) -> str | None:
    if "ħ" in text:
        return "mt"
    found = _SCRIPTS.findall(text)
    if not found or len(found) * _SCRIPT_SHARE < len(text):
        return None
    return _LANGUAGE_OF_BLOCK.get(ord(found[len(found) // 2]) >> 7)


def _rather(meant: str, found: str, text: str) -> str | None:
    ours, theirs = len(_MARKS[meant].findall(text)), len(_MARKS[found].findall(text))
    return meant if ours > theirs + 1 else None


def _is_galician(text: str) -> bool:
    own, shared = len(_MARKS["gl"].findall(text)), len(_MARKS["western"].findall(text))
    portuguese, spanish = len(_MARKS["pt"].findall(text)), len(_MARKS["es"].findall(text))
    return own > max(1, portuguese) and own + shared > spanish + 1 and shared > 0
