"""Every statistic of a record: definition, unit, range, empty case and source, in one place.

The models' descriptions and limits, the JSON Schemas and the reference page
(`contracts/statistics.md`, by `make docs`) are made from here. A name keeps its
meaning for as long as the version of its set stays; when a definition changes,
the version of the set goes up and the change is named in the changelog.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import Field

SETS: Final = {
    "sizes": ("2", "How much text there is. Always computed."),
    "quality": ("2", "The quality signals of RedPajama-V2 that need no model and no block list."),
    "filters": ("1", "Whether the published filters of four corpora would keep the text."),
    "readability": (
        "2",
        (
            "Formulas, each for the languages it was made for. Words are those of the set "
            "`quality`, without addresses, code and markup; code has no scores."
        ),
    ),
    "diversity": (
        "1",
        "How varied words and characters are. Words are those of the set `quality`.",
    ),
    "composition": ("4", "Which characters the text is made of."),
}
"""The sets of statistics: version and purpose."""

Kind = Literal["integer", "number", "filter", "shares", "text"]


@dataclass(frozen=True, slots=True)
class Statistic:
    """A row of the catalogue.

    Attributes:
        name: `set.field`; those of `sizes` are members of `statistics` itself.
        kind: Its JSON type.
        unit: Unit of the value.
        low: Minimum value.
        high: Maximum value; None without bound.
        empty: When it is null, or what it is for the empty text.
        definition: How it is computed.
        source: Publication of the definition; empty for plain counts.
    """

    name: str
    kind: Kind
    unit: str
    low: float
    high: float | None
    empty: str
    definition: str
    source: str = ""

    @property
    def field(self) -> str:
        """The member of the record."""
        return self.name.partition(".")[2]

    @property
    def set(self) -> str:
        """The set it belongs to."""
        return self.name.partition(".")[0]

    @property
    def description(self) -> str:
        """Definition in a line, for schemas."""
        source = f" Source: {self.source}." if self.source else ""
        return f"{self.definition} Unit: {self.unit}. Empty: {self.empty}.{source}"


def _count(name: str, unit: str, definition: str, source: str = "") -> Statistic:
    return Statistic(name, "integer", unit, 0, None, "0", definition, source)


def _most(name: str, unit: str, definition: str, without: str) -> Statistic:
    return Statistic(name, "integer", unit, 0, None, f"null without {without}", definition)


def _mean(name: str, unit: str, definition: str, without: str, source: str = "") -> Statistic:
    return Statistic(name, "number", unit, 0, None, f"null without {without}", definition, source)


def _share(name: str, unit: str, definition: str, without: str, source: str = "") -> Statistic:
    return Statistic(name, "number", unit, 0, 1, f"null without {without}", definition, source)


def _filter(name: str, definition: str, source: str) -> Statistic:
    return Statistic(
        f"filters.{name}", "filter", "filter result", 0, 1, "fails", definition, source
    )


def _formula(name: str, low: float, high: float, definition: str, source: str) -> Statistic:
    empty = "null in other languages, without sentences, and outside the range"
    return Statistic(f"readability.{name}", "number", "score", low, high, empty, definition, source)


_RP: Final = "RedPajama-V2 (Weber et al. 2024)"
_GOPHER: Final = "Rae et al. 2021, table A1, as RedPajama-V2 computes it"
_LINE: Final = "line between line feeds"
_PART: Final = "share of word characters"

CATALOGUE: Final[tuple[Statistic, ...]] = (
    # Sizes
    _count("sizes.bytes", "bytes", "Length in UTF-8."),
    _count("sizes.characters", "code points", "Unicode code points."),
    _count(
        "sizes.graphemes",
        "graphemes",
        "Graphemes, which readers call characters: a family emoji is one.",
        "UAX #29, extended grapheme clusters",
    ),
    _count("sizes.words", "words", "Words after UAX #29 with dictionaries for unspaced scripts."),
    _count("sizes.unique_words", "words", "Different words after case folding."),
    _count(
        "sizes.sentences",
        "sentences",
        "Sentences after UAX #29, corrected for abbreviations and layout.",
    ),
    _count("sizes.paragraphs", "paragraphs", "Runs of lines with text between blank lines."),
    _count("sizes.lines", "lines", "Lines, blank ones included; 0 for the empty text."),
    _mean("sizes.mean_word_length", "code points", "Mean length of words.", "words"),
    _mean("sizes.median_word_length", "code points", "Median length of words.", "words"),
    _most("sizes.max_word_length", "code points", "Length of the longest word.", "words"),
    _mean("sizes.mean_sentence_length", "words", "Mean words per sentence.", "sentences"),
    _mean("sizes.median_sentence_length", "words", "Median words per sentence.", "sentences"),
    _most("sizes.max_sentence_length", "words", "Words of the longest sentence.", "sentences"),
    _mean("sizes.mean_paragraph_length", "words", "Mean words per paragraph.", "paragraphs"),
    _mean("sizes.median_paragraph_length", "words", "Median words per paragraph.", "paragraphs"),
    _most("sizes.max_paragraph_length", "words", "Words of the longest paragraph.", "paragraphs"),
    _mean("sizes.mean_line_length", "code points", "Mean length of lines, no breaks.", "lines"),
    _mean("sizes.median_line_length", "code points", "Median length of lines.", "lines"),
    _most("sizes.max_line_length", "code points", "Length of the longest line.", "lines"),
    _share("sizes.unique_word_ratio", "share of words", "Different words per word.", "words"),
    Statistic(
        "sizes.reading_time_seconds",
        "number",
        "seconds",
        0,
        None,
        "0.0",
        "Silent reading by an adult at the mean speed for the language.",
        "Trauzettel-Klosinski and Dietz 2012; Brysbaert 2019",
    ),
    Statistic(
        "sizes.speaking_time_seconds",
        "number",
        "seconds",
        0,
        None,
        "0.0",
        "Reading aloud by an adult at the mean speed for the language.",
        "Trauzettel-Klosinski and Dietz 2012",
    ),
    # Quality signals
    _count(
        "quality.word_count",
        "words",
        "Words in lower case, without ASCII punctuation, between spaces; in scripts without "
        "spaces those of the dictionary. `word` means this in all signals but `tokens`.",
        _RP,
    ),
    _mean("quality.mean_word_length", "code points", "Mean length of these words.", "words", _RP),
    _count(
        "quality.num_sentences",
        "sentences",
        "English: runs between `.`, `!` and `?` that begin with a word; elsewhere our sentences.",
        _RP,
    ),
    _mean(
        "quality.symbol_to_word_ratio",
        "symbols per token",
        "`#`, `...` and `…` per token; a token is a run of letters and digits or of signs. "
        "Combining marks belong to letters, but not in English, where they are signs as published.",
        "tokens",
        _RP,
    ),
    _share("quality.frac_unique_words", "share of words", "Different words.", "words", _RP),
    Statistic(
        "quality.unigram_entropy",
        "number",
        "nats",
        0,
        16,
        "null without words",
        "Entropy of the distribution of words.",
        _RP,
    ),
    _share("quality.frac_all_caps_words", "share of tokens", "Tokens in capitals.", "tokens", _RP),
    _share(
        "quality.frac_no_alph_words",
        "share of tokens",
        "Tokens without a letter: of a to z in English, of any script elsewhere.",
        "tokens",
        _RP,
    ),
    _share(
        "quality.stop_word_fraction",
        "share of words",
        "Words that are in fanmill's list of function words for the language.",
        "words, and in languages without a list",
        f"{_RP}, with another list and without regard to case",
    ),
    _share(
        "quality.lines_end_with_terminal_mark",
        "share of lines",
        f"Share of lines ({_LINE}) that end in `.`, `!`, `?` or `”`; elsewhere than in English "
        "also in the marks of other scripts.",
        "lines",
        _RP,
    ),
    _share(
        "quality.lines_end_with_ellipsis",
        "share of lines",
        "Lines that end in `...` or `…`.",
        "lines",
        _RP,
    ),
    _share(
        "quality.lines_start_with_bullet",
        "share of lines",
        "Lines that start with a bullet or an en dash.",
        "lines",
        _RP,
    ),
    _share(
        "quality.lines_uppercase_fraction",
        "share of characters",
        "Mean over lines of the share of capitals.",
        "lines",
        _RP,
    ),
    _share(
        "quality.lines_numerical_fraction",
        "share of characters",
        "Mean over lines of the share of numerals.",
        "lines",
        _RP,
    ),
    _mean("quality.lines_num_words", "words", "Mean words per line.", "lines", _RP),
    _count("quality.javascript_count", "words", "Words that are `javascript`.", _RP),
    Statistic(
        "quality.lorem_ipsum",
        "number",
        "occurrences per code point",
        0,
        1,
        "0.0",
        "`lorem ipsum` per code point of the words joined by spaces.",
        _RP,
    ),
    Statistic(
        "quality.curly_bracket",
        "number",
        "share of code points",
        0,
        1,
        "0.0",
        "Share of `{` and `}`.",
        _RP,
    ),
    *(
        Statistic(
            f"quality.chars_top_{n}gram",
            "number",
            _PART,
            0,
            1,
            "0.0",
            f"Characters of the most frequent run of {n} words, counted at each occurrence; "
            "0.0 when none occurs twice, 1 where overlaps would give more.",
            _GOPHER,
        )
        for n in (2, 3, 4)
    ),
    *(
        Statistic(
            f"quality.chars_duplicate_{n}grams",
            "number",
            _PART,
            0,
            1,
            "0.0",
            f"Characters in runs of {n} words that occur twice or more, each character once.",
            _GOPHER,
        )
        for n in range(5, 11)
    ),
    *(
        _share(
            f"quality.duplicate_{part}_{unit}",
            f"share of {part if unit == 'fraction' else 'character'}s",
            f"{'Share of' if unit == 'fraction' else 'Characters in'} {part}s that an earlier "
            f"{part} equals.",
            "text",
            "Rae et al. 2021, table A1, as datatrove computes it",
        )
        for part in ("line", "paragraph")
        for unit in ("fraction", "characters")
    ),
    # Filters
    _filter(
        "gopher_quality",
        "Words, their length, symbols, bullets, ellipses, letters, function words; limits by "
        "script.",
        "Rae et al. 2021, section A.1.1",
    ),
    _filter(
        "gopher_repetition",
        "Repeated paragraphs, lines and runs of words.",
        "Rae et al. 2021, table A1",
    ),
    _filter(
        "c4",
        "At least five sentences in lines that end in a mark and have three words; no lorem "
        "ipsum, no curly bracket.",
        "Raffel et al. 2020, section 2.2",
    ),
    _filter(
        "fineweb",
        "Lines that end in a mark, short lines, repeated lines, line breaks per word.",
        "Penedo et al. 2024, section 3.6",
    ),
    # Readability
    _formula(
        "flesch_reading_ease",
        -100,
        121.22,
        "206.835 - 1.015 words/sentence - 84.6 syllables/word. English.",
        "Flesch 1948",
    ),
    _formula(
        "flesch_kincaid_grade",
        -3.4,
        50,
        "0.39 words/sentence + 11.8 syllables/word - 15.59. English.",
        "Kincaid et al. 1975",
    ),
    _formula(
        "gunning_fog",
        0,
        60,
        "0.4 (words/sentence + % of words of three or more syllables). English.",
        "Gunning 1952",
    ),
    _formula(
        "smog",
        3.1291,
        40,
        "1.0430 sqrt(30 words of three or more syllables / sentences) + 3.1291. English, "
        "thirty sentences or more.",
        "McLaughlin 1969",
    ),
    _formula(
        "coleman_liau",
        -16,
        60,
        "5.88 characters/word - 29.6 sentences/word - 15.8. English.",
        "Coleman and Liau 1975",
    ),
    _formula(
        "automated_readability",
        -17,
        60,
        "4.71 characters/word + 0.5 words/sentence - 21.43. English.",
        "Smith and Senter 1967",
    ),
    _formula(
        "amstad",
        -100,
        121,
        "180 - words/sentence - 58.5 syllables/word. German.",
        "Amstad 1978",
    ),
    _formula(
        "wiener_sachtext",
        -3,
        40,
        "0.1935 % words of 3+ syllables + 0.1672 words/sentence + 0.1297 % words of 7+ letters "
        "- 0.0327 % words of one syllable - 0.875. German.",
        "Bamberger and Vanecek 1984, first formula",
    ),
    _formula(
        "fernandez_huerta",
        -100,
        206.84,
        "206.84 - 60 syllables/word - 1.02 words/sentence. Spanish.",
        "Fernández Huerta 1959, as corrected by Law 2011",
    ),
    _formula(
        "gulpease",
        0,
        100,
        "89 + (300 sentences - 10 letters) / words. Italian.",
        "Lucisano and Piemontese 1988",
    ),
    _formula(
        "lix",
        0,
        150,
        "words/sentence + % of words of 7+ letters. Danish, English, Finnish, French, German, "
        "Italian, Norwegian, Portuguese, Russian, Spanish, Swedish.",
        "Björnsson 1968 and 1983",
    ),
    _formula(
        "rix",
        0,
        60,
        "Words of 7+ letters per sentence. The languages of `lix`.",
        "Anderson 1983",
    ),
    # Diversity
    _share(
        "diversity.ttr",
        "share of words",
        "Types per token: different words of the set `quality` per word; falls with length.",
        "words",
        "Johnson 1944",
    ),
    _share(
        "diversity.mattr",
        "share of words",
        "Mean of the type-token ratios of all windows of 50 words.",
        "50 words",
        "Covington and McFall 2010",
    ),
    Statistic(
        "diversity.mtld",
        "number",
        "words",
        1,
        None,
        "null below 10 words, and when no word occurs twice",
        "Mean length of runs that keep a type-token ratio of 0.72, read in both directions.",
        "McCarthy and Jarvis 2010",
    ),
    Statistic(
        "diversity.character_entropy",
        "number",
        "bits",
        0,
        21,
        "null for the empty text",
        "Entropy of the distribution of code points.",
        "Shannon 1948",
    ),
    Statistic(
        "diversity.compression_ratio",
        "number",
        "bytes per byte",
        0,
        100_000,
        "null for the empty text",
        "Bytes of UTF-8 per byte of it compressed by zstd at level 1.",
        "RFC 8878",
    ),
    # Composition
    Statistic(
        "composition.scripts",
        "shares",
        "share of letters",
        0,
        1,
        "{} without letters",
        "Letters of each script by ISO 15924 code; `Zzzz` for scripts without a name here.",
        "Unicode character names",
    ),
    _share("composition.letters", "share of code points", "Letters and marks on letters.", "text"),
    _share("composition.digits", "share of code points", "Numerals of any script.", "text"),
    _share("composition.spaces", "share of code points", "White space.", "text"),
    _share(
        "composition.unassigned",
        "share of code points",
        "Code points that are no characters: unassigned, lone surrogates.",
        "text",
        "Unicode categories Cn, Cs",
    ),
    _share(
        "composition.replacement",
        "share of code points",
        "U+FFFD, what decoders write for bytes they cannot read.",
        "text",
    ),
    _share(
        "composition.control",
        "share of code points",
        "Control characters other than tab, line feed and carriage return.",
        "text",
        "Unicode category Cc",
    ),
    _share(
        "composition.mojibake",
        "share of code points",
        "Code points that were read in a wrong encoding: UTF-8 read in a code page of Windows, "
        "Mac OS, DOS or KOI8, as GBK or Shift JIS (`Ã©`, `√©`, `锟斤拷`), and letters of a "
        "code page read in another one (`p³yn`, `Çàâòðà`, `cafй`). A letter before a closing "
        "quotation mark is none.",
        "text",
    ),
)
"""All statistics, by set."""

BY_NAME: Final = {entry.name: entry for entry in CATALOGUE}


def statistic(name: str, **more: Any) -> Any:
    """Return the pydantic field of a statistic, with its description and limits.

    Raises:
        KeyError: The catalogue has no such name.
    """
    entry = BY_NAME[name]
    limits: Any = {"ge": entry.low, "le": entry.high} if entry.kind in {"integer", "number"} else {}
    return Field(description=entry.description, **limits, **more)
