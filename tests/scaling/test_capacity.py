"""Sizes by hand against the function that computes the page."""

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scaling.capacity import Costs, Demand, Traffic, backfill_cores, capacity
from bench.scaling.fleet import shares

COSTS = Costs(
    functions_ms=4,
    worker_ms=5,
    intake_ms=0.1,
    ledger_ms=0.5,
    index_ms=0.05,
    record_bytes=1_000,
    event_id_bytes=100,
    index_bytes=100,
    index_part_documents=1_000_000,
)
TRAFFIC = Traffic(fixed=1_000, per_text_byte=2)


def test_a_size_is_the_sum_of_costs_over_the_planned_share_of_a_core() -> None:
    found = capacity(Demand(1_000, busy_share=0.5), COSTS, TRAFFIC)
    assert found.worker_cores == 10
    assert found.intake_cores == 1
    assert found.partitions == 1
    assert found.index_nodes == 1
    assert found.cores == 13
    assert found.core_hours_per_million == pytest.approx(5.65 / 3.6)
    assert found.network_gbit == pytest.approx(1_000 * 15_000 * 8 / 1e9)
    assert found.backlog_gb == pytest.approx(1_000 * 600 * 8_000 / 1e9)
    assert found.index_gb == pytest.approx(1_000 * 86_400 * 100 / 1e9)
    assert found.records_gb == pytest.approx((3_600 * 1_000 + 86_400 * 100) * 1_000 / 1e9)
    assert found.index_parts == 87
    assert found.remembered_hours == pytest.approx(1 / 3.6)


def test_more_than_256_partitions_need_several_lists() -> None:
    found = capacity(Demand(1_000_000), COSTS, TRAFFIC)
    assert found.partitions == 715
    assert found.installations == 3


def test_no_demand_needs_nothing() -> None:
    found = capacity(Demand(0), COSTS, TRAFFIC)
    assert (found.cores, found.index_gb, found.installations, found.index_parts) == (0, 0, 0, 0)
    assert found.remembered_hours == inf


@given(st.floats(0, 1e7), st.floats(0, 1e7), st.integers(100, 100_000))
def test_more_documents_or_longer_texts_never_need_less(
    one: float, other: float, text_bytes: int
) -> None:
    small, large = sorted((one, other))
    less = capacity(Demand(small, text_bytes), COSTS, TRAFFIC)
    more = capacity(Demand(large, text_bytes), COSTS, TRAFFIC)
    longer = capacity(replace(Demand(small, text_bytes), text_bytes=2 * text_bytes), COSTS, TRAFFIC)
    for attribute in ("worker_cores", "partitions", "index_nodes", "backlog_gb", "network_gbit"):
        assert getattr(less, attribute) <= getattr(more, attribute)
        assert getattr(less, attribute) <= getattr(longer, attribute)


def test_a_back_fill_needs_the_functions_alone() -> None:
    assert backfill_cores(86_400_000, 1, COSTS) == 4
    assert backfill_cores(86_400_000, 2, COSTS, text_bytes=3_500) == 1


def test_traffic_is_the_line_through_two_measurements() -> None:
    line = Traffic.through((1_000, 5_000.0), (7_000, 23_000.0))
    assert (line.fixed, line.per_text_byte) == (2_000, 3)
    assert line.bytes(2_000) == 8_000
    with pytest.raises(ValueError, match="both are 7 bytes"):
        Traffic.through((7, 1.0), (7, 2.0))


def test_worker_processes_are_shared_out_evenly() -> None:
    assert shares(8, 3) == [3, 3, 2]
    assert shares(2, 2) == [1, 1]
    with pytest.raises(ValueError, match="fewer than 3 partitions"):
        shares(2, 3)
