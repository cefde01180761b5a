"""Languages and tags of a document, with the producers of the tags."""

from typing import Annotated, NamedTuple

from pydantic import Field, WithJsonSchema

from fanmill_contracts.envelope import Model
from fanmill_contracts.numbers import Count, Ratio
from fanmill_contracts.terms import ScoreKind


class Producer(Model):
    """Tagger that made a tag; a version never changes its meaning."""

    name: str
    version: str
    library: str | None = Field(
        default=None, description="Name and version of the library it uses."
    )
    config_hash: str | None = Field(
        default=None,
        description="Digest of its configuration; null for the default configuration.",
    )
    model_hash: str | None = Field(
        default=None, description="Digest of its data: a model, term lists, or a rules file."
    )


class TagSpan(NamedTuple):
    """Range of the text that `text_sha256` names; an array of two offsets in JSON."""

    start: Count
    """Offset of the first code point."""
    end: Count
    """Offset after the last code point."""


Spans = Annotated[
    tuple[TagSpan, ...],
    WithJsonSchema(
        {
            "type": "array",
            "items": {
                "type": "array",
                "description": "Offset of the first code point, offset after the last one.",
                "items": {"type": "integer", "minimum": 0},
                "minItems": 2,
                "maxItems": 2,
            },
        }
    ),
]
"""Ranges of the text, each `[start, end]` in JSON."""


class Tag(Model):
    """A statement about the document; its namespace is the key it is listed under."""

    value: str
    score: Ratio
    score_kind: ScoreKind = Field(
        default="heuristic",
        description="`probability`: calibrated. `rule`: a rule matched. `heuristic`: orders the "
        "tags of a namespace and means no more.",
    )
    producer: Count = Field(default=0, description="Index of its producer in `producers`.")
    spans: Spans = Field(
        default=(), description="Places of the evidence; empty if it is the text as a whole."
    )
    reason: str | None = Field(default=None, description="Explanation for people.")
    concept: str | None = Field(
        default=None, description="The value in a public vocabulary, such as `medtop:15000000`."
    )


class LanguageShare(Model):
    """Share of the text that is in one language."""

    language: str = Field(description="ISO 639-1 code.")
    share: Ratio = Field(description="Share of the text's letters; the shares add up to 1.")
    spans: Spans = Field(default=(), description="Approximate places in the text.")


class DeclaredLanguage(Model):
    """Language that the event declared, compared with the text."""

    language: str
    agrees: bool | None = Field(
        default=True, description="Null if the language of the text cannot be determined."
    )


class Tagging(Model):
    """Languages and tags of a document."""

    language: str = Field(description="ISO 639-1 code of the main language, or `und`.")
    language_confidence: Ratio = Field(description="0 for `und`.")
    languages: tuple[LanguageShare, ...] = Field(
        default=(),
        description="Languages of mixed text by falling share; empty for text in one language.",
    )
    script: str | None = Field(
        default=None, description="ISO 15924 code of most letters; null without letters."
    )
    declared_language: DeclaredLanguage | None = Field(
        default=None, description="Null if the event declared none."
    )
    tags: dict[str, tuple[Tag, ...]] = Field(
        default_factory=dict,
        description="Tags by namespace (`language`, `keyphrase`, ...), by falling score.",
    )
    producers: tuple[Producer, ...] = Field(
        default=(), description="Producers of the tags, each once; tags refer to them by index."
    )

    def producer_of(self, tag: Tag) -> Producer:
        """Return the producer of one of the tags.

        Raises:
            IndexError: The tag refers to no producer of this record.
        """
        return self.producers[tag.producer]
