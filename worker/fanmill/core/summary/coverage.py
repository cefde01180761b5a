"""Coverage of a text by a summary or a reference (Grusky, Naaman and Artzi 2018).

A fragment is a longest run of words that both have, matched from left to right. The fragments of an
extract are its sentences.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import Final

import numpy as np

from fanmill.core.analysis import Analysis
from fanmill.core.text.characters import Integers
from fanmill.core.text.segmentation import is_word, words_and_separators
from fanmill.core.text.source_lines import Span
from fanmill.core.text.stop_words import stop_words
from fanmill.core.text.whitespace_words import split_words
from fanmill_contracts.results import ReferenceStatistics, SummaryStatistics

KEY_TERMS: Final = 10
_MIN_COUNT: Final = 2
_MIN_TERM_LENGTH: Final = 3
_MIN_WITHOUT_LIST_LENGTH: Final = 5
"""Minimum length of a content word in languages without stop words."""
_REFERENCE_WORDS: Final = 200
_TEXT_WORDS: Final = 50_000


def of_summary(analysis: Analysis, spans: Sequence[Span]) -> SummaryStatistics:
    """Return the statistics of an extract, given its spans in text order."""
    starts = analysis.word_starts
    bounds = starts.searchsorted(spans).tolist() if spans else []
    words = sum(end - begin for begin, end in bounds)
    if not words:
        return SummaryStatistics(
            words=0,
            coverage=None,
            density=None,
            compression=None,
            redundancy=None,
            key_terms_covered=None,
        )
    fragments: list[int] = []
    previous = -1
    for begin, end in bounds:
        if begin == previous:
            fragments[-1] += end - begin
        else:
            fragments.append(end - begin)
        previous = end
    said = _words_of(analysis, spans, bounds)
    pairs = list(pairwise(said))
    terms = key_terms(analysis)
    return SummaryStatistics(
        words=words,
        coverage=1.0,
        density=round(sum(length * length for length in fragments) / words, 8),
        compression=round(len(starts) / words, 8),
        redundancy=round(1 - len(set(pairs)) / len(pairs), 8) if pairs else None,
        key_terms_covered=(round(len(set(said) & set(terms)) / len(terms), 8) if terms else None),
    )


def key_terms(analysis: Analysis) -> list[str]:
    """Return up to ten content words by falling frequency, as whitespace words.

    Each occurs at least twice. Equally frequent words keep their order in the text.
    """
    vocabulary = analysis.whitespace_words.vocabulary
    often = (vocabulary.counts >= _MIN_COUNT).nonzero()[0]
    order = often[(-vocabulary.counts[often]).argsort(kind="stable")]
    return list(islice(content_words(vocabulary.strings(order), analysis), KEY_TERMS))


def content_words(words: Iterable[str], analysis: Analysis) -> Iterator[str]:
    """Yield the content words: neither stop words nor numbers, and not too short."""
    stopped = stop_words(analysis.language.code)
    shortest = _MIN_TERM_LENGTH if stopped else _MIN_WITHOUT_LIST_LENGTH
    if not analysis.is_spaced:
        shortest = 2
    for word in words:
        if word not in stopped and len(word) >= shortest and not word.isnumeric():
            yield word


def _words_of(
    analysis: Analysis, spans: Sequence[Span], bounds: Sequence[Sequence[int]]
) -> list[str]:
    """Return the words of an extract as whitespace words."""
    if analysis.is_spaced:
        extract = "\n".join(analysis.text[start:end] for start, end in spans)
        return split_words(extract, analysis.language.code, settled=analysis.is_settled)
    return [word.lower() for begin, end in bounds for word in analysis.words[begin:end]]


def of_reference(
    analysis: Analysis, spans: Sequence[Span], reference: str | None
) -> ReferenceStatistics | None:
    """Return the statistics of a producer's title or abstract against the text and its summary.

    The result is None without a reference, or for a reference without words.
    """
    if not reference:
        return None
    tokens = words_and_separators(reference, analysis.language.code)
    words = [token.casefold() for token in tokens if is_word(token)][:_REFERENCE_WORDS]
    if not words:
        return None
    index = {word: number for number, word in enumerate(dict.fromkeys(words))}
    text = [index.get(word, -1) for word in analysis.folded_words[:_TEXT_WORDS]]
    longest = _longest_matches([index[word] for word in words], np.array(text, np.int32))
    fragments = _fragments(longest)
    bounds = [np.searchsorted(analysis.word_starts, span).tolist() for span in spans]
    said = Counter(
        word for begin, end in bounds for word in analysis.folded_words[begin:end] if word in index
    )
    return ReferenceStatistics(
        words=len(words),
        coverage=round(sum(fragments) / len(words), 8),
        density=round(sum(length * length for length in fragments) / len(words), 8),
        compression=round(len(analysis.word_starts) / len(words), 8),
        novel_unigrams=_novel(longest, 1) or 0.0,
        novel_bigrams=_novel(longest, 2),
        novel_trigrams=_novel(longest, 3),
        summary_recall=round((Counter(words) & said).total() / len(words), 8),
    )


def _longest_matches(reference: list[int], text: Integers) -> list[int]:
    """Return for each word of the reference the longest run from it that the text has."""
    longest = [0] * len(reference)
    run = np.zeros(len(text) + 1, np.int32)
    for place in range(len(reference) - 1, -1, -1):
        # A run from here is longer by a word than the run from the next word.
        run[:-1] = np.where(text == reference[place], run[1:] + 1, 0)
        longest[place] = int(run.max())
    return longest


def _fragments(longest: list[int]) -> list[int]:
    fragments = []
    place = 0
    while place < len(longest):
        if longest[place]:
            fragments.append(longest[place])
        place += max(1, longest[place])
    return fragments


def _novel(longest: list[int], length: int) -> float | None:
    """Return the share of runs of a length that the text lacks."""
    runs = len(longest) - length + 1
    if runs < 1:
        return None
    return round(sum(found < length for found in longest[:runs]) / runs, 8)
