"""What fanmill says of a document: verdict, statistics, summary, tags.

Every part may gain fields within v1 and loses none. `None` means "not defined
here" and is never a zero in disguise: the mean word length of an empty text is
`None`, its number of words is 0.
"""

from typing import Annotated, Literal

from pydantic import Field

from fanmill_contracts.envelope import Identifier, Model, UtcTime

Count = Annotated[int, Field(ge=0)]
Ratio = Annotated[float, Field(ge=0.0, le=1.0)]
NonNegative = Annotated[float, Field(ge=0.0)]

Verdict = Literal["unique", "exact", "near"]
DecidedBy = Literal["digest", "jaccard", "containment", "nothing-alike", "digest-only"]
Stage = Literal["deduplicate", "summarize", "tag"]


class EventReference(Model):
    """Which event a result belongs to: the pair that makes an event the same event."""

    id: Identifier
    source: Identifier


class Deduplication(Model):
    """Whether the document repeats one that was seen before."""

    verdict: Verdict
    leader: Identifier | None = Field(
        default=None,
        description="The document it repeats; null when it is unique, or its leader was forgotten.",
    )
    similarity: Ratio | None = Field(
        default=None, description="Jaccard similarity to the leader; 1 for exact; null if unique."
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
    compared: Literal["full", "content"] | None = Field(
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
    part: str | None = Field(
        default=None, description="Part of the index: documents of two parts are not compared."
    )
    fingerprint: str | None = Field(
        default=None,
        description="What the text was judged by, packed: the index can be made again from it.",
    )


class Statistics(Model):
    """Sizes and ratios of the text as it came, before any normalisation."""

    bytes: Count = Field(description="Length in UTF-8.")
    characters: Count = Field(description="Unicode code points.")
    words: Count = Field(description="Words after UAX #29 with dictionaries for unspaced scripts.")
    unique_words: Count = Field(description="Different words after case folding.")
    sentences: Count = Field(description="Sentences after UAX #29, at least one word each.")
    paragraphs: Count = Field(description="Runs of lines with text between blank lines.")
    lines: Count = Field(description="Lines, blank ones included; 0 for the empty text.")
    mean_word_length: NonNegative | None = Field(
        description="Code points per word; null without words."
    )
    mean_sentence_length: NonNegative | None = Field(
        description="Words per sentence; null without sentences."
    )
    unique_word_ratio: Ratio | None = Field(
        description="Different words per word; null without words."
    )
    reading_time_seconds: NonNegative = Field(
        description="Silent reading by an adult at the mean speed for the language."
    )


class SummarySentence(Model):
    """One sentence of the text, with its place in it."""

    text: str = Field(description="Cut at 1,000 code points, at the end of a word.")
    start: Count = Field(description="Offset of the first code point in the text.")
    end: Count = Field(description="Offset after the last code point in the text.")


class Summary(Model):
    """Sentences taken from the text, in the order of the text."""

    method: str = Field(description="Name and revision of the method, such as `lead-1`.")
    sentences: tuple[SummarySentence, ...] = Field(
        description="Up to three; none when the text has no sentence."
    )


class Producer(Model):
    """What made a tag; a version never changes its meaning."""

    name: str
    version: str
    library: str | None = Field(default=None, description="Distribution and version it rests on.")


class Tag(Model):
    """One statement about the document."""

    namespace: str = Field(description="What is stated: `language`, `keyphrase`, ...")
    value: str
    score: Ratio
    score_kind: Literal["probability", "rule", "heuristic"]
    producer: Producer


class Tagging(Model):
    """All tags, by namespace and then by falling score."""

    language: str = Field(description="ISO 639-1 code of the main language, or `und`.")
    language_confidence: Ratio = Field(description="0 for `und`.")
    tags: tuple[Tag, ...] = ()


class Problem(Model):
    """Something that went wrong beside the document and cost only itself."""

    stage: Stage
    producer: str
    error: str


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
    received_at: UtcTime = Field(description="When the ledger took the event (server's clock).")
    completed_at: UtcTime = Field(description="When the last part was stored (server's clock).")
    deduplication: Deduplication
    statistics: Statistics | None = None
    summary: Summary | None = None
    tagging: Tagging | None = None
    problems: tuple[Problem, ...] = ()
