"""Workers in several processes race on the same documents."""

from __future__ import annotations

from dedup_race import race
from dedup_servers import running


def test_each_raced_group_has_one_original_whoever_is_killed():
    with running() as server:
        outcome = race(server.port, groups=400, kills=4)
    assert outcome.killed == 4
    assert outcome.redelivered > 0
    assert (outcome.with_two_originals, outcome.with_none, outcome.changed_verdicts) == (0, 0, 0)
