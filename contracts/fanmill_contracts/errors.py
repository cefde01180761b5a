"""Every error of the contract, from the general to the particular.

All arguments go to `Exception.__init__`, so that an error survives pickling
between processes; the text is built in `message`.
"""

from typing import ClassVar, Literal

InvalidReason = Literal["malformed-event", "unsupported-version", "event-too-large"]
"""The `reason` of the rejection of an event that cannot be read."""


class ContractError(Exception):
    """Base of every error that `fanmill_contracts` raises.

    Attributes:
        accepted: Number of events that the publishing call wrote before it failed;
            0 for other calls. Publish the events from number `accepted` on.
    """

    accepted: int = 0

    def message(self) -> str:
        """Return the text without the number of accepted events."""
        return super().__str__()

    def __str__(self) -> str:
        if not self.accepted:
            return self.message()
        written = "1 event" if self.accepted == 1 else f"{self.accepted:,} events"
        return f"{self.message()}; {written} of this call were written before"


class InvalidArgument(ContractError, ValueError):
    """An argument of a client is unusable, such as its URL or its namespace.

    Attributes:
        name: Name of the argument.
        value: The offending value as shown to people, without secrets.
        expected: A description of the values that are possible.
    """

    def __init__(self, name: str, value: str, expected: str) -> None:
        super().__init__(name, value, expected)
        self.name = name
        self.value = value
        self.expected = expected

    def message(self) -> str:  # noqa: D102
        return f"{self.name} is {self.value}; expected {self.expected}"


class InvalidEvent(ContractError):
    """An event that cannot be accepted as it is.

    Attributes:
        reason: The machine-readable name that a rejection carries.
        field: Dotted path into the event, for example `data.text`; `event` for the whole.
        value: The offending value, shortened for people; never a whole text.
        limit: The size, choice or form that the contract allows.
    """

    reason: ClassVar[InvalidReason]

    def __init__(self, field: str, value: str, limit: str) -> None:
        super().__init__(field, value, limit)
        self.field = field
        self.value = value
        self.limit = limit

    def message(self) -> str:  # noqa: D102
        return f"{self.field} is {self.value}; expected {self.limit}"


class MalformedEvent(InvalidEvent):
    """Not JSON, not a CloudEvent, or a field is missing or of the wrong form."""

    reason = "malformed-event"


class UnsupportedVersion(InvalidEvent):
    """A well-formed event of a version that this release does not read."""

    reason = "unsupported-version"


class EventTooLarge(InvalidEvent):
    """An event or a part of it is over its limit (see `fanmill_contracts.limits`)."""

    reason = "event-too-large"

    def message(self) -> str:  # noqa: D102
        return f"{self.field} has {self.value}; the limit is {self.limit}"


class PublishError(ContractError):
    """The ledger did not take all events of a call, for a reason of fanmill's own."""


class BacklogFull(PublishError):
    """The ledger is at its limit; only the first events of the call were written.

    Wait for the workers or start more of them, then publish the events from
    number `accepted` on.

    Attributes:
        stream: Name of the ledger.
        limit: Maximum number of entries that the publisher allows in it.
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


class NotDurable(PublishError):
    """The events were written, but the server did not confirm that they are on disk.

    Publishing an event again is safe: its source and id make it the same event.
    `accepted` counts the events of earlier round trips, which are confirmed.

    Attributes:
        cause: Reason why there is no confirmation, and the remedy.
    """

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause

    def message(self) -> str:  # noqa: D102
        return f"the event was written but is not confirmed on disk: {self.cause}"


class ServerError(ContractError):
    """The server could not do what a client asked of it.

    `__cause__` is the error of redis-py; pickling drops it, the text keeps its message.

    Attributes:
        action: Name of the operation that failed, such as `publish`.
        server: Address of the server, without secrets.
        cause: The server's reply or the failure of the connection.
    """

    def __init__(self, action: str, server: str, cause: str) -> None:
        super().__init__(action, server, cause)
        self.action = action
        self.server = server
        self.cause = cause


class ServerUnreachable(ServerError):
    """No working connection came about in time.

    An event may have been written although its confirmation was lost. Publishing
    it again is safe: its source and id make it the same event.
    """

    def message(self) -> str:  # noqa: D102
        return f"{self.action}: the server {self.server} is not reachable: {self.cause}"


class ServerRefused(ServerError):
    """The server answered with an error: missing rights, a wrong password, no memory left.

    Repeating the call has no effect until the cause is removed.
    """

    def message(self) -> str:  # noqa: D102
        return f"{self.action}: the server {self.server} refused: {self.cause}"


class ResultTimeout(ContractError, TimeoutError):
    """A document was neither completed nor rejected in the time allowed.

    Attributes:
        document_id: The document.
        seconds: The time allowed.
        state: State of the document at the end: `received`, or `unknown`.
    """

    def __init__(self, document_id: str, seconds: float, state: str) -> None:
        super().__init__(document_id, seconds, state)
        self.document_id = document_id
        self.seconds = seconds
        self.state = state

    def message(self) -> str:  # noqa: D102
        return (
            f"document {self.document_id!r} has no result after {self.seconds:g} s; "
            f"its state is {self.state!r}"
        )


class DocumentNotCompleted(ContractError):
    """The awaited document was rejected.

    Attributes:
        document_id: The document.
        entry_id: Entry of the rejection in the stream of rejected events.
        reason: Reason of the rejection, `unknown` where its entry is gone.
        error: Error text of the rejection, empty where its entry is gone.
    """

    def __init__(self, document_id: str, entry_id: str, reason: str, error: str) -> None:
        super().__init__(document_id, entry_id, reason, error)
        self.document_id = document_id
        self.entry_id = entry_id
        self.reason = reason
        self.error = error

    def message(self) -> str:  # noqa: D102
        return f"document {self.document_id!r} was rejected: {self.reason}: {self.error}"


class PositionLost(ContractError):
    """Entries after a position were trimmed from a stream before they were read.

    Attributes:
        stream: Name of the stream.
        position: The position, an entry id.
        oldest: Oldest entry that the stream still holds; empty for an empty stream.
    """

    def __init__(self, stream: str, position: str, oldest: str) -> None:
        super().__init__(stream, position, oldest)
        self.stream = stream
        self.position = position
        self.oldest = oldest

    def message(self) -> str:  # noqa: D102
        return (
            f"the stream {self.stream!r} no longer holds all entries after {self.position}; "
            f"the oldest is {self.oldest or 'missing'}; read on from the position '0-0'"
        )
