"""The stores on Redis or Valkey (7.0 or later), their scripts beside them.

Each store is imported when it is first asked for: a command of the command line needs one.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from fanmill.stores.redis.connection import connect

if TYPE_CHECKING:
    from fanmill.stores.redis.actions import RedisActions
    from fanmill.stores.redis.controls import RedisControls
    from fanmill.stores.redis.corpus import RedisCorpus
    from fanmill.stores.redis.ledger import RedisLedger
    from fanmill.stores.redis.records import RedisRecords
    from fanmill.stores.redis.rejections import RedisRejections
    from fanmill.stores.redis.trends import RedisTrends

__all__ = [
    "RedisActions",
    "RedisControls",
    "RedisCorpus",
    "RedisLedger",
    "RedisRecords",
    "RedisRejections",
    "RedisTrends",
    "connect",
]

_MODULES: Final = {
    "RedisActions": "actions",
    "RedisControls": "controls",
    "RedisCorpus": "corpus",
    "RedisLedger": "ledger",
    "RedisRecords": "records",
    "RedisRejections": "rejections",
    "RedisTrends": "trends",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
