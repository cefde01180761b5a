"""Labelled lines, such as `Source: ...`, and Markdown headings."""

# ruff: noqa: RUF001 (full-width punctuation is part of such lines)

import re
from collections.abc import Iterator
from typing import Final

from fanmill.core.taggers.document_metadata.quoted import unquoted
from fanmill.core.taggers.document_metadata.statement import MAX_TITLE_LENGTH, Field, Statement
from fanmill.core.text.labels import alternatives

_SOURCE_LABEL: Final = re.compile(
    rf"[\s(（\[【]*(?:{alternatives('source')})\s*[:：]\s*"
    r"(?P<value>[^\s:：|)）\]】][^|)）\]】\n]{0,79})",
    re.IGNORECASE,
)
_AUTHOR_LABEL: Final = re.compile(
    rf"[\s(（\[【]*(?:{alternatives('author')})\s*[:：]\s*"
    r"(?P<value>[^\s:：|)）\]】][^|)）\]】\n]{0,79})",
    re.IGNORECASE,
)
_TITLE_LABEL: Final = re.compile(
    rf"\s*(?:{alternatives('title')})\s*[:：]\s*(?P<value>\S[^\n]{{1,199}})", re.IGNORECASE
)
_REPORTED_BY: Final = re.compile(
    r"\s*(?:written|reported|reporting)\sby\s(?P<value>\w[^\n|;:]{2,79})", re.IGNORECASE
)
_MARKDOWN_TITLE: Final = re.compile(r"\s{0,3}#\s+(?P<value>\S[^\n]{1,199}?)\s*#*$")
_LABELS: Final[tuple[tuple[re.Pattern[str], Field], ...]] = (
    (_SOURCE_LABEL, "source"),
    (_AUTHOR_LABEL, "author"),
    (_TITLE_LABEL, "title"),
    (_REPORTED_BY, "author"),
)
_COLON: Final = re.compile("[:：]")
_INNER: Final = re.compile(
    r"[|　\t]| {2}|[)）】\d日]\s?(?=来源|來源|作者|稿源|责任编辑|记者|Source|Author|By)"
)
_UNTIL: Final = re.compile(
    r"\s{2,}|　|\s(?=(?:作者|来源|來源|编辑|責編|责编|责任编辑|日期|时间|发布时间)[:：])"
    r"|\s(?=\d{4}[-/年.])|\s?(?=\d{4}-\d{2}-\d{2})"
)
"""End of a value: the next label or a date on the same line."""


def may_have_label(line: str) -> bool:
    """Tell whether a line has the signs of a label; most lines have none."""
    return ":" in line or "：" in line or "ing by " in line


def is_labelled(line: str) -> bool:
    """Tell whether a line begins with a label of a source, author or title, or is a heading."""
    patterns = (_SOURCE_LABEL, _AUTHOR_LABEL, _TITLE_LABEL, _MARKDOWN_TITLE)
    return any(pattern.match(line) for pattern in patterns)


def labelled_statements(start: int, line: str, less: float) -> Iterator[Statement]:
    """Yield the labelled values of a line.

    Args:
        start: Place of the line in the text.
        line: The line.
        less: Reduction of the scores, for lines at the end of the text.
    """
    has_colon = _COLON.search(line, 0, MAX_TITLE_LENGTH) is not None
    has_inner = has_colon and _INNER.search(line, 0, MAX_TITLE_LENGTH) is not None
    for pattern, field in _LABELS if has_colon else _LABELS[-1:]:
        found = pattern.match(line)
        if not found and has_inner and field != "title" and pattern is not _REPORTED_BY:
            found = pattern.search(line, 0, MAX_TITLE_LENGTH)
        if found:
            value = found["value"].rstrip()
            if field != "title":
                value = _UNTIL.split(value, maxsplit=1)[0].rstrip(" ,.;。，；)）")
            if value:
                begin = found.start("value")
                begin, end = unquoted(line, begin, begin + len(value))
                span = (start + begin, start + end)
                yield Statement(field, line[begin:end], 0.9 - less, span, "label")
    markdown = None if less or "#" not in line[:4] else _MARKDOWN_TITLE.match(line)
    if markdown:
        at = start + markdown.start("value")
        yield Statement(
            "title", markdown["value"], 0.9, (at, at + len(markdown["value"])), "markdown heading"
        )
