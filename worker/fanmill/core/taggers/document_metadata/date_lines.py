"""Dates of the document in the first lines of its text."""

# ruff: noqa: RUF001 (full-width punctuation is part of such lines)

import re
from collections.abc import Iterator
from typing import Final

from fanmill.core.taggers.dates import dates
from fanmill.core.taggers.document_metadata.statement import MAX_TITLE_LENGTH, Statement
from fanmill.core.text.labels import alternatives

_MAX_LINE_LENGTH: Final = 400
_MAX_WEEKDAY_LENGTH: Final = 12
"""Maximum number of code points between a label and its date, such as a weekday."""
_MAX_BESIDE_DATE: Final = 30
"""Maximum number of other code points in a line that only has a date."""
_NEAR_LABEL: Final = 40
_MIN_TITLE_LENGTH: Final = 4
_TIME: Final = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?\s*")
_DATE_LABELS: Final = alternatives("date", "weak_date")
_DATE_LABEL: Final = re.compile(
    rf"\s*(?:{_DATE_LABELS})(?![^\W\d_])\s*[:：]?\s*(?=\S)", re.IGNORECASE
)
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
    first = True
    for each in dates(head, language):
        value, begin, end = each.value, each.start, each.end
        span = (at + begin, at + end)
        if label and first and begin <= _MAX_WEEKDAY_LENGTH:
            yield Statement("date", value, 0.95, span, "label")
            if index == 0:
                yield from _crawl_title(at, line, head, end)
        elif first:
            alone = len(line.strip()) - (end - begin) <= _MAX_BESIDE_DATE
            if (alone or not each.is_short) and _is_of_document(
                head[:begin].rstrip(), head[end:].strip(), alone=alone
            ):
                score = 0.75 if alone else 0.6 - 0.02 * index
                yield Statement("date", value, score, span, "date near the top")
        first = False


def _crawl_title(at: int, line: str, head: str, end: int) -> Iterator[Statement]:
    """Yield the title behind the date of a crawl header, such as `date 2022-08-05 TITLE`."""
    rest = head[end:].strip(" \t-–—|:：T")
    time = _TIME.match(rest)
    rest = rest[time.end() :] if time else rest
    is_title = _MIN_TITLE_LENGTH <= len(rest) <= MAX_TITLE_LENGTH and len(line) < _MAX_LINE_LENGTH
    if is_title and head.rstrip().endswith(rest):
        offset = at + head.rindex(rest)
        yield Statement("title", rest, 0.85, (offset, offset + len(rest)), "crawl header")


def _is_of_document(before: str, behind: str, *, alone: bool) -> bool:
    """Tell whether a date near the top is the document's date, not a date in its prose.

    A date inside a sentence, such as `was born June 23, 1948`, is not the document's date.
    """
    if alone and before.casefold() in _ARTICLE and not behind:
        return True
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
