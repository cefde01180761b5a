"""Quality filters: the results of published corpus filters for a text.

Rules, order and limits are those of datatrove's `GopherQualityFilter`, `GopherRepetitionFilter`,
`C4QualityFilter` and `FineWebQualityFilter`. Intended differences: words are whitespace words
(datatrove's come from spaCy and include punctuation), sentences are fanmill's, and limits depend on
the script (`filter_limits`).
"""

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from fanmill.core.analysis import Analysis
from fanmill.core.statistics.filter_limits import CLOSING_MARKS, ENDING_MARKS, GOPHER_WORDS, limits
from fanmill.core.statistics.redpajama import repeats
from fanmill.core.text.characters import LETTER, Integers
from fanmill.core.text.lexicon import Column, Lexicon
from fanmill.core.text.ngrams import copied
from fanmill.core.text.stop_words import stop_words
from fanmill_contracts.statistics import FilterResult, FilterResults, QualitySignals

_MIN_WORDS: Final = 50
_MAX_WORDS: Final = 100_000
_MIN_FUNCTION_WORDS: Final = 2
_MAX_SYMBOLS: Final = 0.1
_BULLETS: Final = ("•", "-")
_ELLIPSES: Final = ("...", "…")
_MAX_BULLETS: Final = 0.9
_MAX_ELLIPSES: Final = 0.3
_MIN_WITH_LETTERS: Final = 0.8
_TOP: Final = {2: 0.20, 3: 0.18, 4: 0.16}
_DUPLICATE: Final = {5: 0.15, 6: 0.14, 7: 0.13, 8: 0.12, 9: 0.11, 10: 0.10}
_MAX_REPEATED: Final = 0.30
_MAX_REPEATED_CHARACTERS: Final = 0.20

_MIN_SENTENCES: Final = 5
_MIN_LINE_WORDS: Final = 3
_MAX_WORD_LENGTH: Final = 1000
_CITATION: Final = re.compile(r"\[\d*\]|\[edit\]|\[citation needed\]")
_POLICIES: Final = {
    "terms of use": ("terms of use",),
    "privacy policy": ("privacy policy",),
    "cookie": ("cookie policy", "uses cookies", "use of cookies", "use cookies"),
}
"""Phrases that no line may have, by a word that each of them contains."""
_C4_MARKS: Final = frozenset(".?!\"'")
_FINEWEB_MARKS: Final = ENDING_MARKS - {"”", "…"}
_MIN_ENDED_LINES: Final = 0.12
_MAX_SHORT_LINES: Final = 0.67
_MAX_COPIED: Final = 0.01
_MAX_BREAKS: Final = 0.3

PASSED: Final = FilterResult(passed=True)


def filter_results(analysis: Analysis, signals: QualitySignals) -> FilterResults:
    """Return the result of each filter; the empty text passes none."""
    return FilterResults(
        gopher_quality=_verdict(_gopher_quality(analysis)),
        gopher_repetition=_verdict(_gopher_repetition(analysis, signals)),
        c4=_verdict(_c4(analysis)),
        fineweb=_verdict(_fineweb(analysis)),
    )


def _verdict(broken: Iterator[str]) -> FilterResult:
    failed = next(broken, None)
    return PASSED if failed is None else FilterResult(passed=False, failed=failed)


def _gopher_quality(analysis: Analysis) -> Iterator[str]:  # noqa: C901  a rule after the other
    """Yield the rules that the text breaks, in the published order."""
    text, counted, language = analysis.text, analysis.whitespace_words, analysis.language.code
    limit = limits(language)
    words = len(counted.lengths)
    if words < _MIN_WORDS:
        yield "short_document"
    if words > _MAX_WORDS:
        yield "long_document"
    if not words:
        return
    mean = counted.total / words
    if mean < limit.min_word_length:
        yield "short_words"
    if mean > limit.max_word_length:
        yield "long_words"
    if text.count("#") / words > _MAX_SYMBOLS:
        yield "hashes"
    ellipses = analysis.ellipses
    if ellipses / words > _MAX_SYMBOLS:
        yield "ellipses"
    lines = analysis.stripped_lines
    if sum(line.startswith(_BULLETS) for line in lines) / len(lines) > _MAX_BULLETS:
        yield "bullets"
    if ellipses and sum(line.endswith(_ELLIPSES) for line in lines) / len(lines) > _MAX_ELLIPSES:
        yield "ellipsis_lines"
    if 1 - _letterless(analysis) / words < _MIN_WITH_LETTERS:
        yield "few_letters"
    wanted = GOPHER_WORDS if language == "en" else stop_words(language)
    if wanted and counted.vocabulary.are_in(wanted).sum() < _MIN_FUNCTION_WORDS:
        yield "few_function_words"


def _letterless(analysis: Analysis) -> int:
    """Return the number of words without letters; 0 if they are too few to matter."""
    counted = analysis.whitespace_words
    if analysis.is_settled and analysis.is_spaced:
        # A shortcut: each such word has a character that is no letter.
        _, counts = analysis.character_counts
        letters = int(counts @ (analysis.character_flags & LETTER != 0))
        if counted.total - letters < (1 - _MIN_WITH_LETTERS) * len(counted.lengths) - 1:
            return 0
    lettered = counted.vocabulary.lexicon.made("lettered", _lettered)
    return int(counted.vocabulary.counts[~lettered.of(counted.vocabulary.kinds)].sum())


def _lettered(lexicon: Lexicon) -> Column[np.bool_]:
    return Column(lexicon, lambda word: word.isalpha() or any(map(str.isalpha, word)), np.bool_)


def _gopher_repetition(analysis: Analysis, signals: QualitySignals) -> Iterator[str]:
    """Yield the rules that the text breaks, in the published order."""
    text, counted = analysis.text, analysis.whitespace_words
    if not text:
        yield "empty"
        return
    for part in ("paragraph", "line"):
        if (getattr(signals, f"duplicate_{part}_fraction") or 0) > _MAX_REPEATED:
            yield f"duplicate_{part}s"
        repeated_characters = getattr(signals, f"duplicate_{part}_characters") or 0
        if repeated_characters > _MAX_REPEATED_CHARACTERS:
            yield f"duplicate_{part}_characters"
    words = len(counted.lengths)
    spaces = int(analysis.is_spaced)
    for length, most in _TOP.items():
        if words >= length:
            place, count = counted.tops[length]
            size = int(counted.lengths[place : place + length].sum()) + spaces * (length - 1)
            if size * count / len(text) > most:
                yield f"top_{length}gram"
    for length, most in _DUPLICATE.items():
        if copied(counted.repeated[length - 2], length, counted.ends) / len(text) > most:
            yield f"duplicate_{length}grams"


def _c4(analysis: Analysis) -> Iterator[str]:  # noqa: C901  a rule after the other
    """Yield the rules that the text breaks."""
    language = analysis.language.code
    marks = _C4_MARKS if language == "en" else ENDING_MARKS | CLOSING_MARKS | _C4_MARKS
    ends_marked = limits(language).marks
    lowered = analysis.whitespace_words.lowered
    # A phrase that the text lacks is in no line.
    lorem, script = "lorem ipsum" in lowered, "javascript" in lowered
    bracket, cited = "{" in analysis.text, "[" in analysis.text
    policies = tuple(
        policy
        for part, whole in _POLICIES.items()
        if part in lowered
        for policy in whole
        if policy in lowered
    )
    sentences = _per_line(analysis, analysis.sentence_starts)
    per_line = None if analysis.is_spaced else _per_line(analysis, analysis.word_starts)
    kept = 0
    for number, stripped in enumerate(analysis.stripped_lines):
        line = stripped
        if line[-1:] not in marks and ends_marked and not cited:
            continue
        words = line.split(None, _MIN_LINE_WORDS)
        if len(line) > _MAX_WORD_LENGTH and analysis.is_spaced and _has_long_word(line):
            continue
        if cited:
            line = _CITATION.sub("", line)
        if ends_marked and (line[-1:] not in marks or line.endswith("...")):
            continue
        if (len(words) if per_line is None else per_line[number]) < _MIN_LINE_WORDS:
            continue
        if lorem or script or policies:
            folded = line.lower()
            if lorem and "lorem ipsum" in folded:
                yield "lorem_ipsum"
            if script and "javascript" in folded:
                continue
        if bracket and "{" in line:
            yield "curly_bracket"
        if policies and any(policy in folded for policy in policies):
            continue
        kept += sentences[number]
    if kept < _MIN_SENTENCES:
        yield "few_sentences"


def _has_long_word(line: str) -> bool:
    """Tell whether a line has a word that is too long."""
    # Such a word fills one of these pieces, so prose need not be split.
    pieces = range(0, len(line) - _MAX_WORD_LENGTH // 2 + 1, _MAX_WORD_LENGTH // 2)
    return (
        any(" " not in line[at : at + _MAX_WORD_LENGTH // 2] for at in pieces)
        and max(map(len, line.split())) > _MAX_WORD_LENGTH
    )


def _per_line(analysis: Analysis, starts: Integers) -> list[int]:
    """Return the number of sentences in each line, by the places where they begin."""
    found = starts.searchsorted(analysis.line_ends)
    found[1:] -= found[:-1].copy()
    counted: list[int] = found.tolist()
    return counted


def _fineweb(analysis: Analysis) -> Iterator[str]:
    """Yield the rules that the text breaks, in the published order."""
    text = analysis.text
    limit = limits(analysis.language.code)
    lines = [line for line in analysis.raw_lines if line and not line.isspace()]
    if not lines:
        yield "empty"
        return
    if limit.marks:
        closing = frozenset() if analysis.language.code == "en" else CLOSING_MARKS
        ended = sum(
            line[-1] in _FINEWEB_MARKS or (line[-1] in closing and line[-2:-1] in _FINEWEB_MARKS)
            for line in lines
        )
        if ended / len(lines) < _MIN_ENDED_LINES:
            yield "unended_lines"
    short = sum(len(line) <= limit.short_line for line in lines)
    if short / len(lines) > _MAX_SHORT_LINES:
        yield "short_lines"
    breaks = text.count("\n")
    if repeats(lines)[1] / (len(text) - breaks) > _MAX_COPIED:
        yield "copied_lines"
    if breaks > _MAX_BREAKS * len(analysis.whitespace_words.lengths):
        yield "line_breaks"
