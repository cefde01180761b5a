"""The document as the pure functions see it: its text and what the producer said of it."""

from dataclasses import dataclass


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
    """

    document_id: str
    text: str
    title: str | None = None
    url: str | None = None
    language: str | None = None
    abstract: str | None = None
