"""Extractive summaries: the first sentences of prose, or those with the most frequent words.

For news, the lead is the baseline of extracts (figures in tests/bench/README.md). Non-prose lines
and headings are never part of a summary.
"""

# ruff: noqa: RUF001 (marks that look like ASCII ones are what is looked for)

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import compress, islice, repeat
from typing import Final

import numpy as np

from fanmill.core.analysis import Analysis
from fanmill.core.summary.coverage import content_words, of_reference, of_summary
from fanmill.core.summary.openings import begins_line, from_opening
from fanmill.core.text.items import BULLET, BULLET_SIGNS
from fanmill.core.text.segmentation import graphemes, words_and_separators
from fanmill.core.text.source_lines import Span
from fanmill_contracts.results import Summary, SummarySentence

METHOD: Final = "lead-4"
METHOD_TERM_FREQUENCY: Final = "term-frequency-3"

MAX_SENTENCE_LENGTH: Final = 1000
"""Maximum number of code points in a sentence of a summary; a longer one is cut behind the last
word that fits. Legal prose reaches 600; longer ones are tables, lists or texts without
punctuation."""

_LOOKED_AT: Final = 400
"""Maximum number of sentences to search for the lead; there is no lead behind pages of headings."""

_MIN_PROSE: Final = 0.3
"""Minimum share of characters in complete sentences; otherwise the text is a list, verse or code,
and other sentences are no headings."""

_MAX_ITEM: Final = 60
"""Maximum number of code points in a numbered item; longer ones are paragraphs with numbers."""

_MIN_CODE: Final = 20
"""Minimum number of code points in markup that holds sentences."""
_DASHES: Final = re.compile(r"\s[-–—]\s")
"""A dash between words: behind a speech it begins the words about the speaker."""

_FALL: Final = 0.1
_MIN_SENTENCE: Final = 5
"""Minimum number of words in a sentence that is chosen for its words."""
_MAX_WORDS: Final = 50_000

_UNPUNCTUATED: Final = frozenset({"th", "lo"})
_PROSE_LINE: Final = 40
"""Minimum number of code points in a Thai or Lao sentence that is prose although it is alone on its
line; these sentences have no mark at their end."""

_MARKS: Final = frozenset(".!?…。．！？｡।॥؟۔።။។༎")
_COMPLETE: Final = re.compile(rf"[{''.join(sorted(_MARKS))}]['\"’”»›)\]}}）」』】〉》〕]{{0,4}}$")
_LETTER: Final = re.compile(r"[^\W\d_]")


def lead(
    analysis: Analysis, max_sentences: int | None = 3, max_words: int | None = None
) -> Summary:
    """Return the first sentences of prose, in text order, and their statistics.

    The text of a sentence is `text[start:end]` of the document with its line breaks, but words
    broken at line ends are whole, and marks of quoted mail and page numbers are left out. A text
    without marks at the ends of sentences gives its first lines. A repeated sentence comes only
    once. If others follow, headings and sentences that begin with `he` or `however` do not come
    first, and items of lists, rows of tables and blocks of code are left out. A first sentence with
    more than `max_words` words is cut. A text without letters and digits has no sentences.

    Args:
        analysis: Analysis of the document.
        max_sentences: Maximum number of sentences, at least 1; None for the first 400.
        max_words: Maximum number of words in all sentences, at least 1; None for no limit.
    """
    spans = _prose(analysis)
    room = len(spans) if max_sentences is None else max_sentences
    prose, language = analysis.layout.prose, analysis.language.code
    opened = from_opening(analysis.text, prose, language, spans, room)
    return _extract(analysis, METHOD, opened, max_sentences, max_words)


def term_frequency(
    analysis: Analysis, max_sentences: int | None = 3, max_words: int | None = None
) -> Summary:
    """Return the sentences with the most frequent content words; see `lead` for the arguments.

    The weight of a sentence is the mean frequency of its words, divided by 1 + a tenth of its
    place, so earlier sentences are preferred. Sentences of fewer than five words come last. The
    chosen sentences are in text order.
    """
    spans = _prose(analysis)
    ranked = [spans[place] for place in _by_frequency(analysis, spans)]
    return _extract(analysis, METHOD_TERM_FREQUENCY, ranked, max_sentences, max_words)


def _prose(analysis: Analysis) -> list[Span]:
    """Return the sentences that a summary may have: complete ones, if there are enough."""
    text = analysis.text
    spans = list(islice(_in_body(analysis), _LOOKED_AT))
    complete = [
        (text[start].isalpha() and text[end - 1] in _MARKS) or _is_complete(analysis, (start, end))
        for start, end in spans
    ]
    sizes = [end - start for start, end in spans]
    size = sum(sizes)
    if not size or sum(compress(sizes, complete)) / size < _MIN_PROSE:
        return spans
    spans = list(compress(spans, complete))
    fragments = _fragments(analysis, spans)
    if not fragments:
        return spans
    flowing = [span for number, span in enumerate(spans) if number not in fragments]
    share = sum(end - start for start, end in flowing) / sum(end - start for start, end in spans)
    return flowing if share >= _MIN_PROSE else spans


def _fragments(analysis: Analysis, spans: Sequence[Span]) -> set[int]:
    """Return the places of sentences that are items of lists, rows of tables, or code."""
    text = analysis.text
    found = {
        place
        for place, span in enumerate(spans)
        if not text[span[0]].isalpha() and _is_item(analysis, span)
    }
    for start, end in analysis.markup:
        if end - start >= _MIN_CODE:
            place = bisect_left(spans, (start, start))
            while place < len(spans) and spans[place][1] <= end:
                found.add(place)
                place += 1
    return found


def _is_item(analysis: Analysis, span: Span) -> bool:
    """Tell whether a sentence is an item or a row, given that no letter begins it."""
    start, end = span
    text = analysis.text
    if text[start].isdigit():
        if end - start > _MAX_ITEM:
            return False
    elif text[start] not in BULLET_SIGNS:
        return False
    return (
        BULLET.match(text, start, end) is not None
        and begins_line(analysis.layout.prose, start)
        and not _DASHES.search(text, start + 1, end)
    )


def _by_frequency(analysis: Analysis, spans: Sequence[Span]) -> list[int]:
    """Return the places of sentences by falling weight."""
    if not spans:
        return []
    starts = analysis.word_starts[:_MAX_WORDS]
    words = analysis.folded_words[:_MAX_WORDS]
    counts = Counter(words)
    weights = {word: counts[word] for word in content_words(counts, analysis)}
    sums = np.zeros(len(words) + 1, np.int64)
    of_words = map(weights.get, words, repeat(0))
    np.fromiter(of_words, np.int64, len(words)).cumsum(out=sums[1:])
    first, last = starts.searchsorted(np.array(spans).T)
    number = last - first
    weight = (sums[last] - sums[first]) / np.maximum(number, 1)
    weight /= 1 + _FALL * np.arange(len(spans))
    weight[number < _MIN_SENTENCE] = -1
    ranked: list[int] = (-weight).argsort(kind="stable").tolist()
    return ranked


def _extract(
    analysis: Analysis,
    method: str,
    spans: Sequence[Span],
    max_sentences: int | None,
    max_words: int | None,
) -> Summary:
    """Return a summary of the first sentences that fit, given in order of preference."""
    text = analysis.text
    chosen: list[tuple[int, int, bool]] = []
    left = len(text) if max_words is None else max_words
    room = len(spans) if max_sentences is None else max_sentences
    said: set[str] = set()
    for start, full_end in spans:
        if len(chosen) >= room:
            break
        # Banners and refrains come only once.
        if text[start:full_end] in said:
            continue
        said.add(text[start:full_end])
        end = _cut(text, start, full_end)
        first, last = analysis.word_starts.searchsorted((start, end)).tolist()
        if last - first > left:
            if chosen:
                break
            cut = first + left - 1
            end = int(analysis.word_starts[cut] + analysis.word_lengths[cut])
        left -= last - first
        chosen.append((start, end, end < full_end))
    chosen.sort()
    shown = [(start, end) for start, end, _ in chosen]
    return Summary(
        method=method,
        sentences=tuple(
            SummarySentence(
                text=analysis.readable(start, end), start=start, end=end, truncated=truncated
            )
            for start, end, truncated in chosen
        ),
        statistics=of_summary(analysis, shown),
        title=of_reference(analysis, shown, analysis.document.title),
        abstract=of_reference(analysis, shown, analysis.document.abstract),
    )


def _in_body(analysis: Analysis) -> Iterator[Span]:
    """Yield the sentences of the body that do not repeat the title.

    A sentence that begins before the body, as behind a button `Accept all`, is cut to the body.
    """
    body = iter(analysis.body)
    title = (analysis.document.title or "").strip().casefold()
    current = next(body, None)
    for start, end in analysis.sentences:
        while current and current[1] <= start:
            current = next(body, None)
        if current is None:
            return
        if start < current[0]:
            if end <= current[0] or analysis.text[current[0]].islower():
                continue
            start = current[0]  # noqa: PLW2901
        if title and end - start <= 2 * len(title):  # a longer sentence is no copy
            said = analysis.text[start:end].casefold()
            if said == title:
                continue
        yield start, end


def _is_complete(analysis: Analysis, span: Span) -> bool:
    start, end = span
    text = analysis.text
    if not text[start].isalpha() and not _LETTER.search(text, start, end):
        return False  # `## 1.`
    if _COMPLETE.search(text, max(start, end - 5), end):
        return True
    if analysis.language.code not in _UNPUNCTUATED:
        return False
    prose = analysis.layout.prose
    shares_line = prose[end : end + 1] == " " or (start > 0 and prose[start - 1] == " ")
    return shares_line or end - start >= _PROSE_LINE


def _cut(text: str, start: int, end: int) -> int:
    """Return the end of a sentence, cut to `MAX_SENTENCE_LENGTH`."""
    if end - start <= MAX_SENTENCE_LENGTH:
        return end
    # The window is longer than the limit, so that the last word that fits ends inside it.
    window = text[start : start + MAX_SENTENCE_LENGTH + 100]
    for tokens in (words_and_separators(window, "und"), graphemes(window)):
        size = 0
        for token in tokens:
            if size + len(token) > MAX_SENTENCE_LENGTH:
                break
            size += len(token)
        kept = len(window[:size].rstrip())
        if kept:
            return start + kept
    return start + MAX_SENTENCE_LENGTH
