"""Cuts what was read into messages. Pure."""

from collections.abc import Iterator, Sequence


def batches(
    sized: Sequence[tuple[str, int]], most_documents: int, most_bytes: int
) -> Iterator[tuple[str, ...]]:
    """Cut entries into groups of at most so many documents and bytes, keeping their order.

    Args:
        sized: Entry ids with the bytes of their events.
        most_documents: At least 1.
        most_bytes: A single larger entry makes a group of its own.
    """
    group: list[str] = []
    total = 0
    for entry_id, size in sized:
        if group and (len(group) == most_documents or total + size > most_bytes):
            yield tuple(group)
            group, total = [], 0
        group.append(entry_id)
        total += size
    if group:
        yield tuple(group)
