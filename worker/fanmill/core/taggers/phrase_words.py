"""Words of a lexicon for keyphrases: breaks between phrases, and weights of words."""

# ruff: noqa: RUF001 (Greek letters in names)

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from fanmill.core.taggers.candidate_phrases import BREAK, HYPHEN, SPACE, WORDS
from fanmill.core.text.abbreviations import abbreviations
from fanmill.core.text.characters import Integers
from fanmill.core.text.lexicon import Column, Lexicon, with_room
from fanmill.core.text.phrase_forms import display_form, normalize_phrase
from fanmill.core.text.segmentation import is_word
from fanmill.core.text.stop_words import domain_stop_words, stop_words
from fanmill.core.text.word_frequencies import UNKNOWN, ReferenceFrequencies

UNSPACED: Final = frozenset({"zh", "ja", "th", "lo", "km", "my"})
"""Languages written without spaces between words."""
ELIDING: Final = frozenset({"fr", "it", "ca"})
"""Languages that join an article to a word by an apostrophe."""

MAX_PHRASE_LENGTH: Final = 80
"""Maximum number of code points in a phrase; a longer word is an identifier or an encoding."""

# Fitted together with the weights in `keyphrases`; see there.
_COMMON: Final = 1.95
"""Inverse frequency up to which a word has no weight."""
_MAX_WEIGHT: Final = 4.0
"""Maximum weight of a word; rarer words do not tell more, because misspellings are rare, too."""
_MIN_WEIGHT: Final = 0.04
_FUNCTION_WORD: Final = 3.2
"""Inverse frequency below which a word is a stop word, in languages without a list."""

# Hiragana alone is grammar; numerals with a unit are dates and amounts.
_NO_CONTENT: Final = re.compile("[\u3040-\u309fー]+|第?[一二三四五六七八九十百千万亿億零〇两]+.?")
_HYPHENS: Final = frozenset("-\u2010\u2011&")
_DIGEST: Final = re.compile(r"(?=[0-9a-f]*\d)(?=\d*[a-f])[0-9a-f]{6,64}")
"""Digests and numbers of commits; shorter ones may be names."""
_MIN_ENCODED: Final = 16
_ENCODED: Final = re.compile(r"(?=\w*[a-z])(?=\w*[A-Z])(?=\w*\d)\w+", re.ASCII)
"""A long token with small letters, capitals and digits: an encoding or a key."""
_QUALIFIED: Final = re.compile(r"[A-Za-z_]\w+(?:\.[A-Za-z_]\w+){2,}", re.ASCII)
"""Name of a class or module, such as `com.acme.billing.Invoice`."""
_LETTERS_ALONE: Final = frozenset("BCDEFGHJKLMNPQRSTUVWXYZαβγδεκλμσω")
"""Letters that are a part of a name, such as in B-52 and vitamin C; A and I are words."""


_HOST: Final = re.compile(
    r"\.(?:com|org|net|edu|gov|info|io|co|uk|de|fr|es|it|nl|ru|cn|jp|kr|br|in|eu|html?|php|aspx?|json|"
    r"pdf|png|jpe?g|gif|svg|txt|xml|csv|exe|zip)\Z"
)
"""End of a host name or of the name of a file."""
_VERSION: Final = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}")
"""A number of a name, such as `Web 2.0`."""
_MAX_NAMED: Final = 5
_SMALL_NAMED: Final = frozenset({"2d", "3d", "4d", "3g", "4g", "5g", "6g", "4k", "8k"})
_MAX_NUMBER_LENGTH: Final = 4


def _is_named(token: str) -> bool:
    """Tell whether a token with a digit in front is a name, such as 3D, 5G and 2FA, or a number.

    Numbers of up to four digits are part of a name behind a hyphen, such as in COVID-19.
    """
    if token.isdecimal():
        return token.isascii() and len(token) <= _MAX_NUMBER_LENGTH
    if _VERSION.fullmatch(token):
        return True
    if token.casefold() in _SMALL_NAMED:
        return True
    return len(token) <= _MAX_NAMED and token[-1].isupper() and token.isalnum()


_DATA: Final = Path(__file__).with_name("phrase_words.toml")


@cache
def _data() -> dict[str, dict[str, str]]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def _verbs() -> frozenset[str]:
    """Return English verbs that are no nouns; they end a phrase, as in the grammar of headlines."""
    return frozenset(_data()["verbs"]["en"].split())


@cache
def _headline_verbs() -> frozenset[str]:
    """Return forms of English verbs that are verbs behind a name, with regular past tenses."""
    present = frozenset(_data()["headline_verbs"]["en"].split())
    return present | {past for verb in present | _verbs() for past in _past_tenses(verb)}


def _past_tenses(verb: str) -> Iterator[str]:
    """Yield spellings of the regular past tense of a verb, none for forms with `-s`."""
    if verb.endswith("e"):
        yield f"{verb}d"
    elif verb[-1] == "y" and verb[-2] not in "aeou":
        yield f"{verb[:-1]}ied"
    elif verb[-1] != "s":
        yield f"{verb}ed"
        yield f"{verb}{verb[-1]}ed"  # `banned`; a form that does not exist costs nothing


@cache
def generic_nouns(language: str) -> frozenset[str]:
    """Return nouns of a language that are no keyphrase alone; empty for other languages."""
    return frozenset(_data()["generic"].get(language, "").split())


@cache
def signed_words() -> re.Pattern[str]:
    """Return a pattern for the names of the data that have signs in them."""
    names = "|".join(map(re.escape, _data()["names"]["all"].split()))
    return re.compile(rf"(?<![\w/.-])(?:{names})(?![\w/-])", re.IGNORECASE)


@cache
def signed_parts() -> dict[str, re.Pattern[str]]:
    """Return for each sign a pattern of the sign and what follows it in those names.

    `re` finds such a pattern in a tenth of the time of the names: a single sign comes first.
    """
    behind: dict[str, list[str]] = {}
    for name in _data()["names"]["all"].split():
        at = next(place for place, each in enumerate(name) if not each.isalnum())
        behind.setdefault(name[at], []).append(re.escape(name[at + 1 :]))
    return {
        sign: re.compile(rf"{re.escape(sign)}(?:{'|'.join(rest)})(?![\w/-])", re.IGNORECASE)
        for sign, rest in behind.items()
    }


class _Words:
    """Folded words by number, in the order of first occurrence."""

    def __init__(self, language: str, frequencies: ReferenceFrequencies) -> None:
        known = abbreviations(language)
        function_words = stop_words(language)
        self._stopped = function_words | domain_stop_words(language) | known.all
        self._unspaced = language in UNSPACED
        self._eliding = language in ELIDING
        self._english = language == "en"
        self._inverse_frequencies = frequencies.inverse_frequencies(language)
        self._common = {} if function_words else self._inverse_frequencies
        # Without any list, short words count as stop words.
        self._shortest = 2 if self._unspaced or function_words or self._common else 4
        self._numbers: dict[str, int] = {}
        self.words: list[str] = [""] * WORDS
        self._generic = generic_nouns(language)
        self.new: list[tuple[float, bool, bool, bool, bool, bool]] = []
        """Weight, never last, never first, never alone, is a number and is a verb of headlines, for
        each word without a row in `PhraseWords`."""

    def kind_of(self, token: str) -> int:
        """Return BREAK, HYPHEN, SPACE, or the number of a word."""
        if token == " ":
            return SPACE
        if not is_word(token):
            return HYPHEN if token in _HYPHENS else BREAK
        word = normalize_phrase(display_form(token), eliding=self._eliding).casefold()
        if token in _LETTERS_ALONE:
            number = self._numbers.get(token)
            return self._numbered(token) if number is None else number
        if (
            word in self._stopped
            or (
                len(word) < self._shortest
                and not token.isdecimal()
                and not (len(word) > 1 and token.isupper())
            )
            or len(word) > MAX_PHRASE_LENGTH
            or "_" in word
            or (word[-1] in "0123456789abcdef" and _DIGEST.fullmatch(word) is not None)
            or (word[0].isdecimal() and not _is_named(token))
            or (len(token) >= _MIN_ENCODED and _ENCODED.fullmatch(token) is not None)
            or (self._english and word in _verbs())
            or self._common.get(word, UNKNOWN) < _FUNCTION_WORD
            or (self._unspaced and _NO_CONTENT.fullmatch(word) is not None)
        ):
            return BREAK
        if "." in word and (_HOST.search(word) or _QUALIFIED.fullmatch(token)):
            return BREAK
        number = self._numbers.get(word)
        return self._numbered(word) if number is None else number

    def number_of(self, name: str) -> int:
        """Return the number of a name with signs, such as `C++`."""
        word = name.casefold()
        number = self._numbers.get(word)
        return self._numbered(word) if number is None else number

    def _numbered(self, word: str) -> int:
        number = self._numbers[word] = len(self.words)
        self.words.append(word.casefold())
        is_letter = word in _LETTERS_ALONE
        rarity = self._inverse_frequencies.get(word, UNKNOWN) - _COMMON
        is_number = word.isdecimal() or _VERSION.fullmatch(word) is not None
        self.new.append(
            (
                0.0
                if is_number
                else 1.0
                if is_letter
                else min(max(rarity, _MIN_WEIGHT), _MAX_WEIGHT),
                self._english and word.endswith(("ed", "ly")),
                is_number or (self._english and word.endswith("ly")),
                is_letter or word in self._generic,
                is_number,
                self._english and word in _headline_verbs(),
            )
        )
        return number


class PhraseWords:
    """Kinds of the tokens of a lexicon, and weights of the words among them, in arrays.

    Attributes:
        words: Folded words by number; "" below WORDS.
        weights: float64, the weight of each word.
        never_last: For each word: it ends no phrase, such as English adverbs and participles.
        never_first: For each word: it begins no phrase, such as English adverbs.
        never_alone: For each word: it is a noun that names no subject, such as `people`.
        is_number: For each word: it is a number, which only counts behind a name and a hyphen.
        is_headline_verb: For each word: behind a name it is a verb, such as `X backs Y`.
    """

    def __init__(self, lexicon: Lexicon, language: str, frequencies: ReferenceFrequencies) -> None:
        self._words = _Words(language, frequencies)
        self._growing = lexicon.growing
        self._column = Column(lexicon, self._words.kind_of, np.int32)
        self.words = self._words.words
        self.weights = np.zeros(1024)
        self.never_last = np.zeros(1024, np.bool_)
        self.never_first = np.zeros(1024, np.bool_)
        self.never_alone = np.zeros(1024, np.bool_)
        self.is_number = np.zeros(1024, np.bool_)
        self.is_headline_verb = np.zeros(1024, np.bool_)

    def of(self, numbers: Integers) -> Integers:
        """Return the kinds of tokens, given their numbers in the lexicon."""
        kinds = self._column.of(numbers).astype(np.int64)
        if self._words.new:
            with self._growing:
                self._add_new()
        return kinds

    def number_of(self, name: str) -> int:
        """Return the kind of a name with signs in it."""
        with self._growing:
            number = self._words.number_of(name)
            self._add_new()
        return number

    def _add_new(self) -> None:
        new, self._words.new = self._words.new, []
        if new:
            size = len(self.words)
            self.weights = with_room(self.weights, size)
            self.never_last = with_room(self.never_last, size)
            self.never_first = with_room(self.never_first, size)
            self.never_alone = with_room(self.never_alone, size)
            self.is_number = with_room(self.is_number, size)
            self.is_headline_verb = with_room(self.is_headline_verb, size)
            places = slice(size - len(new), size)
            (
                self.weights[places],
                self.never_last[places],
                self.never_first[places],
                self.never_alone[places],
                self.is_number[places],
                self.is_headline_verb[places],
            ) = zip(*new, strict=True)
