"""The stores in memory: one process, nothing kept. For tests and for trying steps out.

They follow `stores/redis/scripts/*.lua` act by act; one conformance suite holds
both to the same answers.
"""

from fanmill.stores.memory.corpus import MemoryCorpus
from fanmill.stores.memory.ledger import MemoryLedger
from fanmill.stores.memory.records import MemoryRecords
from fanmill.stores.memory.rejections import MemoryRejections
from fanmill.stores.memory.server import MemoryServer
from fanmill.stores.memory.trends import MemoryTrends

__all__ = [
    "MemoryCorpus",
    "MemoryLedger",
    "MemoryRecords",
    "MemoryRejections",
    "MemoryServer",
    "MemoryTrends",
]
