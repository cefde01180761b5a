"""The first line as title of the document."""

# ruff: noqa: RUF001 (full-width punctuation is part of such lines)

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from fanmill.core.taggers.dates import dates
from fanmill.core.taggers.document_metadata.bylines import is_byline
from fanmill.core.taggers.document_metadata.date_lines import has_date_label
from fanmill.core.taggers.document_metadata.labelled import is_labelled
from fanmill.core.taggers.document_metadata.statement import MAX_TITLE_LENGTH, Statement
from fanmill.core.taggers.months import weekdays
from fanmill.core.text.labels import alternatives
from fanmill.core.text.notices import is_notice
from fanmill.core.text.page_labels import label_of, labels

_SEPARATORS: Final = re.compile(r"\s*[|¦·•›»>/,]\s*|\s{2,}")
_HEADER_LABEL: Final = re.compile(
    rf"\s*(?:{alternatives('mail_from', 'mail_to')})\s?[:：]", re.IGNORECASE
)
_RELEASE: Final = re.compile(
    rf"\W*(?:{alternatives('press_release')})(?!\w)(?P<rest>.{{0,60}})$", re.IGNORECASE
)
"""A line such as `FOR IMMEDIATE RELEASE`, perhaps with a date or a number."""
_LETTERS: Final = re.compile(r"[^\W\d_]{3}")
_SENTENCE_END: Final = (".", "!", "?", "。", "！", "？", "।", ":", "：", ",", "，", ";", "؟")
_CLOCK: Final = re.compile(
    r"\b(?:\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?|\d{1,2}\s?時\s?\d{1,2}\s?分)"
    r"(?:\s?(?:[ap]\.?m\.?|uhr|kl|h|น\.))?|\b(?:kl\.?|at|um|om|à|alle|saat|เวลา)\s(?=\d)"
    r"|\(?\b(?:GMT|UTC|WIB|WITA|WIT|CES?T|[ECMP][SD]T|IST|MSK|[JK]ST|BST)\b(?:\s?[+-]\d{1,2}(?::?\d{2})?)?\)?",
    re.IGNORECASE,
)
"""A time of day with its time zone."""
_NARROWEST: Final = 34
_WIDEST: Final = 110
_RAGGED: Final = 12
"""Minimum and maximum columns of wrapped prose, and maximum difference of its lines."""


def title_statements(head: list[tuple[int, str]], text: str) -> Iterator[Statement]:
    """Yield the first line as title if it looks like one: short, and no sentence or label.

    Labels and notices of a page in front of it are left out.
    """
    head = _without_furniture(head)
    if not head:
        return
    start, line = head[0]
    title = line.strip()
    follows = text[start + len(line) : start + len(line) + 3]
    if (
        len(head) > 1
        and 2 <= len(title) <= MAX_TITLE_LENGTH  # noqa: PLR2004
        and any(map(str.isalpha, title))
        and not ends_as_sentence(title)
        and not title.startswith(("-", "*", "|", "{", "<", "http"))
        and len(head[1][1]) + 40 > len(title)
        and not _is_wrapped(head, follows)
        and not has_date_label(line)
        and not is_labelled(line)
        and not _HEADER_LABEL.match(line)
        and not is_byline(line)
    ):
        if is_dateline(title):
            return
        at = start + line.index(title)
        score = 0.75 if follows.count("\n") > 1 else 0.6
        yield Statement("title", title, score, (at, at + len(title)), "first line")


def is_dateline(title: str) -> bool:
    """Tell whether a line has little beside a date: a weekday, a time of day, a few letters."""
    found = list(dates(title, ""))
    if any(each.end - each.start > len(title) // 2 for each in found):
        return True
    if not found:
        return False
    rest = title[: found[0].start] + " " + title[found[0].end :]
    words = " ".join(re.findall(r"[^\W\d_][^\d\s,.|()]*", _CLOCK.sub(" ", rest))).casefold()
    return not words or words in weekdays()


def _without_furniture(head: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return the lines behind the menu, buttons and notices that a page begins with."""
    for number, (_, line) in enumerate(head):
        if not (is_menu(line) or is_notice(line.strip()) or _announces_release(line)):
            return head[number:]
    return []


def _announces_release(line: str) -> bool:
    """Tell whether a line only says that a press release follows, and when it may appear."""
    found = _RELEASE.match(line)
    if not found:
        return False
    rest = found["rest"].strip()
    return not _LETTERS.search(rest) or is_dateline(rest)


def ends_as_sentence(line: str) -> bool:
    """Tell whether a line ends in a mark behind which a title does not end."""
    return line.endswith(_SENTENCE_END)


def is_menu(line: str) -> bool:
    """Tell whether a line is a label of a page, or several of them between separators."""
    known = labels("navigation")
    if label_of(line) in known:
        return True
    parts = [part for part in _SEPARATORS.split(line.strip()) if part]
    return len(parts) > 1 and sum(label_of(part) in known for part in parts) * 2 >= len(parts)


def _is_wrapped(head: list[tuple[int, str]], follows: str) -> bool:
    """Tell whether the first line is wrapped prose that continues in the next line."""
    if follows.count("\n") > 1:
        return False
    first, second, *others = (line for _, line in head[:3])
    if second.strip()[:1].islower() and len(first) >= _NARROWEST:
        return True
    widths = [len(line) for line in (first, second, *others)]
    alike = [
        min(pair) >= _NARROWEST and max(pair) - min(pair) <= _RAGGED for pair in pairwise(widths)
    ]
    return any(alike) and max(widths) <= _WIDEST and not first.strip().istitle()
