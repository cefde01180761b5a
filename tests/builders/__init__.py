"""Builds what tests need: events, stage results, stores, and a whole fanmill in one thread.

Everything here is the real thing or a full implementation of a port; nothing
records calls to be asserted on.
"""

from builders.events import SOURCE, ingested, raw_body, raw_event
from builders.functions import PLAIN, PickyFingerprinter, Refused, asked, refuses, summarize, tag
from builders.mill import POLICY, ManualClock, Mill, QueueDispatcher
from builders.results import deduplication, members, stage_result, statistics, summary
from builders.stores import (
    MemoryStores,
    RedisStores,
    Stores,
    admission,
    completed,
    is_duration,
    rejected_with_originals,
    taken_in,
    written,
)

__all__ = [
    "PLAIN",
    "POLICY",
    "SOURCE",
    "ManualClock",
    "MemoryStores",
    "Mill",
    "PickyFingerprinter",
    "QueueDispatcher",
    "RedisStores",
    "Refused",
    "Stores",
    "admission",
    "asked",
    "completed",
    "deduplication",
    "ingested",
    "is_duration",
    "members",
    "raw_body",
    "raw_event",
    "refuses",
    "rejected_with_originals",
    "stage_result",
    "statistics",
    "summarize",
    "summary",
    "tag",
    "taken_in",
    "written",
]
