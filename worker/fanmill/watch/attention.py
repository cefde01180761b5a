"""The lines of attention in the terminal: in words first, in colours besides."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import Final

from textual.content import Content

from fanmill.core.text.escapes import escape_controls
from fanmill.screens.attention import Severity
from fanmill.screens.forms import moment
from fanmill.watch.look import WORDS, Look, said

_STYLES: Final[Mapping[Severity, str]] = {"bad": "bold $error", "warn": "bold $warning"}
_INDENT: Final = " " * 8
LINES: Final = 3
"""Lines of attention on every screen but the overview, which shows them all."""


def lines_of(seen: Look, width: int) -> Content:
    """Return the lines of a look, or that all is well, in lines of at most `width` characters."""
    lines = seen.overview.lines
    most = len(lines) if seen.course is not None else LINES
    shown = [_line(each.severity, said(each), width) for each in lines[:most]]
    if len(lines) > most:
        shown.append(Content(f"{_INDENT}{len(lines) - most:,} more on the overview (1)"))
    return Content("\n").join(shown or [Content.styled(seen.overview.well, "$success")])


def trouble(message: str, again: float, seen: Look | None, width: int) -> Content:
    """Return the line of a server that is away; what was read before stays below."""
    text = f"{message} Next try in {again:g} s. See: fanmill doctor."
    if seen is not None:
        text += f" The numbers below are those of {moment(seen.overview.now_ms)}."
    return _line("bad", text, width)


def _line(severity: Severity, text: str, width: int) -> Content:
    lines = wrap(escape_controls(text), width, initial_indent=_INDENT, subsequent_indent=_INDENT)
    rest = "\n".join(lines).removeprefix(_INDENT)
    return Content.assemble((WORDS[severity], _STYLES[severity]), f" {rest}")
