"""Batches of entries, cut from one read. Pure."""

from collections.abc import Iterator, Sequence


def batches(
    sized: Sequence[tuple[str, int]], max_documents: int, max_bytes: int
) -> Iterator[tuple[str, ...]]:
    """Cut entries into batches within both limits and yield them in order.

    Args:
        sized: Entry ids with the bytes of their events.
        max_documents: Maximum number of entries in a batch, at least 1.
        max_bytes: Maximum size of the events in a batch. A larger entry is a batch alone.
    """
    group: list[str] = []
    total = 0
    for entry_id, size in sized:
        if group and (len(group) == max_documents or total + size > max_bytes):
            yield tuple(group)
            group, total = [], 0
        group.append(entry_id)
        total += size
    if group:
        yield tuple(group)
