"""Tokens of the full-text search: one function for indexed texts and for queries. Pure.

Words of scripts with spaces are tokens. In scripts without, and in Korean, every pair of neighbours
is a token, and the last character of a run: a phrase of such tokens finds any part of the run, so
that a word of two characters is found wherever it is. Case, width, accents of Latin and Greek, the
vowel marks of Arabic and Hebrew, and hyphens that only allow a break do not count.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from operator import add
from typing import Final, NamedTuple

TOKENS_VERSION: Final = 1
"""Goes up with each change of the tokens of any text; stores then index anew."""

MAX_TOKEN_CHARACTERS: Final = 64
"""Tokens are cut after this number of code points, in texts and in queries."""

_END: Final = "\x01"
"""Character between passages that are read at once: ASCII, and no white space."""
_ASCII: Final = "".join(
    chr(code).lower() if chr(code).isalnum() or chr(code) == _END else " " for code in range(128)
)
"""ASCII characters as `str.translate` wants them: letters in lower case, separators as spaces."""

# Japanese, Chinese, Korean, Thai, Lao, Burmese and Khmer.
_UNSPACED: Final = (
    "\u0e00-\u0e3e\u0e40-\u0e4e\u0e50-\u0e59\u0e80-\u0eff\u1000-\u1049\u1050-\u109f\u1100-\u11ff"
    "\u1780-\u17d3\u17d7\u17dc-\u17e9\u3005-\u3007\u3031-\u3035\u303b\u303c\u3041-\u3096\u309d\u309e"
    "\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua9e0-\ua9fe\uaa60-\uaa7f\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
# Marks that belong to the word; `\w` does not contain them.
_MARKS: Final = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a"
    "\u07a6-\u07b0\u07eb-\u07f3\u0816-\u082d\u0859-\u085b\u08ca-\u0963\u0981-\u0d7f\u0d81-\u0df3"
    "\u0f18\u0f19\u0f35\u0f37\u0f39\u0f3e\u0f3f\u0f71-\u0f84\u0f86-\u0fbc\u135d-\u135f\u1712-\u1734"
    "\u1a17-\u1a1b\u1a55-\u1a7f\u1ab0-\u1ace\u1b00-\u1b04\u1b34-\u1b44\u1b80-\u1b82\u1ba1-\u1bad"
    "\u1be6-\u1bf3\u1c24-\u1c37\u1dc0-\u1dff\u20d0-\u20f0\ua66f\ua674-\ua67d\ua802\ua806\ua80b"
    "\ua823-\ua827\ua880\ua881\ua8b4-\ua8c5\ua8e0-\ua8f1\uabe3-\uabea\uabec\uabed\ufe20-\ufe2f"
)
_FREQUENT: Final = (
    "a-z0-9\u00df-\u00f6\u00f8-\u00ff\u03b1-\u03c9\u0430-\u045f\u0620-\u063f\u0641-\u064a"
)
"""Letters of which a class is quickly searched; the others cost four times as much."""
_WORD_PATTERN: Final = f"(?:[{_FREQUENT}]+|[^\\W_{_UNSPACED}]+|[{_MARKS}]+)+"
_WORD: Final = re.compile(f"{_WORD_PATTERN}|{_END}")
_RUN: Final = re.compile(f"({_WORD_PATTERN})|([{_UNSPACED}]+)|{_END}")
_TYPOGRAPHIC: Final = re.compile("[\u2010-\u2027\u2030-\u203b]")
"""Dashes, quotation marks and the like, which separate words as those of ASCII do."""
_SIGNS: Final = (
    "\u00ad\u034f\u0640\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\ufe00-\ufe0f\ufeff"
)
_IGNORED: Final = re.compile(f"[{_SIGNS}]|(?<=[A-Za-z\u00aa-\u03ff\u1e00-\u1fff])[\u0300-\u036f]+")
"""Marks and signs without weight; a decomposed accent after a Latin or Greek letter."""
_MAY_BE_IGNORED: Final = re.compile(f"[{_SIGNS}\u0300-\u036f]")
_RUSSIAN_YO: Final = "\u0435\u0308"


class Phrase(NamedTuple):
    """Tokens that must follow each other in a text."""

    tokens: tuple[str, ...]
    open_end: bool
    """Whether the last token may also be the beginning of one: a single character of a script
    without spaces."""


def index_tokens(text: str) -> list[str]:
    """Return the tokens of a text in its order; empty without letters and digits."""
    return _tokens(text.replace(_END, " "))


def passage_tokens(passages: Iterable[str], end: str) -> str:
    """Return the tokens of several texts, with spaces between them; empty without texts.

    Each text is between two tokens `end`.
    """
    texts = [passage.replace(_END, " ") for passage in passages]
    if not texts:
        return ""
    joined = f" {_END} "
    read = _tokens(f"{joined}{joined.join(texts)}{joined}")
    return " ".join(read).replace(_END, end)


def _tokens(text: str) -> list[str]:
    if not text.isascii():
        text = _TYPOGRAPHIC.sub(" ", text)
    if text.isascii():
        return _cut(text.translate(_ASCII).split())
    text = _normal(text)
    if not _UNSPACED_CHARACTER.search(text):
        return _cut(_WORD.findall(text))
    tokens: list[str] = []
    for word, run in _RUN.findall(text):
        if run:
            tokens += map(add, run, run[1:])
            tokens.append(run[-1])
        else:
            tokens.append(word[:MAX_TOKEN_CHARACTERS] or _END)
    return tokens


def _cut(tokens: list[str]) -> list[str]:
    if max(map(len, tokens), default=0) <= MAX_TOKEN_CHARACTERS:
        return tokens
    return [token[:MAX_TOKEN_CHARACTERS] for token in tokens]


def query_phrase(text: str) -> Phrase:
    """Return the phrase that texts must contain to be found; without tokens nothing is found."""
    tokens = index_tokens(text)
    open_end = bool(tokens) and _ends_in_run(tokens[-1])
    if open_end and len(tokens) > 1 and _continues(tokens[-2], tokens[-1]):
        # The run may go on in the text, where its last character is no token then.
        return Phrase(tuple(tokens[:-1]), open_end=False)
    return Phrase(tuple(tokens), open_end)


def contains(passages: Iterable[Sequence[str]], phrase: Phrase) -> bool:
    """Return whether one of several token sequences contains a phrase."""
    wanted = phrase.tokens
    return bool(wanted) and any(
        tuple(tokens[start : start + len(wanted) - 1]) == wanted[:-1]
        and _is_last(tokens[start + len(wanted) - 1], phrase)
        for tokens in passages
        for start in range(len(tokens) - len(wanted) + 1)
    )


def _is_last(token: str, phrase: Phrase) -> bool:
    last = phrase.tokens[-1]
    return token.startswith(last) if phrase.open_end else token == last


def _normal(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return _CHANGED.sub(_changed, text.lower())
    return _normal_of_any(text)


def _normal_of_any(text: str) -> str:
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    if _MAY_BE_IGNORED.search(folded):
        folded = _IGNORED.sub("", folded.replace(_RUSSIAN_YO, "\u0435"))
    return unicodedata.normalize("NFC", folded)


def _changed(found: re.Match[str]) -> str:
    return _NORMAL_OF[found[0]]


# ASCII, letters of Latin and Cyrillic, kana, ideographs, and the wide forms of ASCII. Each has a
# normal form whatever is beside it; a combining mark or a final sigma has none.
_PLAIN_RANGES: Final = (
    ("\0", "\x7f"), ("\u00c0", "\u00ff"), ("\u0100", "\u012f"), ("\u0131", "\u0148"),
    ("\u014a", "\u017e"), ("\u0400", "\u045f"), ("\u3001", "\u3002"), ("\u3041", "\u3094"),
    ("\u30a1", "\u30fa"), ("\u4e00", "\u9fff"), ("\uff01", "\uff5e"),
)  # fmt: skip
_PLAIN: Final = re.compile(f"[{''.join(f'{low}-{high}' for low, high in _PLAIN_RANGES)}]*")
_NORMAL_OF: Final = {
    lowered: normal
    for low, high in _PLAIN_RANGES
    if low != "\u4e00"
    for lowered in (chr(code).lower() for code in range(ord(low), ord(high) + 1))
    if (normal := _normal_of_any(lowered)) != lowered
}
"""Normal forms of the lower-case characters that are not in it."""
_CHANGED: Final = re.compile(f"[{''.join(_NORMAL_OF)}]")


def _ends_in_run(token: str) -> bool:
    return _UNSPACED_CHARACTER.match(token) is not None


def _continues(pair: str, last: str) -> bool:
    return len(pair) == 2 and pair[1] == last and _ends_in_run(pair)  # noqa: PLR2004


_UNSPACED_CHARACTER: Final = re.compile(f"[{_UNSPACED}]")
