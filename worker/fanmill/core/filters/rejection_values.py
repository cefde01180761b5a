"""The values of a rejection that a filter compares. Pure."""

from fanmill.core.entry_ids import order_of
from fanmill.core.filters.matching import matches
from fanmill.core.filters.terms import Filter
from fanmill_contracts import DocumentRejected


def rejection_values(
    rejected_id: str, event: DocumentRejected, group: str = ""
) -> dict[str, str | float | tuple[str, ...] | None]:
    """Return the values of all keys of `REJECTION_KEYS` but `age`.

    Args:
        rejected_id: Entry of the rejected stream.
        event: The rejection.
        group: Failure group that counts it; empty: the group that the event names.
    """
    data = event.data
    return {
        "reason": data.reason,
        "stage": data.stage,
        "source": data.source,
        "group": group or data.group,
        "document": data.document_id,
        "event": data.event_id,
        "rejected": order_of(rejected_id)[0],
        "attempts": data.attempts,
    }


def matches_rejection_event(
    wanted: Filter, rejected_id: str, event: DocumentRejected, now_ms: int, group: str = ""
) -> bool:
    """Return whether a filter with the keys of `REJECTION_KEYS` matches a rejection.

    Args:
        wanted: The filter.
        rejected_id: Entry of the rejected stream.
        event: The rejection.
        now_ms: The time that ages count to, in ms since 1970.
        group: Failure group that counts it; empty: the group that the event names.
    """
    values = rejection_values(rejected_id, event, group)
    rejected = values["rejected"]
    assert isinstance(rejected, int)  # noqa: S101
    values["age"] = max(0, now_ms - rejected)
    return matches(wanted, values, event.data.error)
