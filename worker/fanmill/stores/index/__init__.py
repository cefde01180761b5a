"""The fingerprint index: on Redis, and its twin in memory. README.md explains the layout."""

from fanmill.stores.index.connection import connect_index
from fanmill.stores.index.errors import (
    FingerprintIndexError,
    IndexFull,
    IndexParametersDiffer,
    UnusableDocumentId,
)
from fanmill.stores.index.redis_index import RedisFingerprintIndex

__all__ = [
    "FingerprintIndexError",
    "IndexFull",
    "IndexParametersDiffer",
    "RedisFingerprintIndex",
    "UnusableDocumentId",
    "connect_index",
]
