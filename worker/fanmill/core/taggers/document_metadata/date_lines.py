"""Dates of the document in the first lines of its text."""

# ruff: noqa: RUF001 (full-width punctuation is part of such lines)

import re
from collections.abc import Iterator
from typing import Final

from fanmill.core.taggers.dates import FoundDate, dates
from fanmill.core.taggers.document_metadata.statement import MAX_TITLE_LENGTH, Statement
from fanmill.core.taggers.months import weekdays
from fanmill.core.text.labels import alternatives

_MAX_LINE_LENGTH: Final = 400
_MAX_WEEKDAY_LENGTH: Final = 12
"""Maximum number of code points between a label and its date, such as a weekday."""
_MAX_BESIDE_DATE: Final = 30
"""Maximum number of other code points in a line that only has a date."""
_NEAR_LABEL: Final = 40
_MIN_TITLE_LENGTH: Final = 4
_TIME: Final = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?\s*")
_DATE_LABELS: Final = alternatives("date", "weak_date", "updated")
_DATE_LABEL: Final = re.compile(
    rf"\s*(?:{_DATE_LABELS})(?![^\W\d_])\s*[:：]?\s*(?=\S)", re.IGNORECASE
)
_UPDATED_LABEL: Final = re.compile(rf"\W*(?:{alternatives('updated')})(?![^\W\d_])", re.IGNORECASE)
_PUBLISHED_BEFORE: Final = re.compile(
    rf"(?<![^\W\d_])(?:{alternatives('date')})\W*(?:[^\W\d_]{{1,12}}\W*)?$", re.IGNORECASE
)
_UPDATED_BEFORE: Final = re.compile(
    rf"(?<![^\W\d_])(?:{alternatives('updated')})\W*(?:[^\W\d_]{{1,4}}\W*)?$", re.IGNORECASE
)
_TIME_BEFORE: Final = re.compile(r"(?:[^\W\d_]{1,4}\.?\s+){0,2}\d{1,2}[:.h]\d{2}\D{0,12}$")
"""The time of day between a label and its date."""
_OTHER_LABEL: Final = re.compile(r"[^\W\d_][^\d:：,]{1,30}[:：]$")
"""The label of another date, such as the one by which to pay."""
_ENDS_BEFORE_DATE: Final = frozenset(",;|-–—•·(:/@>]»】）)")
_DATE_INTRODUCED: Final = re.compile(
    rf"(?:{_DATE_LABELS}|created)(?:\s\w{{1,3}})?[:：]?$"
    r"|,\s(?:le|den|a|el|il|em|am|dne|dňa|dnia|dana|ngày)$|^\s*(?:\w+\s){1,3}(?:dne|dňa|dnia|den|dana)$",
    re.IGNORECASE,
)
"""Words in lower case that may precede a date: `Posted on`, `Paris, le`."""
_ARTICLE: Final = frozenset(
    {"le", "den", "el", "il", "lì", "em", "a", "on", "the", "am", "vom", "dne", "dnia", "dana"}
    | {"od", "на", "от"}
)
"""Words in lower case in front of a date that is alone in its line."""
_PLACE: Final = re.compile(r"\S+(?:\s\S+)?,\Z")
"""A place of one or two words in front of a date whose year has a full stop, as in Croatian."""
_WEEKDAY: Final = re.compile(r"[,，]?\s?[^\W\d_]{2,14}\.?$")
_GOES_ON: Final = re.compile(r"[,，]\s?[^\W\d_]|[)）]\s?\w|\.\s[A-ZÀ-Þ(]")
_BEHIND_DATELINE: Final = re.compile(
    r"[-–—|(（\[•·/:：]|(?:,\s[A-ZÀ-Þ][\w -]{1,30})?\.?\s[-–—]\s|T?\d|[电電讯訊]|"
    r"(?:at|um|à|alle|a las|às|в|IST|GMT|UTC|[AP]M)\b"
)


def has_date_label(line: str) -> bool:
    """Tell whether a line begins with the label of a date, and has a figure near it."""
    label = _DATE_LABEL.match(line)
    return label is not None and any(map(str.isdecimal, line[label.end() :][:_NEAR_LABEL]))


def dated_statements(start: int, line: str, language: str, index: int) -> Iterator[Statement]:
    """Yield the date of a line, and the title behind it in the first line of a crawl.

    Args:
        start: Place of the line in the text.
        line: The line.
        language: BCP 47 tag; it decides the order of day and month.
        index: Number of the line, from 0.
    """
    label = _DATE_LABEL.match(line)
    head = line[label.end() :] if label else line[:MAX_TITLE_LENGTH]
    at = start + (label.end() if label else 0)
    found = list(dates(head, language))
    if label and found and _is_near(head[: found[0].start]):
        each = _published(head, found) if _UPDATED_LABEL.match(line) else found[0]
        score = 0.95 if each is not None else 0.8
        each = each or found[0]
        yield Statement("date", each.value, score, (at + each.start, at + each.end), "label")
        if index == 0:
            yield from _crawl_title(at, line, head, found[0].end)
    elif found:
        each = found[0]
        before, behind = head[: each.start].rstrip(), head[each.end :].strip()
        alone = len(line.strip()) - (each.end - each.start) <= _MAX_BESIDE_DATE
        if (_is_whole(before, behind, alone=alone) if each.is_short else True) and _is_of_document(
            before, behind, alone=alone
        ):
            score = 0.75 if alone else 0.6 - 0.02 * index
            if _OTHER_LABEL.match(before):
                score = 0.4
            span = (at + each.start, at + each.end)
            yield Statement("date", each.value, score, span, "date near the top")


def _is_near(before: str) -> bool:
    """Tell whether only a weekday or a time of day is between a label and its date."""
    return len(before) <= _MAX_WEEKDAY_LENGTH or (
        len(before) <= _NEAR_LABEL and _TIME_BEFORE.match(before) is not None
    )


def _published(head: str, found: list[FoundDate]) -> FoundDate | None:
    """Return the date behind the date of a change, unless it is another such date."""
    for each in found[1:]:
        label = _PUBLISHED_BEFORE.search(head[: each.start])
        if label and not _UPDATED_BEFORE.search(head[: each.start]):
            return each
    return None


def _is_whole(before: str, behind: str, *, alone: bool) -> bool:
    """Tell whether a date with a short year makes up its line, apart from a place or a time."""
    if not alone or behind[:1].islower() or behind[:1] == "/" or _OTHER_LABEL.match(before):
        return False
    return not before or before.casefold() in _ARTICLE or before[-1] in _ENDS_BEFORE_DATE


def _crawl_title(at: int, line: str, head: str, end: int) -> Iterator[Statement]:
    """Yield the title behind the date of a crawl header, such as `date 2022-08-05 TITLE`."""
    rest = head[end:].strip(" \t-–—|:：T")
    time = _TIME.match(rest)
    rest = rest[time.end() :] if time else rest
    is_title = (
        _MIN_TITLE_LENGTH <= len(rest) <= MAX_TITLE_LENGTH
        and len(line) < _MAX_LINE_LENGTH
        and not has_date_label(rest)
    )
    if is_title and head.rstrip().endswith(rest):
        offset = at + head.rindex(rest)
        yield Statement("title", rest, 0.85, (offset, offset + len(rest)), "crawl header")


def _is_of_document(before: str, behind: str, *, alone: bool) -> bool:
    """Tell whether a date near the top is the document's date, not a date in its prose.

    A date inside a sentence, such as `was born June 23, 1948`, is not the document's date.
    """
    if alone and before.casefold() in _ARTICLE and not behind:
        return True
    if alone and before.casefold().strip(" .,|") in weekdays():
        before = ""
    is_dateline = _BEHIND_DATELINE.match(behind) is not None or (
        alone and not before and _WEEKDAY.match(behind) is not None
    )
    if not is_dateline and _GOES_ON.match(behind):
        return False
    if before and not _DATE_INTRODUCED.search(before):
        last = before.rsplit(None, 1)[-1]
        if before[-1] not in _ENDS_BEFORE_DATE and (last[-1].islower() and last[0].islower()):
            return False
        if behind == "." and last[0].isalpha() and not (alone and _PLACE.match(before)):
            return False
    return alone or not behind or is_dateline
