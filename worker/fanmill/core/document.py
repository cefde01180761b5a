"""The document as the pure functions see it: its text and what the producer said of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Document:
    """One text and what came with it.

    Attributes:
        document_id: The producer's id.
        text: The text as it came; every offset counts its code points. May be empty.
        title: Headline, if the producer gave one.
        url: Where it was found.
        language: What the producer takes it for, a BCP 47 tag. Evidence, not
            truth: pages declare what their template was written in.
        abstract: A summary of the producer's, `abstract` in the event's metadata.
        source: Who sent the event, such as `/crawler/eu`.
        published_at: Date of publication as the event has it, RFC 3339.
        author: Who wrote it, if the producer says.
        publisher: Who published it, if the producer says.
        metadata: Flat values of the producer's own.
    """

    document_id: str
    text: str
    title: str | None = None
    url: str | None = None
    language: str | None = None
    abstract: str | None = None
    source: str | None = None
    published_at: str | None = None
    author: str | None = None
    publisher: str | None = None
    metadata: Mapping[str, bool | int | float | str | None] = field(default_factory=dict)
