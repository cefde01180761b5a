"""The contract between fanmill and the services around it.

Producers build `DocumentIngested` and hand it to a `Publisher`; readers parse
`DocumentProcessed` and `DocumentRejected`, or let `Results` and `Subscriber` do so.
This package needs pydantic and redis alone and imports nothing of fanmill. The
clients are loaded when they are first named, so that decoding loads no redis.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from fanmill_contracts.addresses import ServerAddress
from fanmill_contracts.codec import decode, decode_ingested, encode
from fanmill_contracts.errors import (
    BacklogFull,
    ContractError,
    DocumentNotCompleted,
    EventTooLarge,
    InvalidArgument,
    InvalidEvent,
    MalformedEvent,
    NotDurable,
    PositionLost,
    PublishError,
    ResultTimeout,
    ServerError,
    ServerRefused,
    ServerUnreachable,
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

if TYPE_CHECKING:
    from fanmill_contracts.async_publish import AsyncPublisher
    from fanmill_contracts.async_retrieve import AsyncResults
    from fanmill_contracts.async_subscribe import AsyncSubscriber
    from fanmill_contracts.deliveries import Delivery, Trouble
    from fanmill_contracts.lookup import DocumentStatus, Finished
    from fanmill_contracts.publish import Publisher
    from fanmill_contracts.retrieve import Results
    from fanmill_contracts.subscribe import Subscriber

_CLIENTS: Final = {
    "AsyncPublisher": "async_publish",
    "AsyncResults": "async_retrieve",
    "AsyncSubscriber": "async_subscribe",
    "Delivery": "deliveries",
    "DocumentStatus": "lookup",
    "Finished": "lookup",
    "Publisher": "publish",
    "Results": "retrieve",
    "Subscriber": "subscribe",
    "Trouble": "deliveries",
}
"""Clients and their modules; each loads redis."""


def __getattr__(name: str) -> Any:
    module = _CLIENTS.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


__all__ = [
    "AsyncPublisher",
    "AsyncResults",
    "AsyncSubscriber",
    "BacklogFull",
    "ContractError",
    "Deduplication",
    "Delivery",
    "DocumentIngested",
    "DocumentNotCompleted",
    "DocumentProcessed",
    "DocumentRejected",
    "DocumentResult",
    "DocumentStatus",
    "EventReference",
    "EventTooLarge",
    "Finished",
    "IngestedData",
    "InvalidArgument",
    "InvalidEvent",
    "MalformedEvent",
    "NotDurable",
    "PositionLost",
    "PublishError",
    "Publisher",
    "RejectedData",
    "RejectionReason",
    "ResultTimeout",
    "Results",
    "ServerAddress",
    "ServerError",
    "ServerRefused",
    "ServerUnreachable",
    "Statistics",
    "StreamNames",
    "Subscriber",
    "Summary",
    "SummarySentence",
    "Tag",
    "Tagging",
    "Trouble",
    "UnsupportedVersion",
    "decode",
    "decode_ingested",
    "encode",
]
