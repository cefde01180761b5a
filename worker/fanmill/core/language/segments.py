"""Segments of a text, and the samples of each that a detector judges."""

import re
from collections.abc import Iterator
from typing import Final

from fanmill.core.language.detectors import (
    CODES,
    LETTER,
    LETTERS,
    MIN_DISTINCT_WORDS,
    NAMES,
    TELLING_LENGTH,
    WINDOW_BYTES,
)

MAX_SEGMENTS: Final = 24
MIN_SEGMENT_LENGTH: Final = 160
"""Code points; related languages such as Danish and Norwegian are confused in shorter texts."""
MAX_SEGMENT_LENGTH: Final = 480

_MIN_LETTERS: Final = 24
"""Minimum number of letters beside dense characters; fewer are a name."""
_DENSE: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
"""Dense scripts: Chinese, Japanese and Korean say more per character than alphabets."""
_NOT_DENSE: Final = bytes({*range(256)} - {*range(0xE3, 0xEE)})
"""Bytes that cannot begin a dense character in UTF-8."""
_MAX_DENSE_SAMPLE: Final = 160
"""Dense characters that tell Chinese, Japanese and Korean apart reliably."""
_DENSE_GAIN: Final = 1.0
"""Additional weight of a dense character: it says as much as two letters."""
_MAX_GATHERED_FROM: Final = 200_000

_WIDE_TO_ASCII: Final = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},
    **dict.fromkeys((0x00AD, 0x200B, 0x2060, 0xFEFF)),
}
"""Full-width signs by their ASCII form, and invisible characters to remove."""
_WIDE_OR_INVISIBLE: Final = "\u00ad\u200b\u2060\ufeff\uff41\uff45\uff4f\uff21\uff25\uff2f"


def has_wide_or_invisible(text: str) -> bool:
    """Tell whether a text has full-width letters, soft hyphens or zero-width characters."""
    return not text.isascii() and any(sign in text for sign in _WIDE_OR_INVISIBLE)


def narrowed(text: str) -> str:
    """Return a text with ASCII for full-width letters and without invisible characters."""
    return text.translate(_WIDE_TO_ASCII)


def cut_segments(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of up to 25 segments of a text, cut at line ends or spaces if possible."""
    size = len(text)
    shortest = max(MIN_SEGMENT_LENGTH, size // MAX_SEGMENTS)
    longest = max(MAX_SEGMENT_LENGTH, size // MAX_SEGMENTS)
    start = 0
    while start < size:
        if size - start <= shortest + shortest // 2:
            yield start, size
            return
        end = text.find("\n", start + shortest, start + longest)
        if end < 0:
            end = text.rfind(" ", start + shortest, start + longest)
        end = min(size, start + longest) if end < 0 else end + 1
        yield start, end
        start = end


def samples_of(segment: str) -> tuple[tuple[str, float], ...]:
    """Return the samples of a segment that a detector judges, each with its weight.

    A segment without letters has no sample. A segment of dense and other scripts has two:
    a few Chinese words would decide for a segment that is English otherwise. The weight is the
    equivalent number of Latin letters.
    """
    if not LETTER.search(segment):
        return ()
    if not _may_be_dense(segment):
        return ((segment, float(len(segment))),)
    others = _DENSE.split(segment)
    dense = len(segment) - sum(map(len, others))
    sparse = " ".join(others)
    if dense and len(LETTER.findall(sparse)) >= _MIN_LETTERS:
        runs = " ".join(_DENSE.findall(segment))
        weight = len(runs) + _DENSE_GAIN * dense
        return (runs[:_MAX_DENSE_SAMPLE], weight), (sparse, float(len(sparse)))
    judged = segment[:_MAX_DENSE_SAMPLE] if 2 * dense > len(segment) else segment
    return ((judged, len(segment) + _DENSE_GAIN * dense),)


def _may_be_dense(segment: str) -> bool:
    """Tell whether a segment may have dense characters, ten times as fast as `_DENSE`."""
    if segment.isascii():
        return False
    return bool(segment.encode("utf-8", "surrogatepass").translate(None, _NOT_DENSE))


def gather_words(text: str) -> str:
    """Return words from all parts of a text; "" if it only has column names."""
    gathered: list[str] = []
    size = 0
    words = NAMES.sub(" ", CODES.sub(" ", text[:_MAX_GATHERED_FROM]))
    for match in LETTERS.finditer(words):
        gathered.append(match[0][:WINDOW_BYTES])
        size += len(gathered[-1]) + 1
        if size > WINDOW_BYTES:
            break
    if len(text) >= TELLING_LENGTH and len(set(gathered)) < MIN_DISTINCT_WORDS:
        return ""
    return " ".join(gathered)
