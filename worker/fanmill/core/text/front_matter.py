"""Front matter in YAML or TOML at the start of a text."""

import re
from collections.abc import Sequence
from typing import Final

from fanmill.core.text.source_lines import Span

_FENCES: Final = {"---": ("---", "..."), "+++": ("+++",)}
_FRONT_LINE: Final = re.compile(
    r"#|-\s|\[|[\])}],?\s*$|[^\W\d_][\w.\"' -]{0,40}[:=](?:\s|$)|\"[^\"]*\"\s*[:=]"
)
"""A line of YAML or TOML: a key, a comment, an item, or a table."""
_MAX_FRONT_LINES: Final = 200


def without_front_matter(text: str, lines: Sequence[Span]) -> Sequence[Span]:
    """Return the lines behind YAML or TOML front matter at the start of a text."""
    if not lines:
        return lines
    start, end = lines[0]
    closing = _FENCES.get(text[start:end].lstrip("\ufeff"))
    if closing is None:
        return lines
    for number, (start, end) in enumerate(lines[1:_MAX_FRONT_LINES], 1):
        if text[start:end] in closing:
            return lines[number + 1 :] if number > 1 else lines
        if not (_FRONT_LINE.match(text, start, end) or text[start - 1] in " \t"):
            break
    return lines
