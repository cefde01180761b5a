"""The stores in memory: one process, nothing kept on disk.

Authors of plugins and tests use them; no path of the product does. They follow
`stores/redis/scripts/*.lua` act by act, and one conformance suite holds both to the
same answers.
"""

from fanmill.testing.actions import MemoryActions
from fanmill.testing.corpus import MemoryCorpus
from fanmill.testing.index import MemoryFingerprintIndex
from fanmill.testing.ledger import MemoryLedger
from fanmill.testing.records import MemoryRecords
from fanmill.testing.rejections import MemoryRejections
from fanmill.testing.server import MemoryServer
from fanmill.testing.trends import MemoryTrends

__all__ = [
    "MemoryActions",
    "MemoryCorpus",
    "MemoryFingerprintIndex",
    "MemoryLedger",
    "MemoryRecords",
    "MemoryRejections",
    "MemoryServer",
    "MemoryTrends",
]
