"""Items of lists, turns and log lines, and lines of prose that only begin like items.

A wrapped line may begin with a dash, a number or an initial, such as `3. Oktober` and `J. Hill`.
An item has others of its kind in its paragraph, or follows the end of a sentence.
"""

# ruff: noqa: RUF001 (marks that look like ASCII ones are what is looked for)

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Final

BULLET_SIGNS: Final = "-*•·–▪‣◦●○■□✓➤>#|"
"""Signs that begin items of lists, for a set of a pattern."""
BULLET: Final = re.compile(
    rf"\s*(?:(?:[{BULLET_SIGNS}—]|\(?(?:\d{{1,3}}|[a-z]|[ivx]{{2,5}})[.)])\s"
    r"|[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,3})[、．.)）](?=[\u3040-\u30ff\u3400-\u9fff]))",
    re.IGNORECASE,
)
_LONE: Final = re.compile(r"\s*(?:([-–—])|(\d{1,3})[.)]|([^\W\d_])([.)]))\s+(\S?)")
_STAMP: Final = re.compile(
    r"\s*[\[(<]?(?:\d{4}-\d\d-\d\d[T ,]{1,2}\d\d:\d\d"
    r"|\d{1,2}[./]\d{1,2}[./]\d{2,4},? \d{1,2}:\d\d"
    r"|\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?(?:\s?[AaPp]\.?[Mm]\.?)?[\])>]"
    r"|\d{1,2}:\d\d:\d\d\s|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d\s)"
)
"""The time in front of a line of a log, a chat or a transcript."""
_TURN: Final = re.compile(
    r"\s*(?:\d{1,2}:\d\d(?:\s?[AaPp]\.?[Mm]\.?)?\s[-–]?\s?)?"
    r"[^\W\d_][\w.'’\-]{0,24}(?: [\w.'’\-]{1,24}){0,2}\s?[:：]\s*\S"
)
"""The name of a speaker in front of a turn."""
_ENDS: Final = (".", "!", "?", ":", "…", ";")
_SAID: Final = (*_ENDS, *'"”’»)]。！？।؟۔')
_MIN_TURNS: Final = 2
_MIN_WRAPPED: Final = 0.5
"""Minimum length of a wrapped line as a share of the paragraph's width."""


class Items:
    """The items of a paragraph.

    Args:
        lines: Lines of the paragraph without their breaks.
        width: Length of the longest one.
    """

    def __init__(self, lines: Sequence[str], width: int) -> None:
        self._lines = lines
        self.width = width

    @cached_property
    def _kinds(self) -> Counter[str]:
        return Counter(_kind(line) for line in self._lines)

    @cached_property
    def _turns(self) -> int:
        named = (line for line in self._lines if ":" in line or "：" in line)
        return sum(_TURN.match(line) is not None for line in named)

    def begins(self, line: str, before: str) -> bool:
        """Tell whether a line begins an item, given the line before it."""
        if not BULLET.match(line):
            # Most lines have no colon.
            return (":" in line or (not line.isascii() and "：" in line)) and (
                _STAMP.match(line) is not None or self._is_turn(line, before)
            )
        lone = _LONE.match(line)
        if lone is None:
            return True
        letter = lone[3]
        if letter is not None and self._has_neighbour(letter):
            return True
        if letter is not None and letter.isupper() and lone[4] == "." and lone[5].isupper():
            return False  # an initial
        said = before.rstrip()
        if said.endswith(_ENDS) or len(said) < self.width * _MIN_WRAPPED:
            return True
        return letter is None and self._kinds[_kind(line)] > 1

    def _is_turn(self, line: str, before: str) -> bool:
        """Tell whether a line begins with a speaker, as other lines of the paragraph do."""
        if _TURN.match(line) is None or self._turns < _MIN_TURNS:
            return False
        return before.rstrip().endswith(_SAID) or self._turns == len(self._lines)

    def _has_neighbour(self, letter: str) -> bool:
        """Tell whether another line begins with the letter before or behind a letter."""
        steps = (ord(letter) + step for step in (-1, 1))
        return any(self._kinds[chr(code)] for code in steps)


def _kind(line: str) -> str:
    lone = _LONE.match(line)
    if lone is None:
        return ""
    return lone[3] or lone[1] or "0"
