"""Speech in quotation marks whose sentence continues: who spoke, and what the speaker did."""

# ruff: noqa: RUF001 (marks that look like ASCII ones are what is looked for)

import re
from typing import Final

from fanmill.core.text.abbreviations import Abbreviations

_TAIL: Final = 8  # maximum number of marks and spaces at the end of a sentence
_TWO_WORDS: Final = re.compile(r"\W*([^\W_]+)[\s\u00a0]+([^\W_]+)")
_KOREAN_GOES_ON: Final = (
    "하고",
    "라고",
    "이라고",
    "라는",
    "이라는",
    "라며",
    "이라며",
    "라면서",
    "고 ",
    "며 ",
)
_SPEECH_ENDS: Final = re.compile(r"[?!…؟]['\"’”»)\]]+$")
_JAPANESE_SPEECH_ENDS: Final = ("」", "』", "）")
_JAPANESE_GOES_ON: Final = tuple("とがのはをにもでやへ")
_CHINESE_SPEECH_ENDS: Final = re.compile(r"[。！？!?….][”’」』\"']$")
_CHINESE_SPEAKER: Final = re.compile(
    r"(?![没沒无無])[^。！？，,\n]{0,8}?(?:说|說|道|问|問|喊|叫|答|表示|强调|強調|指出|认为|認為|解释|解釋|补充|補充|写|寫)"
    r"(?:道|着|著|了|过|過)?[。，,.：:！!]"
)
_CHINESE_SUBJECT: Final = re.compile(
    r"[他她它牠我你您][们們]?[^。！？，,：:、；\n「『“\"]{1,9}[。！？]"
)
"""A short clause about the speaker of a speech: `「不行。」她搖頭。`"""
_CHINESE_GOES_ON: Final = re.compile(
    r"然后|然後|接着|接著|随即|隨即|于是|於是|随后|隨後|便|就|又|并|並|而"
)
"""Words that continue a sentence behind speech that its subject introduced."""
_NOBODY: Final = frozenset(
    {"nobody", "everybody", "everyone", "somebody", "people", "none", "nothing"}
)
"""English words in front of a verb of speech that name no speaker."""
_PREFIXES: Final = frozenset("\u0648\u0641\u05d5")
"""Arabic and Hebrew letters for `and`, which are written together with the next word."""
_CHINESE_INTRODUCED: Final = re.compile(r"[：:，,]\s?[“「『\"][^“「『\"]*$")
_KOREAN_SPEECH_ENDS: Final = re.compile(r"[.?!…][\"”’'」』]$")


def goes_on_behind_speech(stem: str, following: str, language: str, known: Abbreviations) -> bool:
    """Tell whether the words behind a closing quotation mark belong to the sentence.

    Args:
        stem: The sentence so far, without the spaces at its end.
        following: The piece behind the boundary; not empty.
        language: ISO 639-1 code of the language.
        known: Abbreviations of the language.
    """
    if language == "ja" and stem.endswith(_JAPANESE_SPEECH_ENDS):
        return following.startswith(_JAPANESE_GOES_ON)
    if language == "zh" and _CHINESE_SPEECH_ENDS.search(stem[-2:]):
        return _names_speaker(stem, following)
    if language == "ko" and following.startswith(_KOREAN_GOES_ON):
        return _KOREAN_SPEECH_ENDS.search(stem[-_TAIL:]) is not None
    if known.speech and not following[0].islower() and _SPEECH_ENDS.search(stem[-_TAIL:]):
        return _is_spoken(following, known)
    # English mails begin sentences with small letters; other languages seldom do.
    return is_small(following[0]) and (
        (language != "en" and stem.endswith(("?", "!")))
        or _SPEECH_ENDS.search(stem[-_TAIL:]) is not None
    )


def _is_spoken(following: str, known: Abbreviations) -> bool:
    """Tell whether words behind a speech say who spoke it, in a language with `speech`."""
    words = _TWO_WORDS.match(following)
    if words is None:
        return False
    if following[0].isupper():
        return words[2].casefold() in known.speech and words[1].casefold() not in _NOBODY
    return words[1] in known.speech or (words[1][0] in _PREFIXES and words[1][1:] in known.speech)


def is_small(letter: str) -> bool:
    """Tell whether a letter is small in a script with capitals; Georgian prose has none."""
    return letter.islower() and not "\u10d0" <= letter <= "\u10ff"


def _names_speaker(stem: str, following: str) -> bool:
    """Tell whether words behind Chinese speech say who spoke it, or what the speaker did.

    If words before the speech have introduced it, words with a colon introduce the next one.
    """
    speaker = _CHINESE_SPEAKER.match(following)
    introduced = _CHINESE_INTRODUCED.search(stem) is not None
    if speaker is None:
        goes_on = _CHINESE_GOES_ON if introduced else _CHINESE_SUBJECT
        return goes_on.match(following) is not None
    return not (introduced and speaker[0].endswith(("：", ":")))
