"""Detection of the languages of a text, segment by segment.

eldc reads only the first 1,000 bytes, so an English header would hide a Chinese article.
Therefore segments from all parts of the text vote.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from fanmill.core.language.detectors import (
    LETTER,
    NO_LANGUAGE,
    UNDETERMINED,
    WINDOW_BYTES,
    Language,
    detector,
)
from fanmill.core.language.relatives import alternatives, differ_in_script
from fanmill.core.language.romanised import has_letters_as_digits
from fanmill.core.language.segments import (
    MIN_SEGMENT_LENGTH,
    cut_segments,
    gather_words,
    has_wide_or_invisible,
    narrowed,
    samples_of,
)
from fanmill.core.language.telling_words import CLEAR_CONFIDENCE, told_by_words
from fanmill.core.language.word_parts import MALAY, Told, told_by_parts
from fanmill.core.text.code_lines import is_code
from fanmill.core.text.configuration import is_configuration
from fanmill.core.text.markup import is_table, without_markup
from fanmill.core.text.source_lines import Span

_MIN_CODE: Final = 0.5
"""Minimum share of lines of code in a text without a language; notes between code have one."""
_MANY_SEGMENTS: Final = 8
_MAX_SAMPLE_OF_MANY: Final = 240
"""Code points judged of each segment if there are more than `_MANY_SEGMENTS`."""
_MAX_READ: Final = 2_000
"""Code points read for words that tell a language from its relatives."""
_FEW_TELLING: Final = 0.85
_MANY_TELLING: Final = 0.95
"""Confidences: share of right answers where two such words decide, and where more do."""
_MIN_LEAD: Final = 6
"""Lead of a relative, in powers of two, from which it is preferred to the detector's answer."""
_MALAY_LEAD: Final = 3
"""The same for Indonesian and Malay, where the detector gives nearly all texts one name."""
_DISTINCT: Final = frozenset({"sv", "uk", "be"})
"""Languages of groups that a detector hardly ever names by mistake."""
_MIXED: Final = 0.05
_CLEAR_PART: Final = 0.8
"""Confidence below which a segment is judged in parts, and minimum confidence in one of them: the
segment may be in two languages."""
_FEW_SEGMENTS: Final = 3
_MIN_LINES_BYTES: Final = 60
"""Maximum number of segments in a text whose first and last lines are compared, and the minimum
size of these lines: a notice in two languages may be a single segment."""
_CLEAR_LINE: Final = 0.97
"""Minimum confidence in both lines."""
_TRUST: Final = 0.5
"""Exponent of the confidence in a vote: the size counts more than an easy distinction."""


class Segment(NamedTuple):
    """A span of a text in one language.

    Attributes:
        start: First code point.
        end: Code point behind the last one.
        language: The detected language.
        weight: Equivalent number of Latin letters, from 0.0.
    """

    start: int
    end: int
    language: Language
    weight: float


@dataclass(frozen=True, slots=True)
class Detection:
    """The main language of a text, and the languages of its segments in text order."""

    main: Language
    segments: tuple[Segment, ...] = ()


def detect_languages(
    text: str, declared: str | None = None, markup: Sequence[Span] | None = None
) -> Detection:
    """Return the languages of a text; `und` without segments for code, tables and no letters.

    Segments vote with their weight and confidence. The confidence of the result is the
    weighted mean of the confidences for the winner, so segments that disagree lower it.

    Args:
        text: Text of any length; up to 25 segments are judged.
        declared: Language that the producer declares, as BCP 47 tag. It decides between
            languages that the detector can hardly tell apart.
        markup: Spans of the text's markup, if they are known.
    """
    if (
        not LETTER.search(text)
        or is_code(text, _MIN_CODE)
        or is_table(text)
        or is_configuration(text)
    ):
        return Detection(NO_LANGUAGE)
    text = without_markup(text, markup)
    hint = (declared or "").partition("-")[0].lower()
    segments = tuple(_judged_segments(text, hint))
    if not segments:
        # Tables, code or digits may fill all segments.
        words = "" if has_letters_as_digits(text[:_MAX_READ]) else gather_words(text)
        return Detection(_among_relatives(words, detector().judge(words, hint), hint))
    votes: dict[str, float] = {}
    for each in segments:
        vote = each.weight * each.language.confidence**_TRUST
        votes[each.language.code] = votes.get(each.language.code, 0.0) + vote
    winner = max(votes, key=votes.__getitem__)
    agreeing = sum(
        each.weight * each.language.confidence for each in segments if each.language.code == winner
    )
    share = agreeing / sum(each.weight for each in segments)
    read = " ".join(
        text[a : min(b, a + _MAX_SAMPLE_OF_MANY)]
        for a, b, found, _ in segments
        if found.code == winner
    )
    main = _among_relatives(read[:_MAX_READ], Language(winner, min(1.0, round(share, 6))), hint)
    if main.code != winner:
        segments = tuple(
            each._replace(language=main) if each.language.code == winner else each
            for each in segments
        )
    return Detection(main, segments)


def _among_relatives(text: str, found: Language, hint: str) -> Language:
    """Return the language among its close relatives that a text is in, with its confidence.

    Parts of words decide, or words that only one of the languages has. If they do not speak
    clearly for the language, its confidence is below 0.9.
    """
    parts = told_by_parts(text, found.code)
    if parts is not None:
        return _by_parts(found, parts, is_declared=found.code == hint)
    told = told_by_words(text, found.code) if found.code != hint else None
    if told is None:
        return found
    if told.code != found.code:
        return Language(told.code, _MANY_TELLING if told.has_many else _FEW_TELLING)
    is_open = told.others >= told.own
    return Language(found.code, min(found.confidence, CLEAR_CONFIDENCE)) if is_open else found


def _by_parts(found: Language, parts: Told, *, is_declared: bool) -> Language:
    if parts.code == found.code:
        if parts.is_clear or (found.code in _DISTINCT and parts.lead >= _MIN_LEAD):
            return found
    elif not is_declared and parts.own >= (_MALAY_LEAD if found.code in MALAY else _MIN_LEAD):
        return Language(parts.code, _MANY_TELLING if parts.is_clear else _FEW_TELLING)
    return Language(found.code, min(found.confidence, CLEAR_CONFIDENCE))


def _judged_segments(text: str, hint: str) -> Iterator[Segment]:
    """Yield the samples of a text whose language is determined."""
    is_wide = has_wide_or_invisible(text)
    spans = list(cut_segments(text))
    max_length = _MAX_SAMPLE_OF_MANY if len(spans) > _MANY_SEGMENTS else WINDOW_BYTES
    if len(spans) <= _FEW_SEGMENTS:
        spans = [part for start, end in spans for part in _by_lines(text, start, end, hint)]
    for start, end in spans:
        segment = text[start : min(end, start + max_length)]
        if is_wide and has_wide_or_invisible(segment):
            segment = narrowed(segment)
        for sample, weight in samples_of(segment):
            language = detector().judge(sample, hint)
            if language.confidence < _MIXED and len(sample) == len(segment) == end - start:
                parts = list(_judged_parts(text, start, end, hint))
                if any(each.language.confidence >= _CLEAR_PART for each in parts):
                    yield from parts
                    continue
            if language.code != UNDETERMINED:
                yield Segment(start, end, language, weight * (end - start) / len(segment))


def _by_lines(text: str, start: int, end: int, hint: str) -> list[tuple[int, int]]:
    """Return the span of a segment, or those of its lines if they are in two languages."""
    if "\n" not in text[start:end].strip():
        return [(start, end)]
    parts = _long_lines(text, start, end)
    first, last = (detector().judge(text[a:b], hint) for a, b in (parts[0], parts[-1]))
    codes = {first.code, last.code}
    is_certain = differ_in_script(first.code, last.code) or (
        min(first.confidence, last.confidence) >= _CLEAR_LINE
        and last.code not in alternatives(first.code, 0.0)
        and not any(_is_of_names(text[a:b]) for a, b in (parts[0], parts[-1]))
    )
    return parts if len(codes) > 1 and UNDETERMINED not in codes and is_certain else [(start, end)]


def _is_of_names(line: str) -> bool:
    """Tell whether half of the words of a line or more begin with a capital."""
    words = line.split()
    return 2 * sum(word[0].isupper() for word in words) >= len(words)


def _long_lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of lines, short ones joined with the next or, at the end, the one before."""
    spans: list[tuple[int, int]] = []
    begin = at = start
    for line in text[start:end].splitlines(keepends=True):
        at += len(line)
        if len(text[begin:at].encode("utf-8", "surrogatepass")) >= _MIN_LINES_BYTES:
            spans.append((begin, at))
            begin = at
    if begin < end:
        begin = spans.pop()[0] if spans else start
        spans.append((begin, end))
    return spans


def _judged_parts(text: str, start: int, end: int, hint: str) -> Iterator[Segment]:
    """Yield the parts of a segment that may be in two languages; a short segment has none."""
    if end - start < 2 * MIN_SEGMENT_LENGTH:
        return
    while start < end:
        cut = text.rfind(" ", start, start + MIN_SEGMENT_LENGTH) + 1
        cut = end if cut <= start or end - cut < MIN_SEGMENT_LENGTH // 2 else cut
        language = detector().judge(text[start:cut], hint)
        if language.code != UNDETERMINED:
            yield Segment(start, cut, language, float(cut - start))
        start = cut
