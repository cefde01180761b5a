"""The contract between fanmill and the services around it.

Producers build `DocumentIngested` and hand it to a `Publisher`; readers parse
`DocumentProcessed` and `DocumentRejected`, or let `Results` and `Subscriber` do so.
This package needs pydantic and redis alone and imports nothing of fanmill. Models and
clients are loaded when they are first named, so that decoding loads no redis and a
short command no models.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from fanmill_contracts.addresses import ServerAddress
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
from fanmill_contracts.streams import EVENT_FIELD, StreamNames

if TYPE_CHECKING:
    from fanmill_contracts.async_publish import AsyncPublisher
    from fanmill_contracts.async_retrieve import AsyncResults
    from fanmill_contracts.async_subscribe import AsyncSubscriber
    from fanmill_contracts.codec import Event, decode, decode_ingested, encode
    from fanmill_contracts.deliveries import Delivery, Trouble
    from fanmill_contracts.envelope import DocumentId, EventId, Identifier, JsonScalar, UtcTime
    from fanmill_contracts.events import (
        DocumentIngested,
        DocumentProcessed,
        DocumentRejected,
        IngestedData,
        RejectedData,
        RejectionReason,
    )
    from fanmill_contracts.lookup import DocumentStatus, Finished
    from fanmill_contracts.partitioned_publish import (
        AsyncPartitionedPublisher,
        PartitionedPublisher,
    )
    from fanmill_contracts.partitions import (
        Partition,
        parse_partitions,
        partition_for,
        partition_of,
    )
    from fanmill_contracts.publish import Publisher
    from fanmill_contracts.results import (
        Deduplication,
        DocumentResult,
        EventReference,
        Problem,
        ReferenceStatistics,
        Summary,
        SummarySentence,
        SummaryStatistics,
        record_json,
    )
    from fanmill_contracts.retrieve import Results
    from fanmill_contracts.statistics import (
        Composition,
        Diversity,
        FilterResult,
        FilterResults,
        QualitySignals,
        Readability,
        Statistics,
    )
    from fanmill_contracts.subscribe import Subscriber
    from fanmill_contracts.tagging import (
        DeclaredLanguage,
        LanguageShare,
        Producer,
        Tag,
        Tagging,
        TagSpan,
    )
    from fanmill_contracts.terms import ComparedText, DecidedBy, ScoreKind, Stage, Verdict

_MODULES: Final = {
    "AsyncPartitionedPublisher": "partitioned_publish",
    "AsyncPublisher": "async_publish",
    "AsyncResults": "async_retrieve",
    "AsyncSubscriber": "async_subscribe",
    "ComparedText": "terms",
    "Composition": "statistics",
    "DecidedBy": "terms",
    "DeclaredLanguage": "tagging",
    "Deduplication": "results",
    "Delivery": "deliveries",
    "Diversity": "statistics",
    "DocumentId": "envelope",
    "DocumentIngested": "events",
    "DocumentProcessed": "events",
    "DocumentRejected": "events",
    "DocumentResult": "results",
    "DocumentStatus": "lookup",
    "Event": "codec",
    "EventId": "envelope",
    "EventReference": "results",
    "FilterResult": "statistics",
    "FilterResults": "statistics",
    "Finished": "lookup",
    "Identifier": "envelope",
    "IngestedData": "events",
    "JsonScalar": "envelope",
    "LanguageShare": "tagging",
    "Partition": "partitions",
    "PartitionedPublisher": "partitioned_publish",
    "Problem": "results",
    "Producer": "tagging",
    "Publisher": "publish",
    "QualitySignals": "statistics",
    "Readability": "statistics",
    "ReferenceStatistics": "results",
    "RejectedData": "events",
    "RejectionReason": "events",
    "Results": "retrieve",
    "ScoreKind": "terms",
    "Stage": "terms",
    "Statistics": "statistics",
    "Subscriber": "subscribe",
    "Summary": "results",
    "SummarySentence": "results",
    "SummaryStatistics": "results",
    "Tag": "tagging",
    "TagSpan": "tagging",
    "Tagging": "tagging",
    "Trouble": "deliveries",
    "UtcTime": "envelope",
    "Verdict": "terms",
    "decode": "codec",
    "decode_ingested": "codec",
    "encode": "codec",
    "parse_partitions": "partitions",
    "partition_for": "partitions",
    "partition_of": "partitions",
    "record_json": "results",
}
"""Names that are loaded when first used: models take long to build, and clients load redis."""


__version__: str


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415  slow, and rarely asked for

        globals()[name] = version("fanmill")
        return globals()[name]
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


__all__ = [
    "EVENT_FIELD",
    "AsyncPartitionedPublisher",
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
    "Partition",
    "PartitionedPublisher",
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
    "parse_partitions",
    "partition_for",
    "partition_of",
    "record_json",
]
