"""The stores on Redis or Valkey (7.0 or later), their scripts beside them."""

from fanmill.stores.redis.connection import connect
from fanmill.stores.redis.ledger import RedisLedger
from fanmill.stores.redis.records import RedisRecords
from fanmill.stores.redis.rejections import RedisRejections

__all__ = [
    "RedisLedger",
    "RedisRecords",
    "RedisRejections",
    "connect",
]
