"""One server for the suite, a fresh part of the index for each test."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dedup_servers import Server, running
from dedup_texts import Clock
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.ports import IndexPart
from fanmill.stores.index.redis_part import RedisIndexPart
from fanmill.testing.index_part import MemoryIndexPart

_parts = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running() as it:
        yield it


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["redis", "memory"])
def make_index(request: Any, clock: Clock) -> Callable[..., IndexPart]:
    part = f"part-{next(_parts)}"

    def make(**parameters: Any) -> IndexPart:
        made = DedupParameters(**parameters)
        if request.param == "memory":
            return MemoryIndexPart(made, clock_ms=clock)
        client = request.getfixturevalue("server").client
        return RedisIndexPart(client, made, part=part, clock_ms=clock)

    return make


@pytest.fixture
def index(make_index: Callable[..., IndexPart]) -> IndexPart:
    return make_index()
