"""Whether a filter matches a rejection in the rejected stream. Pure."""

from fanmill.core.filters import Filter
from fanmill.core.filters.rejection_values import matches_rejection_event
from fanmill.ports import RejectedEntry


def matches_rejection(wanted: Filter, entry: RejectedEntry, now_ms: int) -> bool:
    """Return whether a filter over rejections matches one.

    Args:
        wanted: A filter with the keys of `core.filters.rejection_keys`.
        entry: The rejection; its original is not needed.
        now_ms: The time that ages count to, in ms since 1970.
    """
    return matches_rejection_event(wanted, entry.id, entry.event, now_ms, entry.group)
