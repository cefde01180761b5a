"""The CloudEvents 1.0 envelope shared by all events.

Structured JSON mode (CloudEvents JSON format 1.0.2); attribute names as in the
specification. Unknown attributes are kept out, not refused: consumers ignore
what they do not know.
"""

from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from fanmill_contracts.limits import MAX_ID_CHARACTERS, MAX_URL_CHARACTERS

IDENTIFIER_PATTERN: Final = r"^[^\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+$"
"""No control (C0, DEL, C1), no line separator, no character that changes the direction."""

Identifier = Annotated[
    str,
    StringConstraints(
        strict=True,
        min_length=1,
        max_length=MAX_ID_CHARACTERS,
        pattern=IDENTIFIER_PATTERN,
    ),
]
"""An id that people read in logs and terminals: 1 to 256 characters.

Controls (C0, DEL, C1), line separators and characters that change the direction of
writing are refused: they would act on the terminal that shows the id.
"""

DocumentId = Identifier
"""Identifier of a document, chosen by its producer; the key of its record."""

EventId = Identifier
"""Identifier of an event, unique for its source."""

JsonScalar = bool | int | float | str | None
"""Value of metadata and of statistics of other packages."""


def _dated(value: object) -> object:
    # pydantic would take numbers for times, guessing whether they are seconds or milliseconds.
    if isinstance(value, datetime) or (isinstance(value, str) and value[4:5] == "-"):
        return value
    raise PydanticCustomError("fanmill_time", "a date and time with its zone as in RFC 3339")


def _in_utc(time: datetime) -> datetime:
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("fanmill_time", "a time in the years 1 to 9999 of UTC") from None


UtcTime = Annotated[AwareDatetime, BeforeValidator(_dated), AfterValidator(_in_utc)]
"""A point in time with its zone (RFC 3339), held in UTC. Naive times are refused."""


class Model(BaseModel):
    """Base of every model of the contract: frozen, unknown fields ignored, no NaN."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Envelope(Model):
    """Context attributes of a CloudEvent; subclasses add `type` and `data`."""

    specversion: Literal["1.0"]
    id: Identifier = Field(
        description="With `source` the identity of the event: the same pair is the same event."
    )
    source: Identifier = Field(description="Who sends, a URI reference such as `/crawler/eu`.")
    subject: Identifier | None = Field(default=None, description="The document id.")
    time: UtcTime | None = Field(default=None, description="When the event was made.")
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: (
        Annotated[str, StringConstraints(strict=True, max_length=MAX_URL_CHARACTERS)] | None
    ) = None
    traceparent: (
        Annotated[str, StringConstraints(strict=True, max_length=MAX_ID_CHARACTERS)] | None
    ) = Field(default=None, description="W3C Trace Context, carried on unchanged.")
