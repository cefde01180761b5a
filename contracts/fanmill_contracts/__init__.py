"""The contract between fanmill and the services around it.

Producers build `DocumentIngested` and hand it to a `Publisher`; readers parse
`DocumentProcessed` and `DocumentRejected`. This package needs pydantic and
redis alone and imports nothing of fanmill.
"""

from fanmill_contracts.codec import decode, decode_ingested, encode
from fanmill_contracts.errors import (
    BacklogFull,
    ContractError,
    EventTooLarge,
    InvalidEvent,
    MalformedEvent,
    NotDurable,
    UnsupportedVersion,
)
from fanmill_contracts.events import (
    DocumentIngested,
    DocumentProcessed,
    DocumentRejected,
    IngestedData,
    RejectedData,
    RejectionReason,
)
from fanmill_contracts.publish import AsyncPublisher, Publisher
from fanmill_contracts.results import (
    Deduplication,
    DocumentResult,
    EventReference,
    Summary,
    SummarySentence,
    Tag,
    Tagging,
)
from fanmill_contracts.statistics import Statistics
from fanmill_contracts.streams import StreamNames

__all__ = [
    "AsyncPublisher",
    "BacklogFull",
    "ContractError",
    "Deduplication",
    "DocumentIngested",
    "DocumentProcessed",
    "DocumentRejected",
    "DocumentResult",
    "EventReference",
    "EventTooLarge",
    "IngestedData",
    "InvalidEvent",
    "MalformedEvent",
    "NotDurable",
    "Publisher",
    "RejectedData",
    "RejectionReason",
    "Statistics",
    "StreamNames",
    "Summary",
    "SummarySentence",
    "Tag",
    "Tagging",
    "UnsupportedVersion",
    "decode",
    "decode_ingested",
    "encode",
]
