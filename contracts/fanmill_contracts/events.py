"""The three events: a document came in, was processed, or was rejected."""

from datetime import UTC, datetime
from math import isfinite
from typing import Annotated, Final, Literal, Self
from uuid import uuid4

from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from fanmill_contracts import limits
from fanmill_contracts.envelope import DocumentId, Envelope, JsonScalar, Model, UtcTime
from fanmill_contracts.results import DocumentResult
from fanmill_contracts.terms import Place
from fanmill_contracts.validation import encodable, too_large, validating

INGESTED_TYPE: Literal["fanmill.document.ingested.v1"] = "fanmill.document.ingested.v1"
PROCESSED_TYPE: Literal["fanmill.document.processed.v1"] = "fanmill.document.processed.v1"
REJECTED_TYPE: Literal["fanmill.document.rejected.v1"] = "fanmill.document.rejected.v1"

FANMILL_SOURCE: Final = "/fanmill"
"""The `source` of every event that fanmill sends."""

Line = Annotated[str, StringConstraints(strict=True, max_length=limits.MAX_TITLE_CHARACTERS)]
ShortLine = Annotated[str, StringConstraints(max_length=limits.MAX_ID_CHARACTERS)]
MetadataKey = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=limits.MAX_METADATA_KEY_CHARACTERS),
]


def _scalar(value: object) -> object:
    # Before pydantic tries the union, whose errors would name every member of it.
    if isinstance(value, str) and len(value) > limits.MAX_METADATA_VALUE_CHARACTERS:
        limit = limits.MAX_METADATA_VALUE_CHARACTERS
        raise too_large(f"{len(value):,} characters", f"{limit:,} characters")
    if isinstance(value, str):
        encodable(value)
    if value is not None and not isinstance(value, bool | int | float | str):
        raise PydanticCustomError("fanmill_scalar", "a string, a number, a boolean or null")
    if isinstance(value, float) and not isfinite(value):
        raise PydanticCustomError("fanmill_scalar", "a finite number")
    return value


MetadataValue = Annotated[JsonScalar, BeforeValidator(_scalar)]
Metadata = dict[MetadataKey, MetadataValue]

RejectionReason = Literal[
    "malformed-event",
    "unsupported-version",
    "event-too-large",
    "entry-lost",
    "intake-failed",
    "removed",
    "stage-failed",
    "time-limit",
    "worker-lost",
]
"""Why an event was rejected.

`malformed-event`, `unsupported-version`, `event-too-large`: see the errors of
the same name. `entry-lost`: another program removed the entry from the stream
while it was in work; its text is gone, and the event may be published again.
`intake-failed`: reading the event ended intake itself several times.
`removed`: an operator took the event out of the backlog or out of work.
`stage-failed`: a stage raised on this text. `time-limit`: a stage ran over its
time limit. `worker-lost`: the process that worked on it died.
"""


class IngestedData(Model):
    """The document as the producer has it."""

    document_id: DocumentId
    text: str = Field(
        strict=True, description=f"At most {limits.MAX_TEXT_BYTES:,} UTF-8 bytes; may be empty."
    )
    title: Line | None = None
    url: (
        Annotated[str, StringConstraints(strict=True, max_length=limits.MAX_URL_CHARACTERS)] | None
    ) = None
    language: (
        Annotated[
            str,
            StringConstraints(
                strict=True,
                max_length=limits.MAX_LANGUAGE_CHARACTERS,
                pattern=r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$",
            ),
        ]
        | None
    ) = Field(default=None, description="Language that the producer declares: a BCP 47 tag.")
    published_at: UtcTime | None = None
    author: Line | None = None
    publisher: Line | None = None
    metadata: Metadata = Field(
        default_factory=dict,
        max_length=limits.MAX_METADATA_KEYS,
        description="Flat; carried for rules and readers, not interpreted.",
    )

    @field_validator("text")
    @classmethod
    def _within_limit(cls, text: str) -> str:
        encodable(text)
        # A code point has at most 4 bytes: most texts need no encoding to be sure.
        if len(text) * 4 > limits.MAX_TEXT_BYTES:
            size = len(text.encode())
            if size > limits.MAX_TEXT_BYTES:
                raise too_large(f"{size:,} bytes", f"{limits.MAX_TEXT_BYTES:,} bytes")
        return text


class DocumentIngested(Envelope):
    """A producer has a document for fanmill."""

    type: Literal["fanmill.document.ingested.v1"] = INGESTED_TYPE
    data: IngestedData

    @model_validator(mode="after")
    def _subject_is_the_document(self) -> Self:
        if self.subject is not None and self.subject != self.data.document_id:
            raise PydanticCustomError(
                "fanmill_subject", "the data's document_id, as subject, or no subject"
            )
        return self

    @classmethod
    def create(
        cls,
        document_id: str,
        text: str,
        *,
        source: str,
        event_id: str | None = None,
        title: str | None = None,
        url: str | None = None,
        language: str | None = None,
        published_at: datetime | None = None,
        author: str | None = None,
        publisher: str | None = None,
        metadata: dict[str, JsonScalar] | None = None,
        traceparent: str | None = None,
    ) -> Self:
        """Build the event for a document.

        Args:
            document_id: The document's own id, the key of its record. A later
                event for the same id is a revision of the document.
            text: The document, possibly empty.
            source: Who sends, such as `/crawler/eu`.
            event_id: With `source` the identity of the event. Give a stable
                one (a hash of the message that made you publish, say) and
                publishing again after a crash has no effect; without it every
                call makes a new event.
            title: Headline, at most 1,024 characters.
            url: Address of the document, at most 2,083 characters.
            language: Language that you declare, a BCP 47 tag such as `en` or `zh-Hans`.
            published_at: Date of publication, with its time zone.
            author: Who wrote it, at most 1,024 characters.
            publisher: Who published it, at most 1,024 characters.
            metadata: Up to 64 flat values of your own, carried unchanged.
            traceparent: W3C trace context; the record's event and log lines carry it on.

        Raises:
            MalformedEvent, EventTooLarge: A value is not as the contract wants it.
        """
        with validating():
            data = IngestedData(
                document_id=document_id,
                text=text,
                title=title,
                url=url,
                language=language,
                published_at=published_at,
                author=author,
                publisher=publisher,
                metadata=metadata or {},
            )
            return cls(
                specversion="1.0",
                id=str(uuid4()) if event_id is None else event_id,
                source=source,
                subject=document_id,
                time=datetime.now(UTC),
                data=data,
                traceparent=traceparent,
            )


class DocumentProcessed(Envelope):
    """fanmill has completed a document; `data` is the whole record.

    `id` is the ledger entry's id: the same record announced again would carry
    the same id.
    """

    type: Literal["fanmill.document.processed.v1"] = PROCESSED_TYPE
    data: DocumentResult


class RejectedData(Model):
    """Why, where, and after how many attempts an event was given up.

    The original event is not in here but beside it: fields `original:<name>`
    of the same stream entry hold the bytes of the ledger entry as they came.
    """

    document_id: DocumentId | None = Field(
        default=None, description="Null when it could not be read."
    )
    event_id: str | None = Field(
        default=None, description="Taken from the original event; null if it could not be read."
    )
    source: str | None = Field(
        default=None, description="Taken from the original event; null if it could not be read."
    )
    unverified: bool = Field(
        default=False,
        description="Whether the three members above were read from an event that is not valid: "
        "a hint for people, not an identity.",
    )
    reason: RejectionReason
    stage: Place
    error: Annotated[str, StringConstraints(max_length=limits.MAX_ERROR_CHARACTERS)]
    attempts: Annotated[int, Field(ge=1)] = Field(
        description="How often a process set out to do the work."
    )
    received_at: UtcTime | None = Field(
        description="When the ledger took the event (server's clock); null when the entry's id "
        "is later than that clock, as after an XADD with an id of its own."
    )
    rejected_at: UtcTime
    exception: ShortLine | None = Field(
        default=None, description="Type of the error; null where nothing was raised."
    )
    frame: ShortLine | None = Field(
        default=None,
        description="Innermost place in fanmill, `module:function:line`, or the member of the "
        "event that breaks the contract; null where nothing was raised.",
    )
    group: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        default=None,
        description="Fingerprint of reason, stage, exception and frame: rejections with one "
        "cause share it.",
    )
    replay_of: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        default=None,
        description="Id of the earlier rejection whose edited event this is.",
    )


class DocumentRejected(Envelope):
    """fanmill has given an event up; an operator can replay it."""

    type: Literal["fanmill.document.rejected.v1"] = REJECTED_TYPE
    data: RejectedData
