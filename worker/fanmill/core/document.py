"""Document: the input of the pure functions, a text with the producer's fields and kept views."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fanmill.core.views import view_property


@dataclass(frozen=True, slots=True)
class Document:
    """A text with the fields of its event; a field that the producer leaves out is None.

    Attributes:
        document_id: The producer's id.
        text: The unchanged text; offsets count its code points. It may be empty.
        title: Headline.
        url: Address of the document.
        language: Declared language, a BCP 47 tag. It is evidence, not truth: pages often declare
            the language of their template.
        abstract: The producer's summary: `abstract` in the event's metadata.
        source: Sender of the event, such as `/crawler/eu`.
        published_at: Date of publication in the event, RFC 3339.
        author: Author.
        publisher: Publisher.
        metadata: Flat values of the producer.
        views: Views of the text that a stage computed and the next one of this process reuses; see
            `fanmill.core.analysis`. A copy with another text begins without any.
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
    views: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)


if TYPE_CHECKING:
    stage_property = view_property
else:

    class stage_property(view_property):  # noqa: N801  named like the class that it extends
        """A view whose value stays with the document, for its next analysis."""

        def __get__(self, instance: Any, owner: type[Any] | None = None) -> Any:
            """Compute the value at first use."""
            value = super().__get__(instance, owner)
            if instance is not None:
                instance.document.views[self.name] = value
            return value
