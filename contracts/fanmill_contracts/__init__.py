"""The contract between fanmill and the services around it.

Producers build `DocumentIngested` and hand it to a `Publisher`; readers parse
`DocumentProcessed` and `DocumentRejected`, or let `Results` and `Subscriber` do so.
This package needs pydantic and redis alone and imports nothing of fanmill. The
clients are loaded when they are first named, so that decoding loads no redis.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from fanmill_contracts.addresses import ServerAddress
from fanmill_contracts.codec import Event, decode, decode_ingested, encode
from fanmill_contracts.envelope import DocumentId, EventId, Identifier, JsonScalar, UtcTime
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
    ComparedText,
    DecidedBy,
    DeclaredLanguage,
    Deduplication,
    DocumentResult,
    EventReference,
    LanguageShare,
    Problem,
    Producer,
    ReferenceStatistics,
    ScoreKind,
    Stage,
    Summary,
    SummarySentence,
    SummaryStatistics,
    Tag,
    Tagging,
    TagSpan,
    Verdict,
    record_json,
)
from fanmill_contracts.statistics import (
    Composition,
    Diversity,
    FilterResult,
    FilterResults,
    QualitySignals,
    Readability,
    Statistics,
)
from fanmill_contracts.streams import EVENT_FIELD, StreamNames

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


__version__: str


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415  slow, and rarely asked for

        globals()[name] = version("fanmill")
        return globals()[name]
    module = _CLIENTS.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


__all__ = [
    "EVENT_FIELD",
    "AsyncPublisher",
    "AsyncResults",
    "AsyncSubscriber",
    "BacklogFull",
    "ComparedText",
    "Composition",
    "ContractError",
    "DecidedBy",
    "DeclaredLanguage",
    "Deduplication",
    "Delivery",
    "Diversity",
    "DocumentId",
    "DocumentIngested",
    "DocumentNotCompleted",
    "DocumentProcessed",
    "DocumentRejected",
    "DocumentResult",
    "DocumentStatus",
    "Event",
    "EventId",
    "EventReference",
    "EventTooLarge",
    "FilterResult",
    "FilterResults",
    "Finished",
    "Identifier",
    "IngestedData",
    "InvalidArgument",
    "InvalidEvent",
    "JsonScalar",
    "LanguageShare",
    "MalformedEvent",
    "NotDurable",
    "PositionLost",
    "Problem",
    "Producer",
    "PublishError",
    "Publisher",
    "QualitySignals",
    "Readability",
    "ReferenceStatistics",
    "RejectedData",
    "RejectionReason",
    "ResultTimeout",
    "Results",
    "ScoreKind",
    "ServerAddress",
    "ServerError",
    "ServerRefused",
    "ServerUnreachable",
    "Stage",
    "Statistics",
    "StreamNames",
    "Subscriber",
    "Summary",
    "SummarySentence",
    "SummaryStatistics",
    "Tag",
    "TagSpan",
    "Tagging",
    "Trouble",
    "UnsupportedVersion",
    "UtcTime",
    "Verdict",
    "__version__",
    "decode",
    "decode_ingested",
    "encode",
    "record_json",
]
