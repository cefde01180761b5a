"""The names of the streams and keys that producers and readers see.

The hash of a document, with its record, is part of the contract as well. The other
keys (work in flight, counters, index) are fanmill's own and may change at any time.
"""

import re
from typing import Final, NamedTuple, Self

from fanmill_contracts.errors import InvalidArgument

EVENT_FIELD: Final = "event"
"""The one field of every entry: a CloudEvent in structured JSON, UTF-8."""

DEFAULT_NAMESPACE: Final = "fanmill"

_NAMESPACE = re.compile(r"[A-Za-z0-9_.{}-]{1,64}")


class _Namespace(NamedTuple):
    namespace: str


class StreamNames(_Namespace):
    """Names of the public streams and keys of one namespace.

    Raises:
        InvalidArgument: The namespace is not 1 to 64 letters, digits or `_ . { } -`.
    """

    __slots__ = ()

    def __new__(cls, namespace: str = DEFAULT_NAMESPACE) -> Self:
        """Return the names, once the namespace is checked."""
        if not _NAMESPACE.fullmatch(namespace):
            raise InvalidArgument(
                "namespace", repr(namespace)[:100], "1 to 64 letters, digits or _ . { } -"
            )
        return super().__new__(cls, namespace)

    @property
    def ingested(self) -> str:
        """The ledger: what producers write."""
        return f"{self.namespace}:document.ingested"

    @property
    def processed(self) -> str:
        """A `DocumentProcessed` for each completed event."""
        return f"{self.namespace}:document.processed"

    @property
    def rejected(self) -> str:
        """A `DocumentRejected` for each event that could not be completed."""
        return f"{self.namespace}:document.rejected"

    def document(self, document_id: str) -> str:
        """Key of the hash that holds the state and the record of one document."""
        return f"{self.namespace}:document:{document_id}"
