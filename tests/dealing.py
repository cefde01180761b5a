"""The order of tests in several processes: each begins with its share of the longest.

With `--dist worksteal` a process gets an equal part of the tests, in order, and one that has
finished takes tests from the end of another's part. Tests that last for seconds must not be there:
all other processes would be idle while a single one ends with them.
"""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def dealt(long: Sequence[T], short: Sequence[T], processes: int) -> list[T]:
    """Return all tests as one list that xdist cuts into a part for each process.

    Every part begins with its share of the long tests, dealt in turn; the short ones keep their
    order, so that most neighbours share the fixtures of their module.

    Args:
        long: Tests that last for seconds.
        short: All other tests.
        processes: Number of processes, at least 1.
    """
    ordered: list[T] = []
    left = len(long) + len(short)
    rest = list(short)
    for number in range(processes):
        # The size of the part that xdist gives to this process.
        size = left // (processes - number)
        left -= size
        first = list(long[number::processes])
        fill = max(0, size - len(first))
        ordered += [*first, *rest[:fill]]
        rest = rest[fill:]
    return [*ordered, *rest]
