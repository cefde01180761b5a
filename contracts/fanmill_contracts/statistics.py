"""Statistics of a record, as models; `catalogue` defines each one.

`None` means that the statistic is not defined for this text, or that its set
was not computed. In JSON the members of `quality` and `composition` are left
out when they are 0, all others when they are null.
"""

from pydantic import Field

from fanmill_contracts.catalogue import statistic
from fanmill_contracts.envelope import JsonScalar, Model
from fanmill_contracts.numbers import Number, Ratio


class QualitySignals(Model):
    """The signals of RedPajama-V2 that need no model and no block list."""

    word_count: int = statistic("quality.word_count", default=0)
    mean_word_length: Number | None = statistic("quality.mean_word_length", default=0)
    num_sentences: int = statistic("quality.num_sentences", default=0)
    symbol_to_word_ratio: Number | None = statistic("quality.symbol_to_word_ratio", default=0)
    frac_unique_words: Number | None = statistic("quality.frac_unique_words", default=0)
    unigram_entropy: Number | None = statistic("quality.unigram_entropy", default=0)
    frac_all_caps_words: Number | None = statistic("quality.frac_all_caps_words", default=0)
    frac_no_alph_words: Number | None = statistic("quality.frac_no_alph_words", default=0)
    stop_word_fraction: Number | None = statistic("quality.stop_word_fraction", default=0)
    lines_end_with_terminal_mark: Number | None = statistic(
        "quality.lines_end_with_terminal_mark", default=0
    )
    lines_end_with_ellipsis: Number | None = statistic("quality.lines_end_with_ellipsis", default=0)
    lines_start_with_bullet: Number | None = statistic("quality.lines_start_with_bullet", default=0)
    lines_uppercase_fraction: Number | None = statistic(
        "quality.lines_uppercase_fraction", default=0
    )
    lines_numerical_fraction: Number | None = statistic(
        "quality.lines_numerical_fraction", default=0
    )
    lines_num_words: Number | None = statistic("quality.lines_num_words", default=0)
    javascript_count: int = statistic("quality.javascript_count", default=0)
    lorem_ipsum: Number = statistic("quality.lorem_ipsum", default=0)
    curly_bracket: Number = statistic("quality.curly_bracket", default=0)
    chars_top_2gram: Number = statistic("quality.chars_top_2gram", default=0)
    chars_top_3gram: Number = statistic("quality.chars_top_3gram", default=0)
    chars_top_4gram: Number = statistic("quality.chars_top_4gram", default=0)
    chars_duplicate_5grams: Number = statistic("quality.chars_duplicate_5grams", default=0)
    chars_duplicate_6grams: Number = statistic("quality.chars_duplicate_6grams", default=0)
    chars_duplicate_7grams: Number = statistic("quality.chars_duplicate_7grams", default=0)
    chars_duplicate_8grams: Number = statistic("quality.chars_duplicate_8grams", default=0)
    chars_duplicate_9grams: Number = statistic("quality.chars_duplicate_9grams", default=0)
    chars_duplicate_10grams: Number = statistic("quality.chars_duplicate_10grams", default=0)
    duplicate_line_fraction: Number | None = statistic("quality.duplicate_line_fraction", default=0)
    duplicate_line_characters: Number | None = statistic(
        "quality.duplicate_line_characters", default=0
    )
    duplicate_paragraph_fraction: Number | None = statistic(
        "quality.duplicate_paragraph_fraction", default=0
    )
    duplicate_paragraph_characters: Number | None = statistic(
        "quality.duplicate_paragraph_characters", default=0
    )


class FilterResult(Model):
    """Result of one published filter: whether its corpus would keep the text."""

    passed: bool = True
    failed: str | None = Field(
        default=None, description="First criterion that failed, in the published order."
    )


class FilterResults(Model):
    """Results of published filters, with limits that suit the script."""

    gopher_quality: FilterResult = statistic("filters.gopher_quality", default=FilterResult())
    gopher_repetition: FilterResult = statistic("filters.gopher_repetition", default=FilterResult())
    c4: FilterResult = statistic("filters.c4", default=FilterResult())
    fineweb: FilterResult = statistic("filters.fineweb", default=FilterResult())


class Readability(Model):
    """Scores of the formulas made for the language; null in all others."""

    flesch_reading_ease: Number | None = statistic("readability.flesch_reading_ease", default=None)
    flesch_kincaid_grade: Number | None = statistic(
        "readability.flesch_kincaid_grade", default=None
    )
    gunning_fog: Number | None = statistic("readability.gunning_fog", default=None)
    smog: Number | None = statistic("readability.smog", default=None)
    coleman_liau: Number | None = statistic("readability.coleman_liau", default=None)
    automated_readability: Number | None = statistic(
        "readability.automated_readability", default=None
    )
    amstad: Number | None = statistic("readability.amstad", default=None)
    wiener_sachtext: Number | None = statistic("readability.wiener_sachtext", default=None)
    fernandez_huerta: Number | None = statistic("readability.fernandez_huerta", default=None)
    gulpease: Number | None = statistic("readability.gulpease", default=None)
    lix: Number | None = statistic("readability.lix", default=None)
    rix: Number | None = statistic("readability.rix", default=None)


class Diversity(Model):
    """Variety of words and characters."""

    ttr: Number | None = statistic("diversity.ttr", default=None)
    mattr: Number | None = statistic("diversity.mattr", default=None)
    mtld: Number | None = statistic("diversity.mtld", default=None)
    character_entropy: Number | None = statistic("diversity.character_entropy", default=None)
    compression_ratio: Number | None = statistic("diversity.compression_ratio", default=None)


class Composition(Model):
    """Kinds of characters in the text."""

    scripts: dict[str, Ratio] = statistic("composition.scripts")
    letters: Number | None = statistic("composition.letters", default=0)
    digits: Number | None = statistic("composition.digits", default=0)
    spaces: Number | None = statistic("composition.spaces", default=0)
    unassigned: Number | None = statistic("composition.unassigned", default=0)
    replacement: Number | None = statistic("composition.replacement", default=0)
    control: Number | None = statistic("composition.control", default=0)
    mojibake: Number | None = statistic("composition.mojibake", default=0)


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
    mean_word_length: Number | None = statistic("sizes.mean_word_length", default=None)
    median_word_length: Number | None = statistic("sizes.median_word_length", default=None)
    max_word_length: int | None = statistic("sizes.max_word_length", default=None)
    mean_sentence_length: Number | None = statistic("sizes.mean_sentence_length", default=None)
    median_sentence_length: Number | None = statistic("sizes.median_sentence_length", default=None)
    max_sentence_length: int | None = statistic("sizes.max_sentence_length", default=None)
    mean_paragraph_length: Number | None = statistic("sizes.mean_paragraph_length", default=None)
    median_paragraph_length: Number | None = statistic(
        "sizes.median_paragraph_length", default=None
    )
    max_paragraph_length: int | None = statistic("sizes.max_paragraph_length", default=None)
    mean_line_length: Number | None = statistic("sizes.mean_line_length", default=None)
    median_line_length: Number | None = statistic("sizes.median_line_length", default=None)
    max_line_length: int | None = statistic("sizes.max_line_length", default=None)
    unique_word_ratio: Number | None = statistic("sizes.unique_word_ratio", default=None)
    reading_time_seconds: Number = statistic("sizes.reading_time_seconds")
    speaking_time_seconds: Number | None = statistic("sizes.speaking_time_seconds", default=None)
    language: str | None = Field(
        default=None,
        description="Language of the word and sentence rules: ISO 639-1 code, or `und`.",
    )
    sets: tuple[str, ...] = Field(
        default=(), description="Computed sets, as name and version: `quality-2`."
    )
    quality: QualitySignals | None = None
    filters: FilterResults | None = None
    readability: Readability | None = None
    diversity: Diversity | None = None
    composition: Composition | None = None
    plugins: dict[str, dict[str, JsonScalar]] = Field(
        default_factory=dict,
        description="Values of statistic sets of other packages, by name and version of the set.",
    )
