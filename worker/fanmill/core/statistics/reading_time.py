"""Reading time of an adult, silent and aloud, by language.

Sources: Trauzettel-Klosinski and Dietz 2012 (IReST, Invest. Ophthalmol. Vis. Sci. 53(9):5452), mean
speeds of equivalent texts in 17 languages, read aloud; Brysbaert 2019 (J. Mem. Lang. 109:104047),
238 words a minute for silent reading of English non-fiction. The first source gives the ratios of
languages, the second the level. Texts that take the same time aloud are assumed to take the same
time in silence.
"""

from typing import Final

SILENT_ENGLISH: Final = 238
"""Silent reading speed of English in words a minute (Brysbaert 2019)."""

_ALOUD_WORDS: Final = {
    "ar": 138,
    "nl": 202,
    "en": 228,
    "fi": 161,
    "fr": 195,
    "de": 179,
    "he": 187,
    "it": 188,
    "pl": 166,
    "pt": 181,
    "ru": 184,
    "sl": 180,
    "es": 218,
    "sv": 199,
    "tr": 166,
}
"""Reading speeds aloud in words a minute (IReST)."""

_ALOUD_CHARACTERS: Final = {"zh": 255, "ja": 357, "th": 863, "lo": 863, "km": 863, "my": 863}
"""Reading speeds aloud in characters a minute, for languages whose words depend on a dictionary
(IReST). Thai and its neighbours were not measured; they have the mean of all 17 languages."""

_ALOUD_OTHERWISE: Final = 184
"""Mean reading speed of the 17 languages in words a minute."""


def reading_seconds(language: str, words: int, word_characters: int) -> float:
    """Return the silent reading time in seconds, rounded to a tenth; 0.0 without words.

    Args:
        language: ISO 639-1 code; an unmeasured language has the mean of 17 languages.
        words: Number of words.
        word_characters: Code points in them, without spaces and punctuation.
    """
    level = SILENT_ENGLISH / _ALOUD_WORDS["en"]
    return round(_minutes_aloud(language, words, word_characters) / level * 60, 1)


def speaking_seconds(language: str, words: int, word_characters: int) -> float:
    """Return the time to read a text aloud in seconds; see `reading_seconds`."""
    return round(_minutes_aloud(language, words, word_characters) * 60, 1)


def _minutes_aloud(language: str, words: int, word_characters: int) -> float:
    if language in _ALOUD_CHARACTERS:
        return word_characters / _ALOUD_CHARACTERS[language]
    return words / _ALOUD_WORDS.get(language, _ALOUD_OTHERWISE)
