"""Values in quotation marks, as front matter and labels have them."""

from typing import Final

_PAIRS: Final = {'"': '"', "'": "'", "“": "”", "„": "“", "«": "»", "「": "」"}


def unquoted(line: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of a value without the white space and one pair of quotation marks around."""
    start, end = _stripped(line, start, end)
    closing = _PAIRS.get(line[start : start + 1])
    inner = line[start + 1 : end - 1]
    if closing and end - start > 2 and line[end - 1] == closing and closing not in inner:  # noqa: PLR2004
        return _stripped(line, start + 1, end - 1)
    return start, end


def _stripped(line: str, start: int, end: int) -> tuple[int, int]:
    while start < end and line[start].isspace():
        start += 1
    while end > start and line[end - 1].isspace():
        end -= 1
    return start, end
