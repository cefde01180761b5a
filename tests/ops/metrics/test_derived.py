"""Derived numbers: time to drain the backlog, wanted children and workers."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.ops.metrics.derived import PLANNED_USE, drain_seconds, wanted_children, wanted_workers

rates = st.floats(0, 10_000)


@pytest.mark.parametrize(
    ("waiting", "incoming", "outgoing", "seconds"),
    [(0, 5, 0, 0), (100, 0, 10, 10), (100, 5, 10, 20), (100, 10, 10, inf), (1, 3, 2, inf)],
)
def test_a_backlog_drains_at_the_net_rate(
    waiting: int, incoming: float, outgoing: float, seconds: float
) -> None:
    assert drain_seconds(waiting, incoming, outgoing) == seconds


@pytest.mark.parametrize(
    ("incoming", "waiting", "cost", "children"),
    [
        (0, 0, 0.01, 0),  # nothing to do
        (80, 0, 0.01, 1),  # busy for 80 % of the time
        (81, 0, 0.01, 2),
        (0, 6000, 0.01, 1),  # 60 busy seconds within 60 s
        (80, 6000, 0.01, 2),
        (1, 0, 0.001, 1),
        (240, 0, 0.01, 3),  # no fourth child for the error of a float
    ],
)
def test_children_keep_up_and_work_off_the_backlog_within_the_target_age(
    incoming: float, waiting: int, cost: float, children: int
) -> None:
    assert wanted_children(incoming, waiting, 60, cost) == children


@given(rates, st.integers(0, 1_000_000), st.floats(1, 3600), st.floats(0, 1))
def test_wanted_children_are_enough_and_no_child_is_superfluous(
    incoming: float, waiting: int, target: float, cost: float
) -> None:
    children = wanted_children(incoming, waiting, target, cost)
    work = (incoming / PLANNED_USE + waiting / target) * cost
    assert children >= work - 1e-6
    assert children - 1 < work + 1e-6


@pytest.mark.parametrize(
    ("children", "running_children", "running_workers", "workers"),
    [(5, 8, 4, 3), (5, 0, 0, 5), (0, 8, 4, 0), (4, 4, 1, 1), (5, 4, 1, 2)],
)
def test_workers_have_as_many_children_as_the_running_ones(
    children: int, running_children: int, running_workers: int, workers: int
) -> None:
    assert wanted_workers(children, running_children, running_workers) == workers
