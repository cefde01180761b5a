"""The stores on Redis or Valkey (7.0 or later), their scripts beside them."""

from fanmill.stores.redis.connection import connect
from fanmill.stores.redis.corpus import RedisCorpus
from fanmill.stores.redis.ledger import RedisLedger
from fanmill.stores.redis.records import RedisRecords
from fanmill.stores.redis.rejections import RedisRejections
from fanmill.stores.redis.trends import RedisTrends

__all__ = [
    "RedisCorpus",
    "RedisLedger",
    "RedisRecords",
    "RedisRejections",
    "RedisTrends",
    "connect",
]
