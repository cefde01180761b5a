"""Record of a document: duplicate verdict, statistics, summary and tags.

Within v1 a model may gain members and loses none. `None` means "not defined
here" and is never a zero in disguise: the mean word length of an empty text is
`None`, its number of words is 0.

In JSON a member is left out when it has its default, which the JSON Schema
names: null, an empty list, or 0 where the description says so. Numbers are
rounded to three significant digits and at most four decimals.
"""

from typing import Annotated

from pydantic import Field, PlainSerializer

from fanmill_contracts.envelope import DocumentId, EventId, Identifier, Model, UtcTime
from fanmill_contracts.numbers import Count, NonNegative, Ratio
from fanmill_contracts.statistics import Statistics
from fanmill_contracts.tagging import Tagging
from fanmill_contracts.terms import ComparedText, DecidedBy, Stage, Verdict

RecordTime = Annotated[
    UtcTime,
    PlainSerializer(
        lambda time: time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        return_type=str,
        when_used="json-unless-none",
    ),
]
"""Time of the server's clock, in milliseconds."""


class EventReference(Model):
    """Reference to an event: two events with the same id and source are one event."""

    id: EventId
    source: Identifier


class Deduplication(Model):
    """Verdict on whether the document repeats an earlier one."""

    verdict: Verdict
    duplicate_of: DocumentId | None = Field(
        default=None,
        description="The original it repeats; null if unique, or if the original was forgotten.",
    )
    similarity: Ratio | None = Field(
        default=None, description="Jaccard similarity to the original; 1 if exact; null if unique."
    )
    containment: Ratio | None = Field(
        default=None,
        description="Share of the smaller text that the larger one contains; null if unique.",
    )
    decided_by: DecidedBy | None = Field(
        default=None,
        description="`digest`: equal texts. `jaccard`: the similarity reached the threshold. "
        "`containment`: one text contains the other. `nothing-alike`: no similar text is known. "
        "`digest-only`: the text is too short for an estimate; no equal text is known.",
    )
    compared_text: ComparedText | None = Field(
        default=None,
        description="`full`: the whole texts were compared. `content`: the texts without "
        "boilerplate lines. Null if unique.",
    )
    algorithm: str = Field(description="Name and revision of the algorithm, such as `minhash-2`.")
    threshold: Ratio | None = Field(
        default=None, description="Minimum similarity of a near duplicate at the time."
    )
    partition: str = Field(
        default="all",
        description="Partition of the index: documents of two partitions are not compared.",
    )


class SummarySentence(Model):
    """A sentence of the text, with its place in it."""

    text: str = Field(
        description="The text from start to end with its line breaks, but with broken words joined "
        "and without marks of quoted mail. Cut after 1,000 code points, at the end of a word."
    )
    start: Count = Field(description="Offset of the first code point in the text.")
    end: Count = Field(description="Offset after the last code point in the text.")
    truncated: bool = Field(
        default=False, description="Whether the sentence continues in the text."
    )


class SummaryStatistics(Model):
    """Relation of the summary to the text (coverage, density, compression: Grusky et al. 2018)."""

    words: Count = Field(description="Words of all sentences.")
    coverage: Ratio | None = Field(
        default=None,
        description="Share of its words in fragments of the text: 1 for every extract; null "
        "without words.",
    )
    density: NonNegative | None = Field(
        default=None,
        description="Mean squared length of fragments per word: consecutive sentences of the text "
        "are one fragment; null without words.",
    )
    compression: NonNegative | None = Field(
        default=None, description="Words of the text per word of the summary; null without words."
    )
    redundancy: Ratio | None = Field(
        default=None,
        description="Share of its pairs of words that are repetitions; null below two words.",
    )
    key_terms_covered: Ratio | None = Field(
        default=None,
        description="Share of the text's content words that the summary contains, of the ten most "
        "frequent that occur at least twice; null without any.",
    )


class ReferenceStatistics(Model):
    """Relation of the producer's title or abstract to the text (Grusky et al. 2018).

    Words are compared after case folding. The first 200 words of the
    reference and the first 50,000 of the text count.
    """

    words: Annotated[int, Field(ge=1)]
    coverage: Ratio = Field(description="Share of its words in fragments shared with the text.")
    density: NonNegative = Field(description="Mean squared length of such fragments per word.")
    compression: NonNegative = Field(description="Words of the text per word of the reference.")
    novel_unigrams: Ratio = Field(description="Share of its words that are not in the text.")
    novel_bigrams: Ratio | None = Field(
        default=None, description="The same for pairs of words; null below two words."
    )
    novel_trigrams: Ratio | None = Field(
        default=None, description="The same for triples of words; null below three words."
    )
    summary_recall: Ratio = Field(
        description="Share of its words that the summary contains, counted with repetition "
        "(ROUGE-1 recall without stemming)."
    )


class Summary(Model):
    """Sentences taken from the text, in the order of the text."""

    method: str = Field(description="Name and revision of the method, such as `lead-3`.")
    sentences: tuple[SummarySentence, ...] = Field(
        description="Up to three unless the settings differ; empty if the text has no sentence."
    )
    statistics: SummaryStatistics | None = None
    title: ReferenceStatistics | None = Field(
        default=None,
        description="The producer's title against text and summary; null if it has no words.",
    )
    abstract: ReferenceStatistics | None = Field(
        default=None, description="The same for `abstract` in the producer's metadata."
    )


class Problem(Model):
    """Failure of a plugin or tagger, which cost its own results alone."""

    stage: Stage
    producer: str
    error: str


class DocumentResult(Model):
    """Record of one document, made from its newest completed event.

    `statistics`, `summary` and `tagging` are null when the document is a
    duplicate and the policy is to skip those (`FANMILL_ON_DUPLICATE=skip`,
    and for a document that contains another one `FANMILL_SKIP_CONTAINED`).
    """

    document_id: DocumentId
    revision: Annotated[int, Field(ge=1)] = Field(
        description="1 for the first event of this document, 2 for the second, ..."
    )
    event: EventReference
    title: str | None = None
    url: str | None = None
    text_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] = Field(
        description="Digest of the text in UTF-8, to which all offsets refer."
    )
    received_at: RecordTime | None = Field(
        default=None,
        description="Time at which the ledger took the event (server's clock); null if the id of "
        "the entry is later than that clock, as after an XADD with an explicit id.",
    )
    completed_at: RecordTime = Field(
        description="Time at which the last stage result was stored (server's clock)."
    )
    deduplication: Deduplication
    statistics: Statistics | None = None
    summary: Summary | None = None
    tagging: Tagging | None = None
    problems: tuple[Problem, ...] = ()


def record_json(record: DocumentResult) -> str:
    """Return a record as compact JSON, without the members that have their default.

    `DocumentResult.model_validate_json` reads it back.
    """
    return record.model_dump_json(exclude_defaults=True)
