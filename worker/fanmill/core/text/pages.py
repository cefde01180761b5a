"""Page breaks in text from PDF files: form feeds, page numbers, running heads.

`pdftotext` ends each page with a form feed. A sentence may continue on the next page, behind a page
number and a running head.
"""

# ruff: noqa: RUF001 (marks that look like ASCII ones are what is looked for)

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from fanmill.core.text.continued_speech import is_small

FORM_FEED: Final = "\x0c"
_NEAR: Final = 3
"""Number of lines with text, on each side of a page break, that may be page furniture."""
_MAX_HEAD_LENGTH: Final = 120
_MIN_REPEATS: Final = 2
_PAGE_NUMBER: Final = re.compile(
    r"\W*(?:(?:p|pp|page|seite|página|pagina|страница|стр|strona|sida|side|s)\W{0,3})?"
    r"(?:\d{1,4}|[ivxlc]{1,7})(?:\s?(?:/|of|von|de|di|van|из|sur|z)\s?\d{1,4})?\W*$",
    re.IGNORECASE,
)
_NUMBERED_HEAD: Final = re.compile(
    r"\s*(?:\d{1,4}\s[^\W\d_].{0,100}[^\W_]\s*$|(?=[^\W\d_a-z]).{0,100}[^\W_.,;]\s\d{1,4}\s*$)"
)
"""A line with a page number at one end; a running head if the sentence goes on behind it."""
_DIGITS: Final = re.compile(r"\d+")
_NUMBER_BESIDE: Final = re.compile(r"^0(?:\t|\s{2,})|(?:\t|\s{2,})0$")
_JOINING_MARKS: Final = (",", ";", "-", "，", "、", "；", "،", "؛")
_UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_MIN_UNSPACED_LENGTH: Final = 10
"""Minimum number of code points in a line of Chinese, Japanese or Thai that is no heading."""
_ENDS: Final = re.compile(r"[.!?…:。！？।؟]['\"’”»)\]]{0,3}$")


def page_gaps(lines: Sequence[str], joining: frozenset[str]) -> set[int]:
    """Return the numbers of the lines that belong to page breaks.

    These lines are page numbers, running heads, and the blank lines between them if the text
    continues inside a sentence. A text without form feeds has none.

    Args:
        lines: Lines of the text as by `str.splitlines`, with their breaks.
        joining: Function words of the language: a line that ends in one continues.
    """
    breaks = [number for number, line in enumerate(lines) if FORM_FEED in line]
    if not breaks:
        return set()
    near = [_near(lines, place) for place in breaks]
    forms = (_form(lines[number]) for number in set().union(*near))
    heads = Counter(form for form in forms if len(form) <= _MAX_HEAD_LENGTH)
    found: set[int] = set()
    for place, numbers in zip(breaks, near, strict=True):
        furniture = {number for number in numbers if _is_furniture(lines[number], heads)}
        found |= furniture
        numbered = {number for number in numbers if _NUMBERED_HEAD.match(lines[number])}
        for gap in (_gap(lines, place, furniture | numbered), _gap(lines, place, furniture)):
            before, after = gap.start - 1, gap.stop
            if 0 <= before < after < len(lines) and _continues(
                lines[before], lines[after], joining
            ):
                found |= set(gap)
                break
    return found


def _near(lines: Sequence[str], place: int) -> list[int]:
    """Return the numbers of the first lines with text on each side of a page break."""
    found: list[int] = []
    for numbers in (range(place, -1, -1), range(place + 1, len(lines))):
        texts = 0
        for number in numbers:
            if texts == _NEAR:
                break
            if not lines[number].isspace():
                found.append(number)
                texts += 1
            elif FORM_FEED in lines[number] and number != place:
                break
    return found


def _form(line: str) -> str:
    """Return a line without its figures, and without the page number beside a running head."""
    return _NUMBER_BESIDE.sub("", _DIGITS.sub("0", line.strip()))


def _is_furniture(line: str, heads: Counter[str]) -> bool:
    said = line.strip()
    if _PAGE_NUMBER.match(said):
        return True
    return heads[_form(line)] >= _MIN_REPEATS and not said.endswith((".", "!", "?"))


def _gap(lines: Sequence[str], place: int, furniture: set[int]) -> range:
    """Return the run of blank lines and furniture around a page break."""
    start = place + (not lines[place].isspace() and place not in furniture)
    while start > 0 and (lines[start - 1].isspace() or start - 1 in furniture):
        start -= 1
    end = place + 1
    while end < len(lines) and (lines[end].isspace() or end in furniture):
        end += 1
    return range(start, end)


def _continues(before: str, after: str, joining: frozenset[str]) -> bool:
    """Tell whether a sentence of one page continues on the next."""
    last, first = before.rstrip(), after.lstrip()
    if not last or not first or _ENDS.search(last):
        return False
    if is_small(first[0]) or last.endswith(_JOINING_MARKS):
        return True
    if _UNSPACED.match(last[-1]) and _UNSPACED.match(first[0]):
        return len(last) >= _MIN_UNSPACED_LENGTH
    return last.split()[-1].casefold() in joining
