r"""Words of Latin letters, and East Asian texts, whose bytes were read in a wrong encoding.

Letters of Western languages turn into signs that stand in no word: `ni¤o`, `Stra▀e`, `don\x92t`.
As UTF-8 in a page of another script they turn into pairs of its characters: `FΓΌr`, `L'茅t茅`.
"""

# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

import re
from typing import Final, NamedTuple

from fanmill.core.text.characters import Codes

_CONTINUATION_BYTES: Final = bytes(range(0x80, 0xC0))
_LEAD_BYTES: Final = b"\xc2\xc3\xc4\xc5"
"""First bytes of Latin letters in UTF-8."""
_MIN_FOUND: Final = 2
_MAX_OF_SCRIPT: Final = 3
"""Maximum number of distinct frequent letters of a script in a text of Latin letters."""

_SIGNS: Final = "‚¤¢†‡‰▀ⁿ" + "".join(map(chr, (*range(0x80, 0x85), *range(0x86, 0xA0))))
_CAPITALS: Final = "ŽŠŸŒ"
_STRONG: Final = _SIGNS + _CAPITALS
"""Signs that stand between the letters of no word, and capitals between small letters."""
_WEAK: Final = "±≤≥÷ΘΩΦΣ∙§ˆ¸¨´³¡ß”„…—–"
"""Signs that also stand beside letters in formulas, in footnotes and by mistake."""
_STRONG_SIGNS: Final = frozenset(_SIGNS)
_WEAK_SIGNS: Final = frozenset("±≤≥÷ΘΩΦΣ∙")
_BESIDE: Final = f"a-zà-öø-ÿ{_STRONG}ƒˆ§³÷"
_STRONG_INSIDE: Final = re.compile(f"(?<=[A-Z{_BESIDE}])[{_STRONG}](?=[{_BESIDE}])")
_CAPITAL_INSIDE: Final = re.compile(f"[{_CAPITALS}](?<=[a-z].)(?=[a-z§])")
_WEAK_INSIDE: Final = re.compile("[±≤≥÷ΘΩΦΣ∙](?:(?<=[a-z]{2}.)(?=[a-z])|(?<=[a-z].)(?=[a-z]{2}))")
_IN_WORDS: Final = re.compile(f"[{_STRONG}{_WEAK}](?:(?<=[A-Za-z].)|(?=[A-Za-z]))")
_AT_END: Final = re.compile("[†‡¢¤](?<=[a-z].)(?![^\\W\\d_])")
_QUOTE_INSIDE: Final = re.compile("[„”“](?<=[a-z].)(?=[a-z])")
_MIN_WEAK: Final = 3
QUOTES: Final = frozenset("\u00a0«»‘’‚“”„‹›…–—´¨·¿¡")
"""Quotation marks and other punctuation that may follow a letter in any text."""


class _Page(NamedTuple):
    """A page of another script that Latin letters in UTF-8 are read in.

    Attributes:
        leads: Its characters for the first byte of a letter.
        usual: Letters that nearly all texts in its script have.
        pair: The characters of a letter, beside a Latin one.
    """

    leads: frozenset[str]
    usual: frozenset[str]
    pair: re.Pattern[str]


def _page(encoding: str, usual: str) -> _Page:
    leads, tails = (
        "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in of)
        for of in (_LEAD_BYTES, _CONTINUATION_BYTES)
    )
    if not usual:
        # The first characters are Latin letters, too, which quotation marks may follow.
        tails = "".join(each for each in tails if each not in QUOTES)
    pair = re.compile(
        f"[{re.escape(leads)}](?:(?<=[a-z].)[{re.escape(tails)}]|[{re.escape(tails)}](?=[a-z]))"
    )
    return _Page(frozenset(leads), frozenset(usual), pair)


_PAGES: Final = (
    _page("cp1253", "αειονσ"),
    _page("cp1255", "אהוילמ"),
    _page("cp1256", "ايلمنت"),
    _page("cp1257", ""),
    _page("cp866", "аеионт"),
    _page("cp874", "กนมาเร"),
    _page("cp932", "のいにはアイ"),
)
_LEADS: Final = frozenset().union(*(page.leads for page in _PAGES))
_HAN: Final = "\u4e00-\u9fff"
_HAN_IN_WORD: Final = re.compile(f"(?<=[A-Za-z'])[{_HAN}](?=[a-z])|(?<=[a-z])[{_HAN}](?![{_HAN}])")
_KANA_IN_HAN: Final = re.compile(f"[\uff61-\uff9f](?<=[{_HAN}].)(?=[{_HAN}])")
HALF_WIDTH: Final = frozenset(map(chr, range(0xFF61, 0xFFA0)))
"""Half-width Katakana and its punctuation."""
_MIN_KANA: Final = 3
_COMMA_SHARE: Final = 0.1
"""Minimum share of half-width commas in Japanese whose bytes of EUC were read as Shift JIS."""
_FREQUENT: Final = {
    "big5": "的一是不了在有我他這中大來上國們到說時要就出會",
    "gbk": "的一是不了在有我他这中大来上国们到说时要就出会",
    "euc_kr": "이다는의을에가고하지를은한도로",
    "shift_jis": "のにはをたがでてとしれさ",
}
"""Most frequent characters of the texts in an encoding."""
_REREAD: Final = (
    ("gbk", "big5"), ("gbk", "euc_kr"), ("gbk", "shift_jis"),
    ("big5", "gbk"), ("big5", "shift_jis"),
    ("cp932", "gbk"), ("cp932", "big5"), ("cp949", "gbk"), ("cp949", "shift_jis"),
)  # fmt: skip
"""Encodings that a text is read in, and that it may be written in."""
_LOOKED_AT: Final = 300
_OWN_SHARE: Final = 0.06
_REREAD_SHARE: Final = 0.15
"""Minimum shares of frequent characters in a text that was read rightly, and in one that is reread;
a quarter of the characters of most texts are among them."""
_MIN_SAMPLE: Final = 16


def misread_latin(text: str, distinct: frozenset[str]) -> int:
    """Return the number of code points of Latin letters that were read as signs or other letters.

    Args:
        text: The text.
        distinct: Its characters.
    """
    total = 0
    if (
        not distinct.isdisjoint(_STRONG_SIGNS)
        or (
            any(each in distinct and each.lower() not in distinct for each in _CAPITALS)
            and _CAPITAL_INSIDE.search(text)
        )
        or len(distinct & _WEAK_SIGNS) >= _MIN_FOUND
    ):
        total = _signs_in_words(text)
    if distinct.isdisjoint(_LEADS):
        return total
    for leads, usual, pair in _PAGES:
        if not leads.isdisjoint(distinct) and len(usual & distinct) <= _MAX_OF_SCRIPT:
            found = pair.findall(text)
            if len(found) >= _MIN_FOUND:
                total = max(total, 2 * len(found))
    return total


def _signs_in_words(text: str) -> int:
    strong = {text[each.start() - 1 : each.end() + 1] for each in _STRONG_INSIDE.finditer(text)}
    if len(strong) < _MIN_FOUND and not _has_signs_at_ends(text):
        weak = {text[each.start() - 1 : each.end() + 1] for each in _WEAK_INSIDE.finditer(text)}
        if len(weak) < _MIN_WEAK or len({each[1] for each in weak}) < _MIN_FOUND:
            return 0
    return len(_IN_WORDS.findall(text))


def _has_signs_at_ends(text: str) -> bool:
    """Tell whether words end in signs, and others have quotation marks inside: `p†`, `m„ssan`."""
    at_ends = {text[each.start() - 1 : each.end()] for each in _AT_END.finditer(text)}
    if len(at_ends) < _MIN_FOUND:
        return False
    inside = {text[each.start() - 1 : each.end() + 1] for each in _QUOTE_INSIDE.finditer(text)}
    return len(inside) >= _MIN_FOUND


def misread_east_asian(text: str, codes: Codes, distinct: frozenset[str]) -> int:
    """Return the number of code points that were read in a wrong encoding of two bytes.

    Args:
        text: A text with Chinese characters or half-width Katakana.
        codes: Its code points.
        distinct: Its characters.
    """
    if not distinct.isdisjoint(HALF_WIDTH):
        inside = _KANA_IN_HAN.findall(text)
        if len(set(inside)) >= _MIN_KANA or text.count("､") > _COMMA_SHARE * len(text):
            return int((codes >= 0x2000).sum())  # noqa: PLR2004
    han = int(((codes >= 0x4E00) & (codes <= 0x9FFF)).sum())  # noqa: PLR2004
    if han * 4 < len(text):
        in_words = [each for each in _HAN_IN_WORD.findall(text) if _is_latin_in_gbk(each)]
        return len(in_words) if len(in_words) >= _MIN_FOUND else 0
    sample = text[:_LOOKED_AT]
    if len(sample) < _MIN_SAMPLE or any(_share(sample, each) >= _OWN_SHARE for each in _FREQUENT):
        return 0
    for wrong, right in _REREAD:
        reread = sample.encode(wrong, "ignore").decode(right, "ignore")
        if len(reread) >= _MIN_SAMPLE and _share(reread, right) >= _REREAD_SHARE:
            return int((codes >= 0x80).sum())  # noqa: PLR2004
    return 0


def _share(text: str, encoding: str) -> float:
    return sum(map(text.count, _FREQUENT[encoding])) / len(text)


def _is_latin_in_gbk(character: str) -> bool:
    """Tell whether the bytes of a Chinese character in GBK are a Latin letter in UTF-8."""
    try:
        letter = character.encode("gbk").decode("utf-8")
    except UnicodeError:
        return False
    return letter.isalpha() and "\u00c0" <= letter <= "\u024f"
