"""Workers that race on groups of near-identical documents, some killed, all redelivered.

Used by stores/index/test_races.py (small) and bench/dedup/race.py (10 000 groups).
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass

import redis

from dedup_texts import edited, text
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.sequence import judge_in_order
from fanmill.stores.index.redis_partition import RedisIndexPartition

COPIES = 4


@dataclass(frozen=True)
class Outcome:
    """Result of the race."""

    groups: int
    with_two_originals: int
    with_none: int
    killed: int
    redelivered: int
    changed_verdicts: int
    seconds: float


def _work(port: int, worker: int, attempt: int, groups: int, gate: object) -> None:
    """Judge a copy of every group from the first group on, so a restarted worker repeats itself."""
    client = redis.Redis(port=port, socket_timeout=60)
    parameters = DedupParameters()
    index = RedisIndexPartition(client, parameters, partition="race")
    maker = Fingerprinter(parameters)
    batch_size = 8
    if attempt == 0:
        gate.wait()  # type: ignore[attr-defined]
    done_key = f"race:done:{worker}"
    start = max(0, int(client.get(done_key) or 0) - 10 * batch_size)  # deliver some again
    for first in range(start, groups, batch_size):
        numbers = range(first, min(first + batch_size, groups))
        bodies = [edited(text(("group", g), 200), (g, worker), 1) for g in numbers]
        tokenized = maker.tokenize(bodies)
        named = [(f"{g}-{worker}", "1-0", each) for g, each in zip(numbers, tokenized, strict=True)]
        made = [judgement for judgement, _ in judge_in_order(index, maker, named)]
        pipe = client.pipeline()
        for g, judgement in zip(numbers, made, strict=True):
            pipe.sadd(f"race:verdicts:{g}:{worker}", f"{judgement.verdict} {judgement.original_id}")
            if judgement.redelivered:
                pipe.incr("race:redelivered")
        pipe.set(done_key, first)
        pipe.execute()
    client.set(f"race:finished:{worker}", 1)


def race(port: int, groups: int, kills: int, seed: int = 1) -> Outcome:  # noqa: C901  one story
    """Let four processes judge a copy of every group each; kill and restart one `kills` times."""
    context = multiprocessing.get_context("spawn")
    gate = context.Barrier(COPIES)
    chance = random.Random(seed)
    client = redis.Redis(port=port, socket_timeout=60)
    attempts = [0] * COPIES

    def start(worker: int) -> multiprocessing.process.BaseProcess:
        process = context.Process(
            target=_work, args=(port, worker, attempts[worker], groups, gate), daemon=True
        )
        process.start()
        attempts[worker] += 1
        return process

    began = time.monotonic()
    workers = [start(i) for i in range(COPIES)]
    killed = 0
    step = groups / (kills + 1)
    while any(process.is_alive() for process in workers):
        for i, process in enumerate(workers):
            if not process.is_alive() and not client.exists(f"race:finished:{i}"):
                workers[i] = start(i)
        progress = max(int(client.get(f"race:done:{i}") or 0) for i in range(COPIES))
        if killed < kills and progress > step * (killed + 1):
            victim = workers[chance.randrange(COPIES)]
            if victim.is_alive() and victim.pid:
                os.kill(victim.pid, signal.SIGKILL)
                victim.join()
                killed += 1
        time.sleep(0.005)
        for i, process in enumerate(workers):
            if not process.is_alive() and not client.exists(f"race:finished:{i}"):
                workers[i] = start(i)
    seconds = time.monotonic() - began
    originals: Counter[int] = Counter()
    changed = 0
    pipe = client.pipeline(transaction=False)
    for g in range(groups):
        for worker in range(COPIES):
            pipe.smembers(f"race:verdicts:{g}:{worker}")
    for i, verdicts in enumerate(pipe.execute()):
        originals[i // COPIES] += b"unique None" in verdicts
        changed += len(verdicts) != 1
    counts = [originals[g] for g in range(groups)]
    return Outcome(
        groups=groups,
        with_two_originals=sum(c > 1 for c in counts),
        with_none=sum(c == 0 for c in counts),
        killed=killed,
        redelivered=int(client.get("race:redelivered") or 0),
        changed_verdicts=changed,
        seconds=seconds,
    )
