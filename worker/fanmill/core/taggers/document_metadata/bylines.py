"""Bylines, such as `By Jane Doe`, and Chinese reporters, such as `记者李四`."""

# ruff: noqa: RUF001 (full-width punctuation is part of such lines)

import re
from collections.abc import Iterator
from typing import Final

from fanmill.core.taggers.document_metadata.statement import (
    MAX_NAME_LENGTH,
    MAX_TITLE_LENGTH,
    Statement,
)

_BYLINE: Final = re.compile(
    # Markdown may set a byline in italics or bold.
    r"[\s*_]*(?:(?:posted |written |reported |submitted )?by|von|par|por|di|door|от|af|av|przez"
    r"|oleh|piše|пише|napsala?|napísala?|írta|γράφει(?: [οη])?)[*_]*\s+[*_]*"
    r"(?P<value>[^\W\d_][^\n]{2,120})$",
    re.IGNORECASE,
)
_NAMES: Final = re.compile(
    r"[^\W\d_][\w.'’\-]*(?:\s(?:(?:van|von|de|der|den|da|di|del|la|le|bin|al|el|dos|y|ten|zu)\s)*"
    r"[^\W\d_][\w.'’\-]*){1,4}"
)
_ROLES: Final = re.compile(
    r"[,|;·/(].{0,80}$|\s[–—-]\s.{0,80}$|\s+(?:(?:avec|with|mit|con|com)\s.{1,60}|"
    r"staff writer|staff|correspondent|reporter|in\s[A-Z]\w+|for\s.{1,60}|"
    r"und agenturen|on\s.{1,60}|\d.{0,40})$",
    re.IGNORECASE,
)
_WORD: Final = r"[^\W\d_][^\s\d,.;:،。]{1,24}"
_CASELESS_BYLINE: Final = re.compile(
    rf"\s*(?:โดย|מאת|بقلم|إعداد|به قلم)\s+(?P<value>{_WORD}(?:\s{_WORD}){{1,3}})\s*$"
)
"""A byline in a script without capitals, which is a name and nothing else."""
_CAPITALISED: Final = r"[Α-ΩΆΈΉΊΌΎΏ][^\W\d_]{1,24}"
_GREEK_BYLINE: Final = re.compile(
    rf"\s*(?:Του|Της|ΤΟΥ|ΤΗΣ)\s+(?P<value>{_CAPITALISED}(?:[\s-]{_CAPITALISED}){{1,2}})\s*$"
)
"""A byline in the genitive, which is a name and nothing else."""
_JAPANESE: Final = "[\u3041-\u30fa\u30fc-\u30ff\u3400-\u9fff々]"
_JAPANESE_BYLINE: Final = re.compile(
    r"\s*[（(【]?(?:取材・文|撮影・文|文・写真|文|執筆|聞き手)[・／/＝=]\s?"
    rf"(?P<value>{_JAPANESE}{{2,5}}(?:[\s　]{_JAPANESE}{{1,5}})?)[）)】]?\s*$"
)
_OF_NAME_ALONE: Final = (_CASELESS_BYLINE, _JAPANESE_BYLINE, _GREEK_BYLINE)
_PATTERNS: Final = (_BYLINE, *_OF_NAME_ALONE)
_CHINESE_REPORTER: Final = re.compile(
    r"[（(【]?(?:本报|本報|新华社|新華社|人民网|中新社|中新网|央视|澎湃新闻)?(?:见习|特派|驻\w{1,6})?"
    r"(?:记者|記者|通讯员|通訊員)[\s:：]*(?P<value>[\u4e00-\u9fff·]{2,4}(?:[\s、，,和]{1,2}[\u4e00-\u9fff·]{2,4}){0,4})"
    r"\s*(?=[)）】\s，。:：]|报道|報道|摄|文|$)"
)
_REPORTER_SIGN: Final = re.compile("[记記通][者讯訊]")
_KOREAN_REPORTER: Final = re.compile(
    r"^[\s\[(]*(?:[^\s=|]{2,12}\s?[=|]\s?)?(?P<value>[\uac00-\ud7a3]{2,4})"
    r"\s?(?:기자|특파원|논설위원)(?![\uac00-\ud7a3])"
)
"""A name before the Korean word for a reporter, at the start of a line."""


def is_byline(line: str) -> bool:
    """Tell whether a line begins like a byline."""
    return any(pattern.match(line) for pattern in _PATTERNS)


def byline_statements(start: int, line: str) -> Iterator[Statement]:
    """Yield the names of a byline as authors."""
    found = _BYLINE.match(line)
    if not found:
        named = next(filter(None, (pattern.match(line) for pattern in _OF_NAME_ALONE)), None)
        if named:
            span = start + named.start("value"), start + named.end("value")
            yield Statement("author", named["value"], 0.85, span, "byline")
        return
    value = _ROLES.sub("", found["value"]).rstrip(" .,*_")
    at = start + found.start("value")
    for part in re.finditer(r"(?:(?!\s(?:and|und|et|y|e|en|и|og|och|i)\s|,|&).)+", value):
        name = part[0].strip()
        name = re.sub(r"^(?:and|und|et|y|e|en|и|og|och|i)\s", "", name)
        if (
            _NAMES.fullmatch(name)
            and len(name) <= MAX_NAME_LENGTH
            and name[0].isupper()
            and name.split()[-1][0].isupper()
        ):
            begin = at + value.index(name)
            yield Statement("author", name, 0.85, (begin, begin + len(name)), "byline")


def reporter_statements(start: int, line: str) -> Iterator[Statement]:
    """Yield the names behind `记者`, or before `기자`, as authors."""
    korean = _KOREAN_REPORTER.match(line)
    if korean:
        span = start + korean.start("value"), start + korean.end("value")
        yield Statement("author", korean["value"], 0.85, span, "byline")
    if not _REPORTER_SIGN.search(line, 0, MAX_TITLE_LENGTH):
        return
    for found in _CHINESE_REPORTER.finditer(line[:MAX_TITLE_LENGTH]):
        for name in re.split(r"[\s、，,和]+", found["value"]):
            at = start + found.start("value") + found["value"].index(name)
            if name:
                yield Statement("author", name, 0.85, (at, at + len(name)), "記者")
