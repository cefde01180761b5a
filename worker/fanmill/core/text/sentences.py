"""Sentences: ICU's boundaries with corrections.

UAX #29 ends a sentence after `Dr. ` and `J. ` before a capital. This module removes such boundaries
(abbreviations, initials, ordinals, continued speech), and adds those that Thai and Lao mark only by
spaces.
"""

# ruff: noqa: RUF001 (marks that look like ASCII ones are what is looked for)

import re
from bisect import bisect
from typing import Final

from fanmill.core.text.abbreviations import Abbreviations, abbreviations
from fanmill.core.text.layout import Span
from fanmill.core.text.segmentation import sentences_with_spaces
from fanmill.core.text.stop_words import stop_words

_WORD: Final = re.compile(r"[^\W_]+")
_LETTER_OR_DIGIT: Final = re.compile(r"[^\W_]")
_DOTTED: Final = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}")
_OPENING: Final = "([{<\"'“‘„‚«‹¿¡—–-"
_INITIAL: Final = re.compile(r"[^\W\d_]\.")
_CLOSING: Final = tuple("»›”’)]}")
# In scripts without spaces ICU ends a sentence before these.
_OPENS_NEXT: Final = re.compile(r"(?<=[。．！？｡…」』”’）])[「『（《〈【〔“‘«〝]+\s*$")
_MAX_WORD_LENGTH: Final = 30
_MAX_ADDRESS_LENGTH: Final = 200
_TAIL: Final = 8  # maximum number of marks and spaces at the end of a sentence
_SPEECH_ENDS: Final = re.compile(r"[?!…]['\"’”»)\]]+$")
_JAPANESE_SPEECH_ENDS: Final = ("」", "』", "）")
_JAPANESE_GOES_ON: Final = tuple("とがのはをにもでやへ")

MAX_ABBREVIATION_LENGTH: Final = 12
"""Maximum number of code points in an abbreviation; a longer token is a word."""

MIN_THAI_SENTENCE_LENGTH: Final = 15
"""Minimum number of code points in a Thai sentence. Thai writes spaces between sentences, but also
between clauses, in lists, and around numbers and names. A space ends a sentence if it is between
Thai letters, this many code points precede it, and no conjunction follows."""

_THAI_SPACES: Final = re.compile(
    # ฯ and ๆ are left out: a space belongs to them.
    r"(?<=[\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e45\u0e47-\u0e4d\u0e81-\u0ecd])[ \u00a0]+"
    r"(?=[\u0e01-\u0e2e\u0e40-\u0e44\u0e81-\u0ec4])"
    r"(?!และ|หรือ|ซึ่ง|ที่|โดย|เพื่อ|เพราะ|จน|ว่า|ของ|กับ|ແລະ|ຫຼື|ເຊິ່ງ|ທີ່|ໂດຍ|ເພື່ອ|ເພາະ)"
)
# By UAX #29 a sentence continues behind a full stop if a small letter or a dash follows. Mails and
# comments begin sentences this way; abbreviations in them are in the list or have points.
_UNCAPITALISED: Final = re.compile(r"[.!?][)\]]?[ \u00a0]+(?=[a-z]|[-–—*])")
_PLAIN_WORD: Final = re.compile(r"(?:^|[\s(\[\"“‘])([^\W\d_]{2,})[)\]]?$")
_UNCAPITALISED_LANGUAGES: Final = frozenset({"en"})
_ADDRESS: Final = re.compile(r"(?:/|www\.|@)\S*$")
_SPACE_ENDS_SENTENCES: Final = frozenset({"th", "lo"})


def sentence_spans(prose: str, language: str) -> list[Span]:
    """Return the spans of the sentences in a layout's prose, without the spaces around them.

    Every sentence has a letter or a digit, so rows of dashes and lone emoji are no sentences.
    Sentences never cross a line feed. The empty text has no sentences.
    """
    spans: list[Span] = []
    known = abbreviations(language)
    starters = stop_words(language)
    add = _add_parts if language in _SPACE_ENDS_SENTENCES else _add_trimmed
    start = at = 0
    previous = ""
    for piece in sentences_with_spaces(prose, language):
        if previous and (
            _ends_plainly(previous, piece, known)
            or not _goes_on(previous, piece, language, known, starters)
        ):
            opening = None if previous.isascii() else _OPENS_NEXT.search(previous[-_TAIL:])
            end = at if opening is None else at - len(opening[0])
            add(prose, start, end, spans)
            start = end
        previous = piece
        at += len(piece)
    add(prose, start, at, spans)
    if language in _UNCAPITALISED_LANGUAGES:
        return _split(prose, spans, known)
    return spans


def _split(prose: str, spans: list[Span], known: Abbreviations) -> list[Span]:
    """Return the sentences, split before a small letter behind a full stop."""
    places = [
        gap.end()
        for gap in _UNCAPITALISED.finditer(prose)
        if _ends_in_word(prose, gap.start(), known)
    ]
    if not places:
        return spans
    found: list[Span] = []
    for start, end in spans:
        begin = start
        for place in places[bisect(places, start) : bisect(places, end - 1)]:
            _add_trimmed(prose, begin, place, found)
            begin = place
        _add_trimmed(prose, begin, end, found)
    return found


def _ends_in_word(prose: str, end: int, known: Abbreviations) -> bool:
    """Tell whether a full stop follows a word that is no abbreviation."""
    before = _PLAIN_WORD.search(prose[max(0, end - _MAX_WORD_LENGTH) : end])
    if before is None:
        return False
    word = before[1].casefold()
    return word not in known.never_last and word not in known.others


def _add_parts(prose: str, start: int, end: int, spans: list[Span]) -> None:
    for space in _THAI_SPACES.finditer(prose, start, end):
        if space.start() - start >= MIN_THAI_SENTENCE_LENGTH:
            _add_trimmed(prose, start, space.start(), spans)
            start = space.end()
    _add_trimmed(prose, start, end, spans)


def _add_trimmed(prose: str, start: int, end: int, spans: list[Span]) -> None:
    raw = prose[start:end]
    if raw[:1].isalnum():
        spans.append((start, start + len(raw.rstrip())))
    elif _LETTER_OR_DIGIT.search(raw):
        spans.append((end - len(raw.lstrip()), start + len(raw.rstrip())))


def _ends_plainly(previous: str, following: str, known: Abbreviations) -> bool:
    """Tell whether a word, a full stop and a space end a sentence.

    Most sentences end this way. False leaves the decision to `_goes_on`.
    """
    if not previous.endswith(". ") or following.startswith(_CLOSING):
        return False
    word = previous[-_MAX_WORD_LENGTH:].rsplit(None, 1)[-1][:-1]
    return len(word) > 1 and word.isalpha() and word.casefold() not in known.all


def _goes_on(  # noqa: PLR0911  a rule a return
    previous: str, following: str, language: str, known: Abbreviations, starters: frozenset[str]
) -> bool:
    """Tell whether a sentence continues across a boundary of ICU."""
    if previous.endswith("\n"):
        return False
    stem = previous.rstrip()
    if following.startswith(_CLOSING):
        return True  # French writes a space before a closing quotation mark.
    if stem.endswith("."):
        if stem == previous and following[0].isalnum():
            return True  # Without a space it is a single word, such as `3.5` and `example.org`.
        token = stem[-MAX_ABBREVIATION_LENGTH - 2 :].rsplit(None, 1)
        return bool(token) and _abbreviates(
            token[-1].lstrip(_OPENING)[:-1], stem, following, known, starters
        )
    if (
        stem == previous
        and stem.endswith(("?", "!"))
        and _ADDRESS.search(stem[-_MAX_ADDRESS_LENGTH:])
    ):
        return True  # `example.org/watch?v=1`
    if language == "ja" and stem.endswith(_JAPANESE_SPEECH_ENDS):
        return following.startswith(_JAPANESE_GOES_ON)
    return following[0].islower() and _SPEECH_ENDS.search(stem[-_TAIL:]) is not None


def _abbreviates(  # noqa: PLR0911  a rule a return
    word: str, stem: str, following: str, known: Abbreviations, starters: frozenset[str]
) -> bool:
    """Tell whether `word.` is an abbreviation whose sentence continues."""
    folded = word.casefold()
    if not word or len(word) > MAX_ABBREVIATION_LENGTH or folded in known.never_last:
        return bool(word) and len(word) <= MAX_ABBREVIATION_LENGTH
    if len(word) > 1 and word.isalpha() and folded not in known.others:
        return False  # A shortcut for most words.
    following_word = _WORD.search(following)
    if following_word is None:
        return False
    first = following_word[0]
    if word.isdecimal() and len(stem) == len(word) + 1:
        return True  # A number alone is the mark of a list item, not a sentence.
    if first[0].isdigit() and folded in known.before_number:
        return True
    if len(word) == 1 and word.isalpha() and _INITIAL.match(following):
        return True  # `J. R.`, `z. B.`; also if a single letter is a word, as in Russian.
    initial = len(word) == 1 and word.isalpha() and not word.islower()
    ordinal = known.ordinal_point and word.isdecimal() and len(word) <= len("31")
    shortened = folded in known.seldom_last or _DOTTED.fullmatch(word) is not None
    return (initial or ordinal or shortened) and first.casefold() not in starters
