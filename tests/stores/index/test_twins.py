"""The Redis index and its twin in memory say the same, whatever is asked in whatever order."""

from __future__ import annotations

import itertools
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup_texts import Clock, edited, text
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.judgement import Candidate
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.stores.index.redis_partition import RedisIndexPartition
from fanmill.testing.index_partition import MemoryIndexPartition

_runs = itertools.count()
PARAMETERS = DedupParameters(horizon_days=8, generations=4, max_documents=400)


def body(family: int, variant: int) -> str:
    """Return a copy, near copy, part, longer page or short text of a few families."""
    if variant == 0:
        return text(family, 120)
    if variant < 5:
        return edited(text(family, 120), variant, variant * 2)
    if variant == 5:
        return "\n".join(text(family, 120).split("\n")[:7])
    if variant == 6:
        return "\n".join(text("header", 30).split("\n")) + "\n" + text(family, 120)
    return f"short {family}"


steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("judge"),
            st.lists(
                st.tuples(
                    st.integers(0, 12), st.integers(0, 2), st.integers(0, 5), st.integers(0, 7)
                ),
                min_size=1,
                max_size=6,
            ),
        ),
        st.tuples(st.just("forget"), st.tuples(st.integers(0, 12), st.integers(0, 3))),
        st.tuples(st.just("erase"), st.tuples(st.integers(0, 12), st.integers(1, 4))),
        st.tuples(st.just("wait"), st.floats(0, 6)),
        st.tuples(st.just("cluster"), st.integers(0, 12)),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_twins_agree(server, script):
    clock = Clock()
    twins = (
        RedisIndexPartition(
            server.client, PARAMETERS, partition=f"twin-{next(_runs)}", clock_ms=clock
        ),
        MemoryIndexPartition(PARAMETERS, clock_ms=clock),
    )
    maker = Fingerprinter(PARAMETERS)
    for action, argument in script:
        if action == "judge":
            tokenized = maker.tokenize([body(f, v) for _, _, f, v in argument])
            lines = [each.lines for each in tokenized]
            seen = [[list(s) for s in twin.lines_seen(lines)] for twin in twins]
            assert seen[0] == seen[1]
            batch = [
                Candidate(f"d{d}", f"{e + 1}-0", fingerprint)
                for (d, e, _, _), fingerprint in zip(
                    argument, maker.fingerprints(tokenized, seen[0]), strict=True
                )
            ]
            assert twins[0].judge(batch) == twins[1].judge(batch)
        elif action == "forget":
            name, entry = f"d{argument[0]}", f"{argument[1]}-0" if argument[1] else None
            assert twins[0].forget(name, entry) == twins[1].forget(name, entry)
        elif action == "erase":
            name, edge = f"d{argument[0]}", argument[1]
            assert twins[0].forget(name, before_ms=edge) == twins[1].forget(name, before_ms=edge)
        elif action == "wait":
            clock.pass_days(argument)
        else:
            assert twins[0].cluster(f"d{argument}") == twins[1].cluster(f"d{argument}")
    twins[0].clear()


def test_twins_agree_while_pages_split_and_documents_expire(server):
    clock = Clock()
    parameters = DedupParameters(horizon_days=8, generations=4, bands=16, boilerplate=False)
    twins = (
        RedisIndexPartition(server.client, parameters, partition="twin-big", clock_ms=clock),
        MemoryIndexPartition(parameters, clock_ms=clock),
    )
    chance = random.Random(3)
    maker = Fingerprinter(parameters)
    serial = itertools.count()
    for _ in range(60):
        bodies = [
            edited(text(("page", chance.randrange(3000)), 60), chance.random(), chance.randrange(3))
            for _ in range(100)
        ]
        batch = [
            Candidate(f"d{next(serial)}", "1-0", fingerprint)
            for fingerprint in maker.fingerprints(maker.tokenize(bodies))
        ]
        assert twins[0].judge(batch) == twins[1].judge(batch)
        clock.pass_days(0.3)
    assert twins[0].info().documents == twins[1].info().documents
