"""Markup at the beginnings of lines: the names of a chat and the heads of log lines."""

# ruff: noqa: RUF001 (an en dash may follow the time of a chat)

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from fanmill.core.text.source_lines import Span

_CHAT: Final = re.compile(
    r"^[ \t]*(?:\[?\(?(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4},?[ T])?"
    r"\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AP]M)?\)?\]?"
    r"[ \t]*[-–]?[ \t]*<?[\w.\-@+]{2,24}(?:[ \t][\w.\-]{1,24})?>?[ \t]*[:>]|<[\w.\-@+]{2,24}>)",
    re.MULTILINE | re.IGNORECASE,
)
_SPEAKER: Final = re.compile(
    r"^[ \t]*(?P<name>[\w.\-@]{2,24})(?:[ \t]\(\d{1,2}:\d{2}(?::\d{2})?\))?:(?=[ \t])", re.MULTILINE
)
_MIN_TURNS: Final = 2
_LOG_LEVELS: Final = ("INFO", "WARN", "ERROR", "DEBUG")
_ISO_DATE: Final = re.compile(r"-\d\d-\d\d[T ]")
_LOG_HEAD: Final = re.compile(
    r"^\W{0,3}\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*[ \t]+(?:\[[^\]\n]{1,60}\][ \t]+)?"
    r"\[?(?:INFO|WARN(?:ING)?|ERROR|DEBUG|TRACE|FATAL|NOTICE|CRITICAL)\b\]?"
    r"(?:[ \t]+\[[^\]\n]{1,60}\])?(?:[ \t]+[\w.$/\-]{1,80}[ \t]*(?:-(?=[ \t])|:))?",
    re.MULTILINE,
)
"""Time, level, thread and logger before the message of a program."""
_SYSLOG_HEAD: Final = re.compile(
    r"^[A-Z][a-z]{2}[ ]{1,2}\d{1,2}[ ]\d\d:\d\d:\d\d[ ][\w.\-]{1,60}[ ]"
    r"[\w./\-]{1,60}(?:\[\d{1,8}\])?:",
    re.MULTILINE,
)
"""Time, host and program before a message of syslog (RFC 3164)."""
_LONG_LINES: Final = 64
"""Mean length in code points from which lines are tried one by one."""


def line_markup(text: str) -> Iterator[Span]:
    """Yield the names of a chat and the heads of log lines, for a text with a colon.

    Names stand behind a time, in angle brackets, or repeated before a colon.
    """
    yield from (found.span() for found in _at_lines(_CHAT, text))
    speakers = list(_at_lines(_SPEAKER, text))
    turns = Counter(found["name"] for found in speakers)
    if len(turns) > 1:
        for found in speakers:
            if turns[found["name"]] >= _MIN_TURNS:
                yield found.span()
    if _ISO_DATE.search(text) and any(level in text for level in _LOG_LEVELS):
        yield from (found.span() for found in _at_lines(_LOG_HEAD, text))
    if "]" in text and "]:" in text:
        yield from (found.span() for found in _at_lines(_SYSLOG_HEAD, text))


def _at_lines(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern that matches only at the beginnings of lines."""
    if text.count("\n") * _LONG_LINES > len(text):
        yield from pattern.finditer(text)
        return
    # The pattern would be tried at each code point; few lines are found in less time.
    at = 0
    while True:
        found = pattern.match(text, at)
        if found:
            yield found
            at = found.end()
        at = text.find("\n", at) + 1
        if not at:
            return
