"""What fanmill says of a document: verdict, statistics, summary, tags.

Every part may gain fields within v1 and loses none. `None` means "not defined
here" and is never a zero in disguise: the mean word length of an empty text is
`None`, its number of words is 0.
"""

from typing import Annotated, Literal

from pydantic import Field, RootModel

from fanmill_contracts.envelope import Identifier, Model, UtcTime
from fanmill_contracts.statistics import Statistics

Count = Annotated[int, Field(ge=0)]
Ratio = Annotated[float, Field(ge=0.0, le=1.0)]
NonNegative = Annotated[float, Field(ge=0.0)]

Verdict = Literal["unique", "exact", "near"]
"""`exact`: equal after normalisation to an earlier document. `near`: similar to one."""

DecidedBy = Literal["digest", "jaccard", "containment", "nothing-alike", "digest-only"]
"""Test that decided the verdict.

`digest`: equal digests. `jaccard`, `containment`: that estimate reached its threshold.
`nothing-alike`: no earlier document is similar. `digest-only`: the text is too short for an
estimate, and no earlier document has its digest.
"""

ComparedText = Literal["full", "content"]
"""`full`: the whole text. `content`: the text without boilerplate lines."""

ScoreKind = Literal["probability", "rule", "heuristic"]
"""`probability`: calibrated. `rule`: a rule matched. `heuristic`: orders tags, no more."""

Stage = Literal["deduplicate", "summarize", "tag"]


class EventReference(Model):
    """Which event a result belongs to: the pair that makes an event the same event."""

    id: Identifier
    source: Identifier


class Deduplication(Model):
    """Whether the document repeats one that was seen before."""

    verdict: Verdict
    duplicate_of: Identifier | None = Field(
        default=None,
        description="The original it repeats; null if unique, or if the original was forgotten.",
    )
    similarity: Ratio | None = Field(
        default=None, description="Jaccard similarity to the original; 1 for exact; null if unique."
    )
    containment: Ratio | None = Field(
        default=None,
        description="Share of the smaller of the two that the larger has; null if unique.",
    )
    decided_by: DecidedBy | None = Field(
        default=None,
        description="`digest`: equal texts. `jaccard`: similarity reached the threshold. "
        "`containment`: one is a part of the other. `nothing-alike`: unique. `digest-only`: too "
        "short for an estimate, only an equal text would have been found.",
    )
    compared_text: ComparedText | None = Field(
        default=None,
        description="Whether the whole text was compared, or what is no boilerplate of it.",
    )
    algorithm: str = Field(description="Name and revision of what judged, such as `minhash-1`.")
    parameters: str | None = Field(
        default=None, description="Digest of the parameters used; `fanmill index info` has them."
    )
    threshold: Ratio | None = Field(
        default=None, description="Least similarity of a near duplicate when it was judged."
    )
    partition: str | None = Field(
        default=None,
        description="Partition of the index: documents of two partitions are not compared.",
    )
    fingerprint: str | None = Field(
        default=None,
        description="What the text was judged by, packed: the index can be made again from it.",
    )


class SummarySentence(Model):
    """One sentence of the text, with its place in it."""

    text: str = Field(description="Cut at 1,000 code points, at the end of a word.")
    start: Count = Field(description="Offset of the first code point in the text.")
    end: Count = Field(description="Offset after the last code point in the text.")
    truncated: bool = Field(default=False, description="Whether the sentence goes on in the text.")


class SummaryStatistics(Model):
    """How the summary stands to the text (coverage, density, compression: Grusky et al. 2018)."""

    words: Count = Field(description="Words of all sentences.")
    coverage: Ratio | None = Field(
        description="Share of its words in fragments of the text: 1 for every extract; null "
        "without words."
    )
    density: NonNegative | None = Field(
        description="Mean squared length of fragments per word: sentences that follow each other "
        "in the text are one fragment; null without words."
    )
    compression: NonNegative | None = Field(
        description="Words of the text per word of the summary; null without words."
    )
    redundancy: Ratio | None = Field(
        description="Share of its pairs of words that are repetitions; null below two words."
    )
    key_terms_covered: Ratio | None = Field(
        description="Share of the text's up to ten most frequent content words (twice or more) "
        "that are in the summary; null without any."
    )


class ReferenceStatistics(Model):
    """How a title or abstract of the producer stands to the text (Grusky et al. 2018).

    Words are compared after case folding; at most the first 200 of the
    reference and the first 50,000 of the text.
    """

    words: Annotated[int, Field(ge=1)]
    coverage: Ratio = Field(description="Share of its words in fragments shared with the text.")
    density: NonNegative = Field(description="Mean squared length of such fragments per word.")
    compression: NonNegative = Field(description="Words of the text per word of the reference.")
    novel_unigrams: Ratio = Field(description="Share of its words that the text has not.")
    novel_bigrams: Ratio | None = Field(description="The same of pairs; null below two words.")
    novel_trigrams: Ratio | None = Field(description="The same of triples; null below three.")
    summary_recall: Ratio = Field(
        description="Share of its words that are in the summary, each as often as it is there "
        "(ROUGE-1 recall without stemming)."
    )


class Summary(Model):
    """Sentences taken from the text, in the order of the text."""

    method: str = Field(description="Name and revision of the method, such as `lead-2`.")
    sentences: tuple[SummarySentence, ...] = Field(
        description="Up to three unless the settings say; none when the text has no sentence."
    )
    statistics: SummaryStatistics | None = None
    title: ReferenceStatistics | None = Field(
        default=None, description="The producer's title against text and summary, if it has words."
    )
    abstract: ReferenceStatistics | None = Field(
        default=None, description="The same of `abstract` in the producer's metadata."
    )


class Producer(Model):
    """What made a tag; a version never changes its meaning."""

    name: str
    version: str
    library: str | None = Field(default=None, description="Distribution and version it rests on.")
    config_hash: str | None = Field(
        default=None, description="Names its configuration: equal hashes, equal settings."
    )
    model_hash: str | None = Field(
        default=None, description="Names the data it used: a model, term lists, a rules file."
    )


class TagSpan(Model):
    """A stretch of the text whose SHA-256 the record holds."""

    start: Count = Field(description="Offset of the first code point.")
    end: Count = Field(description="Offset after the last code point.")


class Tag(Model):
    """One statement about the document."""

    namespace: str = Field(description="What is stated: `language`, `keyphrase`, ...")
    value: str
    score: Ratio
    score_kind: ScoreKind
    producer: Producer
    spans: tuple[TagSpan, ...] = Field(
        default=(), description="Where the evidence stands; none when it is the text as a whole."
    )
    reason: str | None = Field(default=None, description="Why, for people.")
    concept: str | None = Field(
        default=None, description="The value in a public vocabulary, such as `medtop:15000000`."
    )


class LanguageShare(Model):
    """How much of the text is in one language."""

    language: str = Field(description="ISO 639-1 code.")
    share: Ratio = Field(description="Of the text's letters; the shares add up to 1.")
    spans: tuple[TagSpan, ...] = Field(default=(), description="Where, in coarse steps.")


class DeclaredLanguage(Model):
    """What the event said of the language, and whether the text bears it out."""

    language: str
    agrees: bool | None = Field(description="Null where the text tells no language.")


class Tagging(Model):
    """All tags, by namespace and then by falling score."""

    language: str = Field(description="ISO 639-1 code of the main language, or `und`.")
    language_confidence: Ratio = Field(description="0 for `und`.")
    languages: tuple[LanguageShare, ...] = Field(
        default=(), description="By falling share; several for mixed text, none for `und`."
    )
    script: str | None = Field(
        default=None, description="ISO 15924 code of most letters; null without letters."
    )
    declared_language: DeclaredLanguage | None = Field(
        default=None, description="Null when the event declared none."
    )
    tags: tuple[Tag, ...] = ()


class Problem(Model):
    """Something that went wrong beside the document and cost only itself."""

    stage: Stage
    producer: str
    error: str


class Problems(RootModel[tuple[Problem, ...]]):
    """All problems of one stage with one document."""


class DocumentResult(Model):
    """The record of one document: what its newest completed event led to.

    `statistics`, `summary` and `tagging` are null when the document is a
    duplicate and the policy is to skip those (`FANMILL_ON_DUPLICATE=skip`).
    """

    document_id: Identifier
    revision: Annotated[int, Field(ge=1)] = Field(
        description="1 for the first event of this document, 2 for the second, ..."
    )
    event: EventReference
    title: str | None = None
    url: str | None = None
    text_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] = Field(
        description="Of the text in UTF-8: what all offsets refer to."
    )
    received_at: UtcTime | None = Field(
        description="When the ledger took the event (server's clock); null when the entry's id "
        "is later than that clock, as after an XADD with an id of its own."
    )
    completed_at: UtcTime = Field(description="When the last part was stored (server's clock).")
    deduplication: Deduplication
    statistics: Statistics | None = None
    summary: Summary | None = None
    tagging: Tagging | None = None
    problems: tuple[Problem, ...] = ()
