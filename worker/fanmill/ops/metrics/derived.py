"""Numbers that follow from others: time to drain the backlog, and wanted children and workers."""

from math import ceil, inf
from typing import Final

PLANNED_USE: Final = 0.8
"""Share of their time for which children are to be busy with what arrives.

Children that are busy all the time fall behind by chance, and an autoscaler would swing: see
`tests/bench/scaling/autoscaling.py`.
"""


def drain_seconds(waiting: int, in_per_second: float, out_per_second: float) -> float:
    """Return the time until nothing waits at constant rates.

    waiting / (out - in); 0 when nothing waits, infinity when the backlog does not shrink.
    """
    if waiting <= 0:
        return 0.0
    net = out_per_second - in_per_second
    return waiting / net if net > 0 else inf


def wanted_children(
    in_per_second: float, waiting: int, target_age_seconds: float, cost_seconds: float
) -> int:
    """Return how many children a stage needs.

    ceil((in / PLANNED_USE + waiting / target) x cost): enough to keep up with the events that
    arrive, and to work off those that wait within the target age. 0 when nothing arrives and
    nothing waits.

    Args:
        in_per_second: Events received per second.
        waiting: Events that wait.
        target_age_seconds: Age that the oldest event may reach.
        cost_seconds: Busy seconds of a child per completed document.
    """
    wanted = (in_per_second / PLANNED_USE + waiting / target_age_seconds) * cost_seconds
    # A sum of floats may end a hair above a whole number.
    return ceil(round(wanted, 9))


def wanted_workers(children: int, running_children: int, running_workers: int) -> int:
    """Return how many workers have that many children, if new ones are like the running ones.

    A worker counts as one child if none runs.
    """
    if running_children < 1 or running_workers < 1:
        return children
    return ceil(children * running_workers / running_children)
