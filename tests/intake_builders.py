"""Events that the tests of intake publish, and values that they inspect."""

from builders import POLICY, Mill, ingested
from fanmill_contracts import DocumentIngested


def numbered(count: int, text: str = "Text") -> list[DocumentIngested]:
    return [ingested(f"doc-{number}", f"{text} {number}.") for number in range(count)]


def batch_sizes(mill: Mill, stage: str = "deduplicate") -> list[int]:
    return [len(batch.entries) for to, batch in mill.dispatcher.sent if to == stage]


def silence(mill: Mill) -> None:
    """Advance the time until everything in flight is overdue, and reclaim it."""
    mill.clock.advance(POLICY.redeliver_after_seconds + 1)
    mill.poll()
