"""The order of tests in several processes: each spreads its share of the longest.

With `--dist worksteal` a process gets an equal part of the tests, in order, and one that has
finished takes tests from the end of another's part. Tests that last for seconds must not be there:
all other processes would be idle while a single one ends with them. Nor do they come one after
the other: most of their time they wait, and the short tests of other processes use the CPUs.
"""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def dealt(long: Sequence[T], short: Sequence[T], processes: int) -> list[T]:
    """Return all tests as one list that xdist cuts into a part for each process.

    The share of the long tests, dealt in turn, is spread over the first two thirds of every part;
    the short ones keep their order, so that most neighbours share the fixtures of their module.

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
        share = list(long[number::processes])
        fill = max(0, size - len(share))
        ordered += _spread(share, rest[:fill])
        rest = rest[fill:]
    return [*ordered, *rest]


def _spread(long: list[T], short: list[T]) -> list[T]:
    """Return one list in which equally many short tests follow each long one."""
    between = len(short) * 2 // (3 * max(1, len(long)))
    spread: list[T] = []
    for number, each in enumerate(long):
        spread += [each, *short[number * between : (number + 1) * between]]
    return [*spread, *short[len(long) * between :]]
