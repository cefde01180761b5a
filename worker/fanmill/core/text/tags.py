"""Tags of HTML that is handed over as text: no reader sees them, and some of them end a line."""

import re
from typing import Final

Span = tuple[int, int]

_BLOCK_NAMES: Final = (
    "p|div|br|hr|li|ul|ol|dl|dt|dd|h[1-6]|table|thead|tbody|tr|td|th|section|article|header|footer|"
    "aside|main|nav|figure|figcaption|blockquote|pre|form|title|head|body|html|center|option|select"
)
_INLINE_NAMES: Final = (
    "a|b|i|u|s|em|strong|span|small|big|sub|sup|font|img|cite|code|kbd|q|abbr|mark|del|ins|time|label|"
    "input|button|link|meta|iframe|svg|path|picture|source|video|audio|wbr|tt|var|samp|strike|nobr"
)
_SIGN: Final = re.compile(
    rf"</(?:{_BLOCK_NAMES})\s*>|<(?:br|hr)\s*/?>|<!DOCTYPE html|<html\b", re.IGNORECASE
)
"""Signs without which a text is no HTML; a text on HTML may name a tag such as `<b>`."""
_TAG: Final = re.compile(
    r"<!--.{0,5000}?-->|<!DOCTYPE[^<>]{0,300}>"
    r"|<(?P<hidden>script|style)\b[^<>]{0,1000}>.{0,20000}?</(?P=hidden)\s*>"
    rf"|</?(?P<block>{_BLOCK_NAMES})(?=[\s/>])[^<>]{{0,2000}}>"
    rf"|</?(?:{_INLINE_NAMES})(?=[\s/>])[^<>]{{0,2000}}>",
    re.DOTALL | re.IGNORECASE,
)


def without_tags(text: str) -> tuple[str, list[Span]]:
    """Return a text with spaces in place of its HTML tags, and the spans of the tags.

    All offsets remain valid. A tag of a block has a line feed in place of its first code point, so
    that a paragraph ends there. A text that is no HTML is returned as it is, without spans.
    """
    if "<" not in text or not _SIGN.search(text):
        return text, []
    parts: list[str] = []
    spans: list[Span] = []
    at = 0
    for tag in _TAG.finditer(text):
        start, end = tag.span()
        blank = " " * (end - start)
        parts += (text[at:start], "\n" + blank[1:] if tag["block"] else blank)
        spans.append((start, end))
        at = end
    return "".join((*parts, text[at:])), spans
