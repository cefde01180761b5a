"""The statistics of a record, as models. What each one means stands in `catalogue`.

`None` is never a zero in disguise: it means that the statistic is not defined
for this text, or that its set was not computed.
"""

from typing import Annotated

from pydantic import Field

from fanmill_contracts.catalogue import statistic
from fanmill_contracts.envelope import Model

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class QualitySignals(Model):
    """The signals of RedPajama-V2 that need no model and no block list."""

    word_count: int = statistic("quality.word_count")
    mean_word_length: float | None = statistic("quality.mean_word_length")
    num_sentences: int = statistic("quality.num_sentences")
    symbol_to_word_ratio: float | None = statistic("quality.symbol_to_word_ratio")
    frac_unique_words: float | None = statistic("quality.frac_unique_words")
    unigram_entropy: float | None = statistic("quality.unigram_entropy")
    frac_all_caps_words: float | None = statistic("quality.frac_all_caps_words")
    frac_no_alph_words: float | None = statistic("quality.frac_no_alph_words")
    stop_word_fraction: float | None = statistic("quality.stop_word_fraction")
    lines_end_with_terminal_mark: float | None = statistic("quality.lines_end_with_terminal_mark")
    lines_end_with_ellipsis: float | None = statistic("quality.lines_end_with_ellipsis")
    lines_start_with_bullet: float | None = statistic("quality.lines_start_with_bullet")
    lines_uppercase_fraction: float | None = statistic("quality.lines_uppercase_fraction")
    lines_numerical_fraction: float | None = statistic("quality.lines_numerical_fraction")
    lines_num_words: float | None = statistic("quality.lines_num_words")
    javascript_count: int = statistic("quality.javascript_count")
    lorem_ipsum: float = statistic("quality.lorem_ipsum")
    curly_bracket: float = statistic("quality.curly_bracket")
    chars_top_2gram: float = statistic("quality.chars_top_2gram")
    chars_top_3gram: float = statistic("quality.chars_top_3gram")
    chars_top_4gram: float = statistic("quality.chars_top_4gram")
    chars_duplicate_5grams: float = statistic("quality.chars_duplicate_5grams")
    chars_duplicate_6grams: float = statistic("quality.chars_duplicate_6grams")
    chars_duplicate_7grams: float = statistic("quality.chars_duplicate_7grams")
    chars_duplicate_8grams: float = statistic("quality.chars_duplicate_8grams")
    chars_duplicate_9grams: float = statistic("quality.chars_duplicate_9grams")
    chars_duplicate_10grams: float = statistic("quality.chars_duplicate_10grams")
    duplicate_line_fraction: float | None = statistic("quality.duplicate_line_fraction")
    duplicate_line_characters: float | None = statistic("quality.duplicate_line_characters")
    duplicate_paragraph_fraction: float | None = statistic("quality.duplicate_paragraph_fraction")
    duplicate_paragraph_characters: float | None = statistic(
        "quality.duplicate_paragraph_characters"
    )


class FilterResult(Model):
    """Whether a corpus would keep the text."""

    passed: bool
    failed: str | None = Field(
        default=None, description="First criterion that failed, in the published order."
    )


class FilterResults(Model):
    """The results of published filters, with limits that suit the script."""

    gopher_quality: FilterResult = statistic("filters.gopher_quality")
    gopher_repetition: FilterResult = statistic("filters.gopher_repetition")
    c4: FilterResult = statistic("filters.c4")
    fineweb: FilterResult = statistic("filters.fineweb")


class Readability(Model):
    """Scores of formulas made for the language; null in all others."""

    flesch_reading_ease: float | None = statistic("readability.flesch_reading_ease", default=None)
    flesch_kincaid_grade: float | None = statistic("readability.flesch_kincaid_grade", default=None)
    gunning_fog: float | None = statistic("readability.gunning_fog", default=None)
    smog: float | None = statistic("readability.smog", default=None)
    coleman_liau: float | None = statistic("readability.coleman_liau", default=None)
    automated_readability: float | None = statistic(
        "readability.automated_readability", default=None
    )
    amstad: float | None = statistic("readability.amstad", default=None)
    wiener_sachtext: float | None = statistic("readability.wiener_sachtext", default=None)
    fernandez_huerta: float | None = statistic("readability.fernandez_huerta", default=None)
    gulpease: float | None = statistic("readability.gulpease", default=None)
    lix: float | None = statistic("readability.lix", default=None)
    rix: float | None = statistic("readability.rix", default=None)


class Diversity(Model):
    """How varied words and characters are."""

    ttr: float | None = statistic("diversity.ttr")
    mattr: float | None = statistic("diversity.mattr")
    mtld: float | None = statistic("diversity.mtld")
    character_entropy: float | None = statistic("diversity.character_entropy")
    compression_ratio: float | None = statistic("diversity.compression_ratio")


class Composition(Model):
    """Which characters the text is made of."""

    scripts: dict[str, Share] = statistic("composition.scripts")
    letters: float | None = statistic("composition.letters")
    digits: float | None = statistic("composition.digits")
    spaces: float | None = statistic("composition.spaces")
    unassigned: float | None = statistic("composition.unassigned")
    replacement: float | None = statistic("composition.replacement")
    control: float | None = statistic("composition.control")
    mojibake: float | None = statistic("composition.mojibake")


Value = bool | int | float | str | None
"""What a set of another package may find."""


class Statistics(Model):
    """Sizes and ratios of the text as it came, before any normalisation."""

    bytes: int = statistic("sizes.bytes")
    characters: int = statistic("sizes.characters")
    graphemes: int | None = statistic("sizes.graphemes", default=None)
    words: int = statistic("sizes.words")
    unique_words: int = statistic("sizes.unique_words")
    sentences: int = statistic("sizes.sentences")
    paragraphs: int = statistic("sizes.paragraphs")
    lines: int = statistic("sizes.lines")
    mean_word_length: float | None = statistic("sizes.mean_word_length")
    median_word_length: float | None = statistic("sizes.median_word_length", default=None)
    max_word_length: int | None = statistic("sizes.max_word_length", default=None)
    mean_sentence_length: float | None = statistic("sizes.mean_sentence_length")
    median_sentence_length: float | None = statistic("sizes.median_sentence_length", default=None)
    max_sentence_length: int | None = statistic("sizes.max_sentence_length", default=None)
    mean_paragraph_length: float | None = statistic("sizes.mean_paragraph_length", default=None)
    median_paragraph_length: float | None = statistic("sizes.median_paragraph_length", default=None)
    max_paragraph_length: int | None = statistic("sizes.max_paragraph_length", default=None)
    mean_line_length: float | None = statistic("sizes.mean_line_length", default=None)
    median_line_length: float | None = statistic("sizes.median_line_length", default=None)
    max_line_length: int | None = statistic("sizes.max_line_length", default=None)
    unique_word_ratio: float | None = statistic("sizes.unique_word_ratio")
    reading_time_seconds: float = statistic("sizes.reading_time_seconds")
    speaking_time_seconds: float | None = statistic("sizes.speaking_time_seconds", default=None)
    language: str | None = Field(
        default=None, description="Language whose rules were applied: ISO 639-1 code, or `und`."
    )
    sets: tuple[str, ...] = Field(
        default=(), description="What was computed, as name and version: `quality-1`."
    )
    quality: QualitySignals | None = None
    filters: FilterResults | None = None
    readability: Readability | None = None
    diversity: Diversity | None = None
    composition: Composition | None = None
    plugins: dict[str, dict[str, Value]] = Field(
        default_factory=dict,
        description="Values of statistic sets of other packages, by name and version of the set.",
    )
