"""Every error of the contract, from the general to the particular.

All arguments go to `Exception.__init__`, so that an error survives pickling
between processes; the text is built in `__str__`.
"""

from typing import ClassVar, Literal

InvalidReason = Literal["malformed-event", "unsupported-version", "event-too-large"]
"""Why an event cannot be taken: the `reason` of its rejection."""


class ContractError(Exception):
    """Anything that `fanmill_contracts` raises on purpose."""


class InvalidEvent(ContractError):
    """An event that cannot be taken as it is.

    Attributes:
        reason: The machine-readable name that a rejection carries.
        field: Dotted path into the event, for example `data.text`; `event` for the whole.
        value: The offending value, shortened for people; never a whole text.
        limit: What would have been right: a size, a choice or a form.
    """

    reason: ClassVar[InvalidReason]

    def __init__(self, field: str, value: str, limit: str) -> None:
        super().__init__(field, value, limit)
        self.field = field
        self.value = value
        self.limit = limit

    def __str__(self) -> str:
        return f"{self.field} is {self.value}; expected {self.limit}"


class MalformedEvent(InvalidEvent):
    """Not JSON, not a CloudEvent, or a field is missing or of the wrong form."""

    reason = "malformed-event"


class UnsupportedVersion(InvalidEvent):
    """A well-formed event of a version that this release does not read."""

    reason = "unsupported-version"


class EventTooLarge(InvalidEvent):
    """An event or one of its parts is over its limit (see `fanmill_contracts.limits`)."""

    reason = "event-too-large"

    def __str__(self) -> str:
        return f"{self.field} has {self.value}; the limit is {self.limit}"


class BacklogFull(ContractError):
    """The ledger is at its limit; of the events at hand only the first ones were written.

    Nothing of the refused events was written. Wait for the workers or start more,
    then publish the events from number `accepted` on.

    Attributes:
        stream: Name of the ledger.
        limit: Most entries it may hold.
        accepted: How many events of this call were written before it was full.
    """

    def __init__(self, stream: str, limit: int, accepted: int = 0) -> None:
        super().__init__(stream, limit, accepted)
        self.stream = stream
        self.limit = limit
        self.accepted = accepted

    def __str__(self) -> str:
        return (
            f"the ledger {self.stream!r} holds {self.limit} events, which is its limit "
            f"(max_backlog); {self.accepted} events of this call were written; "
            "wait for the workers, start more of them, or raise the limit"
        )


class NotDurable(ContractError):
    """The event was written, but the server did not confirm that it is on disk.

    Publishing the same event again is safe: its id makes it the same event.

    Attributes:
        cause: What the server said or lacks, and what to do.
    """

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause

    def __str__(self) -> str:
        return f"the event was written but is not confirmed on disk: {self.cause}"
