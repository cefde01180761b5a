"""Lines of a text before their layout: quoted mail, page breaks and broken words."""

import re
from collections.abc import Container, Sequence
from typing import Final

from fanmill.core.text.broken_words import broken_words
from fanmill.core.text.pages import FORM_FEED, page_gaps
from fanmill.core.text.tags import without_tags

Span = tuple[int, int]
"""Start and end in code points of the text; the end is behind the last one."""

BREAKS: Final = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"  # those of str.splitlines
_BYTE_ORDER_MARK: Final = "\ufeff"
"""Byte order mark at the start of files; it is a space in the prose."""
_QUOTE: Final = re.compile(r"[ \t]{0,3}(?:>[ \t]?)+(?=[^>\s]|\s*$)")
"""Marks of quoted mail at the start of a line."""
_BAR: Final = re.compile(r"[ \t]{0,3}(?:\|[ \t]?)+(?=[^|\s]|\s*$)")
"""The same with bars, which some mail programs write."""
_MIN_BARRED: Final = 2
"""Minimum number of lines in a row with such a bar and no other one; a table has more of them."""


class SourceLines:
    """Lines of a text before they are laid out.

    Attributes:
        lines: Lines with their breaks; lines of a page break are part of the line before.
        count: Number of lines of the text.
        broken: Spans of hyphens and breaks inside words.
        tags: Spans of the tags of HTML.
        gaps: Spans of page furniture.
        depths: Number of marks of quoted mail on each line; empty for a text without any.
        quoted: Spans of lines of quoted mail.
        dropped: Spans that no reader would read.
    """

    def __init__(self, text: str, joining: frozenset[str]) -> None:
        self._joining = joining
        self.broken = broken_words(text)
        self.count = len(text.splitlines())
        text, self.tags = without_tags(text)
        self.gaps: list[Span] = []
        self.quoted: list[Span] = []
        self.dropped: list[Span] = [*self.broken, *self.tags]
        if text.startswith(_BYTE_ORDER_MARK):
            text = " " + text[1:]
        self.lines = text.splitlines(keepends=True)
        self.depths: list[int] = []
        if FORM_FEED in text:
            self._pages()
        if ">" in text:
            self._quotes(_QUOTE, range(len(self.lines)))
        if "|" in text and not self.depths and (barred := _barred(self.lines)):
            self._quotes(_BAR, barred)
        self.dropped.sort()

    def _quotes(self, pattern: re.Pattern[str], numbers: Container[int]) -> None:
        """Replace the marks of quoted mail by spaces, and note the depth of each line.

        Args:
            pattern: Marks at the start of a line.
            numbers: Numbers of the lines that may be quoted.
        """
        at = 0
        for number, line in enumerate(self.lines):
            mark = pattern.match(line) if number in numbers else None
            if mark is None:
                self.depths.append(0)
            else:
                self.depths.append(len(mark[0].split(mark[0].strip()[0])) - 1)
                self.lines[number] = " " * mark.end() + line[mark.end() :]
                self.dropped.append((at, at + mark.end()))
                self.quoted.append((at, at + len(line.rstrip(BREAKS))))
            at += len(line)

    def _pages(self) -> None:
        """Join the lines of each page break with the line before."""
        gaps = page_gaps(self.lines, self._joining)
        joined: list[str] = []
        at = 0
        for number, line in enumerate(self.lines):
            if number not in gaps:
                joined.append(line)
            elif joined and not joined[-1].isspace():
                joined[-1] = joined[-1].rstrip(BREAKS).ljust(len(joined[-1]) + len(line) - 1) + "\n"
            else:
                joined.append(" " * len(line))
            if number in gaps:
                said = len(line.rstrip(BREAKS))
                if line.strip():
                    self.gaps.append((at, at + said))
                self.dropped.append((at, at + len(line)))
            at += len(line)
        self.lines = joined


def _barred(lines: Sequence[str]) -> frozenset[int]:
    """Return the numbers of the lines that are quoted by bars."""
    found: set[int] = set()
    run: list[int] = []
    for number, line in enumerate(lines):
        mark = _BAR.match(line)
        if mark is not None and "|" not in line[mark.end() :]:
            run.append(number)
            continue
        if len(run) >= _MIN_BARRED:
            found.update(run)
        run = []
    if len(run) >= _MIN_BARRED:
        found.update(run)
    return frozenset(found)
