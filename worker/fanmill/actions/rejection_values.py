"""The values of a rejection that a filter compares. Pure."""

from fanmill.core.entry_ids import order_of
from fanmill.core.filters import Filter, matches
from fanmill.ports import RejectedEntry


def matches_rejection(wanted: Filter, entry: RejectedEntry, now_ms: int) -> bool:
    """Return whether a filter over rejections matches one.

    Args:
        wanted: A filter with the keys of `core.filters.rejection_keys`.
        entry: The rejection; its original is not needed.
        now_ms: The time that ages count to, in ms since 1970.
    """
    data = entry.event.data
    rejected_ms = order_of(entry.id)[0]
    values: dict[str, str | float | None] = {
        "reason": data.reason,
        "stage": data.stage,
        "source": data.source,
        "group": entry.group or data.group,
        "document": data.document_id,
        "event": data.event_id,
        "age": max(0, now_ms - rejected_ms),
        "rejected": rejected_ms,
        "attempts": data.attempts,
    }
    return matches(wanted, values, data.error)
