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
_SPEECH_ENDS: Final = re.compile(r"[?!…؟;\u037e]['\"’”»“«‘)\]]+$")
"""The end of speech; German and Czech close with marks that open it elsewhere."""
_SAID_ENDS: Final = re.compile(r"[.?!…؟।॥۔።]['\"’”»“]$")
"""The end of speech in scripts without capitals; Urdu and Georgian close with `“`."""
_INTRODUCED: Final = re.compile(r"[,:،][ \u00a0]?[\"“«„”][^\"“«„]+[\"”»“]$")
_CLAUSE_END: Final = re.compile(r"[.,!?…;:،؛؟।॥۔።\"”“«»\n]")
_MAX_CLAUSE: Final = 60
"""Maximum number of code points of a clause that names a speaker."""
_VERB_PLACE: Final = 4
"""Number of words at the start of such a clause that may be its verb; the last two may be, too."""
_JAPANESE_SPOKEN: Final = re.compile(
    r"[^。！？、「」『』\n]{1,20}?(?:言|叫|答|尋|訊|聞|呟|囁|怒鳴|問|呼びかけ|声をかけ|声をあげ|声を上げ|つぶや|ささや)"
    r"[ぁ-ん]{0,6}[。！]"
)
_KOREAN_SPOKEN: Final = re.compile(
    r"[^.?!…\n\"“”]{1,20}?(?:물었|물어보았|되물었|말했|대답했|답했|외쳤|소리쳤|소리질렀|속삭였|중얼거렸|덧붙였|내뱉었|반문했)"
)
_JAPANESE_SPEECH_ENDS: Final = ("」", "』", "）")
_JAPANESE_GOES_ON: Final = tuple("とがのはをにもでやへ")
_CHINESE_SPEECH_ENDS: Final = re.compile(r"[。！？!?….][”’」』\"']$")
_CHINESE_SPEAKER: Final = re.compile(
    r"(?![没沒无無])[^。！？，,\n]{0,8}?(?:说|說|道|问|問|喊|叫|答|表示|强调|強調|指出|认为|認為|解释|解釋|补充|補充|写|寫)"
    r"(?:道|着|著|了|过|過)?[。，,.：:！!]"
)
_CHINESE_SUBJECT: Final = re.compile(
    r"[他她它牠我你您佢][们們哋]?[^。！？，,：:、；\n「『“\"]{1,9}[。！？]"
)
"""A short clause about the speaker of a speech: `「不行。」她搖頭。`"""
_CHINESE_GOES_ON: Final = re.compile(
    r"然后|然後|接着|接著|随即|隨即|于是|於是|随后|隨後|跟住|跟着|跟著|便|就|又|并|並|而"
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
        return following.startswith(_JAPANESE_GOES_ON) or (
            stem[-1] != "）" and _JAPANESE_SPOKEN.match(following) is not None
        )
    if language == "zh" and _CHINESE_SPEECH_ENDS.search(stem[-2:]):
        return _names_speaker(stem, following)
    if language == "ko":
        return _KOREAN_SPEECH_ENDS.search(stem[-_TAIL:]) is not None and (
            following.startswith(_KOREAN_GOES_ON) or _KOREAN_SPOKEN.match(following) is not None
        )
    if known.speech and following[0].isupper() and _SPEECH_ENDS.search(stem[-_TAIL:]):
        return _is_spoken(following, known)
    if known.speech and is_uncased(following[0]) and _SAID_ENDS.search(stem[-_TAIL:]):
        return _has_verb(stem, following, known)
    # English mails begin sentences with small letters; other languages seldom do.
    return is_small(following[0]) and (
        (language != "en" and stem.endswith(("?", "!")))
        or _SPEECH_ENDS.search(stem[-_TAIL:]) is not None
    )


def _is_spoken(following: str, known: Abbreviations) -> bool:
    """Tell whether a capitalised word and a verb of speech follow (`"Why?" Anna asked.`)."""
    words = _TWO_WORDS.match(following)
    return (
        words is not None
        and words[2].casefold() in known.speech
        and words[1].casefold() not in _NOBODY
    )


def _has_verb(stem: str, following: str, known: Abbreviations) -> bool:
    """Tell whether the clause behind a speech has a verb of speech, in a script without capitals.

    The verb comes first, as in Arabic, or last, as in Hindi. If words before the speech have
    introduced it, a verb further on belongs to the next sentence.
    """
    words = _CLAUSE_END.split(following[:_MAX_CLAUSE], maxsplit=1)[0].split()
    if not words:
        return False
    first = words[0]
    behind_and = first[1:] if first[0] in _PREFIXES else first
    if not known.speech_first.isdisjoint((first, behind_and)):
        return True
    return _INTRODUCED.search(stem) is None and not known.speech.isdisjoint(
        words[:_VERB_PLACE] + words[-2:]
    )


def is_uncased(letter: str) -> bool:
    """Tell whether a letter belongs to a script whose prose has no capitals."""
    return letter.isalpha() and not is_small(letter) and not letter.isupper()


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
