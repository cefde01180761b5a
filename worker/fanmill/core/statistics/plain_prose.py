"""Prose without addresses and markup, whose words no reader reads, for the readability formulas."""

import re
from collections.abc import Sequence
from typing import Final

from fanmill.core.text.markup import without_markup
from fanmill.core.text.signs import Signs
from fanmill.core.text.source_lines import Span

_SIGNS: Final = Signs("://", "www.", "@", "<", "`", "\\")
"""Signs without which a text has no addresses, and no markup except wiki markup."""
_WIKI_SIGNS: Final = Signs("{{", "{|", "[[", "](")
_MAX_NESTED: Final = 12
"""Maximum depth of templates inside templates."""
_TEMPLATE: Final = re.compile(r"\{\{[^{}]*\}\}")
_ROW: Final = re.compile(r"^[ \t]*(?:\{\||\|\}|\|[^\n]*=|\{\{|\}\}|!)[^\n]*", re.MULTILINE)
_LINK: Final = re.compile(r"\[\[(?:[^\[\]|]{1,200}\|)?|\]\([^()\s]{1,500}\)")


def plain_prose(text: str, markup: Sequence[Span] | None = None) -> str:
    """Return a text with spaces for addresses and markup, code point for code point.

    The result is the text itself if it has none. Templates, tables and targets of links of wikis
    and Markdown are markup, too.

    Args:
        text: Any text.
        markup: Spans of its tags, addresses and code, if they are known.
    """
    has_wiki_signs = _WIKI_SIGNS.occur_in(text)
    if not has_wiki_signs:
        if markup is not None and not markup:
            return text
        if not (_SIGNS.occur_in(text) or (markup and "/" in text)):
            return text
    shown = text
    if has_wiki_signs:
        for _ in range(_MAX_NESTED):
            shorter = _TEMPLATE.sub(_spaces, shown)
            if shorter == shown:
                break
            shown = shorter
        if "{{" in text or "{|" in text:
            shown = _ROW.sub(_spaces, shown)
        shown = _LINK.sub(_spaces, shown)
    return without_markup(shown, markup if shown is text else None)


def _spaces(found: re.Match[str]) -> str:
    return " " * (found.end() - found.start())
