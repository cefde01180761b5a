"""Sizes and ratios of a text. What each one means stands at `Statistics` in the contract."""

from fanmill.core.analysis import Analysis
from fanmill.core.reading import reading_seconds
from fanmill_contracts.results import Statistics


def statistics(analysis: Analysis) -> Statistics:
    """Return the statistics of a text as it came.

    Counts of the empty text are 0, its ratios and means are None, its reading
    time is 0.0. So are those of a text without words, but for bytes,
    characters, lines and paragraphs. Different words are counted after case
    folding and without regard to inflection.
    """
    text = analysis.text
    words = len(analysis.words)
    word_characters = sum(map(len, analysis.words))
    unique_words = len(set(map(str.casefold, analysis.words)))
    sentences = len(analysis.sentences)
    return Statistics(
        bytes=len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass")),
        characters=len(text),
        words=words,
        unique_words=unique_words,
        sentences=sentences,
        paragraphs=analysis.layout.paragraphs,
        lines=analysis.layout.lines,
        mean_word_length=word_characters / words if words else None,
        mean_sentence_length=words / sentences if sentences else None,
        unique_word_ratio=unique_words / words if words else None,
        reading_time_seconds=reading_seconds(analysis.language.code, words, word_characters),
    )
