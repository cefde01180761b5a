"""Characters of a text whose bytes were read in a wrong encoding."""

# ruff: noqa: RUF001 (signs that UTF-8 turns into look like others)

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from fanmill.core.statistics.code_pages import misread_in_code_page
from fanmill.core.statistics.misread_words import (
    HALF_WIDTH,
    QUOTES,
    misread_east_asian,
    misread_latin,
)
from fanmill.core.text.characters import Codes

_CONTINUATION_BYTES: Final = range(0x80, 0xC0)


def _read(encoding: str, values: Iterable[int]) -> str:
    """Return bytes as a code page reads them; those that it lacks are read as Latin-1."""
    return "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in values)


def _tails(encoding: str) -> str:
    return _read(encoding, _CONTINUATION_BYTES)


_CONTINUATIONS: Final = "".join(sorted({*map(chr, _CONTINUATION_BYTES), *_tails("cp1252")}))
"""Continuation bytes of UTF-8, read as Latin-1 and as Windows-1252."""

_MOJIBAKE: Final = re.compile(
    f"[\u00c2-\u00df][{_CONTINUATIONS}]|[\u00e0-\u00ef][{_CONTINUATIONS}]{{2}}"
    f"|[\u00f0-\u00f4][{_CONTINUATIONS}]{{3}}"
)


_MIN_RUN: Final = 3


class _Page(NamedTuple):
    """A code page that UTF-8 is read in.

    Attributes:
        encoding: Its name.
        unusual: Continuation bytes in the page that hardly any text has.
        is_drawn: Whether each run must have one of them: the page has letters where UTF-8 has
            continuation bytes.
        runs: Several characters of UTF-8 in a row.
    """

    encoding: str
    unusual: frozenset[str]
    is_drawn: bool
    runs: re.Pattern[str]


def _page(encoding: str, least: int = _MIN_RUN) -> _Page:
    tails = _tails(encoding)
    leads = [
        _read(encoding, of_length)
        for of_length in (range(0xC2, 0xE0), range(0xE0, 0xF0), range(0xF0, 0xF5))
    ]
    one = "|".join(
        f"[{re.escape(lead)}][{re.escape(tails)}]{{{length}}}"
        for length, lead in enumerate(leads, start=1)
    )
    is_drawn = least < _MIN_RUN
    return _Page(
        encoding, frozenset(tails) - _USUAL, is_drawn, re.compile(f"(?:{one}){{{least},}}")
    )


_USUAL: Final = frozenset(
    "\u00a0\u00ad«»–—…„“”‘’‚№°§©®™€£ЁёІіЇїЄєЎўҐґЈјѓћђљњќЉЊЋЌЏџЂЃѕЅ·"
) | frozenset(
    "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюяپٹڈڑچژکگںھہۀے،؛؟"
    "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûüŁłŚśŻżŹźŠšŽžŤťĽľŞşĄąΆΈΉΊΌΎΏªº¿¡½"
)
"""Characters of texts that were read rightly."""
_PAGES: Final = (
    *map(_page, ("cp1251", "cp1250", "cp1253", "cp1255", "cp1256", "mac-roman", "cp437", "cp850")),
    _page("koi8-r", 2),
    _page("cp866", 2),
)
_PAIRS: Final = (
    # Accented Latin letters: the lead, its page, and the tails that are common behind it.
    (frozenset("√≈"), re.compile(f"[√ƒ≈][{re.escape(_tails('mac-roman'))}]")),
    (frozenset("‚"), re.compile("‚Ä[ìîôòú¢¶öû]|‚Ç¨")),
    (frozenset("ĂĹ"), re.compile(f"[ĂĹ][{re.escape(_tails('cp1250'))}]")),
    (frozenset("ГДЕ"), re.compile(f"(?<![А-Яа-я])[ГДЕ][{re.escape(_tails('cp1251'))}](?![а-я])")),
    (frozenset("цде"), re.compile(f"(?<![А-Яа-я])[цде][{re.escape(_tails('koi8-r'))}](?![а-я])")),
    (
        frozenset("├┼"),
        re.compile(f"[├┼][{re.escape(_tails('cp437') + _tails('cp850') + _tails('cp866'))}]"),
    ),
    (frozenset("縺繧繝"), re.compile("[縺繧繝].?")),
)
"""First characters and the pattern of single letters."""
_AMBIGUOUS: Final = re.compile("[√≈][π∞∑∏∫∂Ωµ±]|Ăş|Ă[«»‘’‚“”„‹›…–—\u00a0]|├[│┤├┼┴┬]")
"""Pairs that mathematics, Romanian and frames of tables have, too."""
_MIN_PAIRS: Final = 2
_MISREAD_TWICE: Final = ("锟斤拷", "占쏙옙")
"""Replacement characters in UTF-8, read as GBK and as EUC-KR."""
_THAI: Final = ("เธ", "เน")
_MIN_THAI: Final = 0.4
"""First two bytes of Thai letters, and minimum share of the letters that have them."""
_HAN_RUN: Final = re.compile("[\u4e00-\u9fff]{6,}")
_MAX_RUNS: Final = 3
"""Continuations that are also punctuation behind a letter: `„weiß“`, `“CAFÉ”`, `voilà »`."""
_SIGNS: Final = ("™", "®", "°")
"""Continuations that may follow a name in capitals: `CAFÉ™`."""
_APOSTROPHES: Final = frozenset("’‘")
_PLAIN_SPACES: Final = ("", " ", "\n")
_BYTE_ORDER_MARK: Final = "ï»¿"
_CONTINUATION_SET: Final = frozenset(_CONTINUATIONS)
_FIRST_LEAD: Final = 0xC2
_LAST_LEAD: Final = 0xF4
_HAN: Final = (0x4E00, 0x9FFF)


def mojibake(text: str, codes: Codes, distinct: Iterable[int] | None = None) -> int:
    """Return the number of code points that were read in a wrong encoding.

    A sequence counts if its characters, as bytes, are a character in UTF-8. A letter with quotation
    marks behind it counts only inside a word. Sequences of letters that words have, too, count from
    two or three in a row, because `Рё` also begins words. Text in a code page counts if another
    code page was meant.

    Args:
        text: The text.
        codes: Its code points.
        distinct: The code points without repetitions, if they are known.
    """
    if text.isascii():
        return 0
    characters = frozenset(text if distinct is None else map(chr, distinct))
    total = sum(len(sign) * text.count(sign) for sign in _MISREAD_TWICE if sign[0] in characters)
    total += _misread_utf8(text, characters)
    if _THAI[0][0] in characters:
        total += _misread_thai(text)
    first_bytes = (codes >= _FIRST_LEAD) & (codes <= _LAST_LEAD)
    at = 0
    for place in first_bytes.nonzero()[0].tolist():
        if place >= at and text[place + 1 : place + 2] in _CONTINUATION_SET:
            match = _MOJIBAKE.match(text, place)
            if (
                match
                and _is_utf8(_bytes_of(match[0]))
                and (_is_space(text, place) or not _is_quoted(text, place, match.end()))
            ):
                total += len(match[0])
                at = match.end()
    if not total and (
        ((codes >= _HAN[0]) & (codes <= _HAN[1])).any() or not HALF_WIDTH.isdisjoint(characters)
    ):
        total = _misread_as_chinese(text) or misread_east_asian(text, codes, characters)
    return total or max(
        misread_in_code_page(text, codes, characters), misread_latin(text, characters)
    )


def _misread_thai(text: str) -> int:
    """Return the number of code points of Thai in UTF-8 that was read in the page of Thai."""
    misread = 3 * sum(map(text.count, _THAI))
    return misread if misread > _MIN_THAI * len(text) else 0


def _misread_utf8(text: str, characters: frozenset[str]) -> int:
    """Return the number of code points in UTF-8 that was read in other pages than Windows-1252."""
    total = 0
    for encoding, unusual, is_drawn, runs in _PAGES:
        if not unusual.isdisjoint(characters):
            found = (run[0] for run in runs.finditer(text))
            misread = (
                len(run)
                for run in found
                if not (is_drawn and unusual.isdisjoint(run)) and _is_utf8(_in_page(run, encoding))
            )
            total = max(total, sum(misread))
    for leads, pattern in _PAIRS:
        if not leads.isdisjoint(characters):
            pairs = list(pattern.finditer(text))
            clear = sum(
                _AMBIGUOUS.match(each[0]) is None and _is_in_word(text, each) for each in pairs
            )
            if clear and (clear >= _MIN_PAIRS or _is_inside(text, pairs)):
                total = max(total, sum(len(each[0]) for each in pairs))
    return total


def _is_in_word(text: str, match: re.Match[str]) -> bool:
    """Tell whether a letter is beside a match."""
    start, end = match.span()
    return text[max(0, start - 1) : start].isalpha() or text[end : end + 1].isalpha()


def _is_inside(text: str, matches: list[re.Match[str]]) -> bool:
    """Tell whether a match is behind a small letter, as no capital and no sign of a language is."""
    return any(text[max(0, each.start() - 1) : each.start()].islower() for each in matches)


def _misread_as_chinese(text: str) -> int:
    """Return the number of Chinese characters that are UTF-8 read as GBK."""
    runs = [found[0] for found in _HAN_RUN.finditer(text)][:_MAX_RUNS]
    misread = [run for run in runs if _is_utf8_prefix(run.encode("gbk", "ignore"))]
    return sum(map(len, misread))


def _is_utf8_prefix(sequence: bytes) -> bool:
    """Tell whether bytes are UTF-8 that may end within a character."""
    try:
        sequence.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.end == len(sequence) and error.start > 2 * len(sequence) // 3
    return bool(sequence)


def _in_page(sequence: str, encoding: str) -> bytes:
    return b"".join(
        each.encode(encoding, "ignore") or each.encode("latin-1", "ignore") for each in sequence
    )


def _is_space(text: str, start: int) -> bool:
    """Tell whether a sequence is a no-break space behind neither a letter nor a quotation mark."""
    before = text[start - 1 : start] if start else ""
    return text[start : start + 2] == "Â\u00a0" and not (before.isalpha() or before in QUOTES)


def _is_quoted(text: str, start: int, end: int) -> bool:
    """Tell whether a sequence is a real letter with punctuation behind it."""
    following, before = text[end : end + 1], text[start - 1 : start] if start else ""
    if text[start + 1 : end] in _SIGNS:
        return before.isupper() and not following.isalpha()
    if not QUOTES.issuperset(text[start + 1 : end]) or text[start:end] == _BYTE_ORDER_MARK:
        return False
    if text[start] == "ß":
        return True
    # Misread words continue behind it, or have a capital letter behind small ones.
    if text[start].isupper() and before.islower():
        return False
    if text[start].isupper() and before in _PLAIN_SPACES:
        return not (following.isalpha() or text[start] in "ÂÃ")
    return not following.islower() or text[end - 1] in _APOSTROPHES


def _is_utf8(sequence: bytes) -> bool:
    try:
        sequence.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _bytes_of(sequence: str) -> bytes:
    return b"".join(
        character.encode("latin-1" if ord(character) < 0x100 else "cp1252")  # noqa: PLR2004
        for character in sequence
    )
