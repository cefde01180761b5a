"""A sample for each failure group whose last rejection is no longer open."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from fanmill.ports import FailureGroup, RejectedEntry

_LOOKED_AT: Final = 1000


def with_samples(
    groups: Sequence[FailureGroup],
    entries: Callable[[str | None, int | None], Iterator[RejectedEntry]],
) -> list[FailureGroup]:
    """Return the groups, each with the id of an open rejection as far as one is found soon.

    Args:
        groups: Groups, some of them without a sample.
        entries: Lists rejections, see `fanmill.ports.Rejections`; the first 1,000 are read.
    """
    missing = {group.id for group in groups if group.open and group.sample is None}
    found: dict[str, str] = {}
    if missing:
        for entry in entries(None, _LOOKED_AT):
            if entry.group in missing:
                found[entry.group] = entry.id
                missing.remove(entry.group)
                if not missing:
                    break
    return [
        replace(group, sample=found[group.id]) if group.id in found else group for group in groups
    ]
