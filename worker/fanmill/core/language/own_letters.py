"""Languages that are told by letters and short words which their relatives lack."""

# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

import re
from collections import Counter
from collections.abc import Callable
from typing import Final

_MIN_LETTERS: Final = 2
_MIN_SHARE: Final = 60
"""Minimum number of such letters, and the inverse of their minimum share; fewer may be a name."""
_SIGNS: Final = {
    "Cyrl": re.compile("[әғқңұһөүҳҷӣӯҗҙҫҡӘҒҚҢҰҺӨҮҲҶӢӮҖҘҪҠ]"),
    "Arab": re.compile("[ټډړږښڼۍېڄڃڇڍڊڌڙڦڪڳڱڻٻٺٽٿێۆڕڵۇۈۋڭ]"),
    "Hebr": re.compile(
        "[\u05f0-\u05f2\ufb1d-\ufb4f]|א[\u05b7\u05b8]|"
        r"\b(?:און|איז|פון|דער|האט|מיט|וואס|זיך|ניט|נישט|אויף|זיי|איר|געווען|קיין|זענען|זיינען|האבן|דאס|ווען|אבער|וועט|זאל|געווארן|צווישן|מענטשן|וועלן|אנדערע|דורך|ווייל|אזוי|וועגן|די|ווי)\b"
    ),
    "Beng": re.compile("[ৰৱ]"),
    "Ethi": re.compile("[ኣኻኸኹ]|ናይ|እዩ"),
    "Deva": re.compile("(?:\u0903|\u092e\u094d)(?![\u0900-\u0963])"),
}
"""Letters and words for each script that tell a language from the one that the detector gives."""
SCRIPT_OF: Final = {
    **dict.fromkeys(("ru", "uk", "be", "mn", "kk"), "Cyrl"),
    **dict.fromkeys(("fa", "ar", "ur", "ku"), "Arab"),
    "he": "Hebr",
    "bn": "Beng",
    "am": "Ethi",
    **dict.fromkeys(("hi", "mr"), "Deva"),
}
"""Scripts by the languages that the detector gives to their relatives."""
_ARABIC: Final = {"ps": "ټډړږښڼۍې", "sd": "ڄڃڇڍڊڌڙڦڪڳڱڻٻٺٽٿ", "ku": "ێۆڕڵ", "ug": "ۇۈۋڭ"}
_CYRILLIC: Final = (
    # The first language with one of its letters is the one.
    ("ba", "ҙҫҡ"),
    ("tg", "ҳҷӣӯ"),
    ("kk", "қғұ"),
    ("tt", "әҗ"),
)
_KYRGYZ: Final = re.compile(
    r"\b(?:жана|менен|бир|үчүн|деп|бул|анын|же|эле|алар|эмес|бар|\w+ган|\w+дөн|\w+дүн|\w+нын|\w+га)\b"
)
_MONGOLIAN: Final = re.compile(
    r"\b(?:нь|ба|байна|юм|болон|гэж|энэ|тэр|бол|их|\w+(?:ийн|ууд|үүд|аар|ээр|сан|сэн|дэг|даг|х))\b"
)
"""Frequent words and endings of two languages with the same letters."""
_PLAIN: Final = re.compile(
    r"\s(?:(?P<mn>нь|байна|болон|гэж|байсан|байгаа|хүн)|(?P<ky>жана|менен|болгон|үчүн|анын))\s"
)
"""Words of Mongolian and Kyrgyz texts without letters of their own."""
_NOT_SANSKRIT: Final = frozenset({"है", "हैं", "में", "और", "से", "को", "आहे", "आणि", "होते", "झाले"})
"""Words of nearly every Hindi or Marathi text, which may have a few words of Sanskrit."""
_POINTED: Final = re.compile("[\u05b0-\u05bc]")
_MAX_POINTED: Final = 4
"""Inverse of the maximum share of vowel points; Yiddish points few letters, old Hebrew most."""


def by_letters(text: str, found: str) -> str | None:
    """Return the language of a text by its letters, or None if they say nothing.

    Args:
        text: The text.
        found: Language that the detector gave, one of `SCRIPT_OF`.
    """
    script = SCRIPT_OF[found]
    signs = _SIGNS[script].findall(text)
    if script == "Ethi":
        return "ti" if len(signs) > text.count("አ") else None
    if len(signs) < _MIN_LETTERS or len(signs) * _MIN_SHARE < len(text):
        if found != "ru" or " и " in text or " в " in text:
            return None
        plain = _PLAIN.search(text)
        return plain.lastgroup if plain else None
    return _TELLERS[script](text, Counter("".join(signs).lower()))


def _cyrillic(text: str, letters: Counter[str]) -> str:
    for code, own in _CYRILLIC:
        if any(letters[letter] for letter in own):
            return "uz" if code == "tg" and "ў" in text else code
    folded = text.casefold()
    kyrgyz, mongolian = len(_KYRGYZ.findall(folded)), len(_MONGOLIAN.findall(folded))
    return "ky" if kyrgyz + 2 * letters["ң"] > mongolian else "mn"


def _arabic(text: str, letters: Counter[str]) -> str | None:
    del text
    if letters["ۇ"] or letters["ۈ"]:
        letters["ې"] = 0  # Uyghur has it, too
    counts = {code: sum(letters[each] for each in own) for code, own in _ARABIC.items()}
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] >= _MIN_LETTERS else None


def _hebrew(text: str, letters: Counter[str]) -> str | None:
    del letters
    return "yi" if len(_POINTED.findall(text)) * _MAX_POINTED < len(text) else None


def _bengali(text: str, letters: Counter[str]) -> str:
    del text, letters
    return "as"


def _devanagari(text: str, letters: Counter[str]) -> str | None:
    del letters
    return "sa" if _NOT_SANSKRIT.isdisjoint(text.split()) else None


_TELLERS: Final[dict[str, Callable[[str, Counter[str]], str | None]]] = {
    "Cyrl": _cyrillic,
    "Arab": _arabic,
    "Hebr": _hebrew,
    "Beng": _bengali,
    "Deva": _devanagari,
}
