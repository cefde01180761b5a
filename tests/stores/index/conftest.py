"""Fixtures of the index: a server for the suite, a fresh partition for each test."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dedup_servers import Server, running
from dedup_texts import Clock
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.ports import IndexPartition
from fanmill.stores.index.redis_partition import RedisIndexPartition
from fanmill.testing.index_partition import MemoryIndexPartition

_partitions = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running() as it:
        yield it


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["redis", "memory"])
def make_index(request: Any, clock: Clock) -> Callable[..., IndexPartition]:
    partition = f"partition-{next(_partitions)}"

    def make(**parameters: Any) -> IndexPartition:
        made = DedupParameters(**parameters)
        if request.param == "memory":
            return MemoryIndexPartition(made, clock_ms=clock)
        client = request.getfixturevalue("server").client
        return RedisIndexPartition(client, made, partition=partition, clock_ms=clock)

    return make


@pytest.fixture
def index(make_index: Callable[..., IndexPartition]) -> IndexPartition:
    return make_index()
