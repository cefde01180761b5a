"""Memory of a document, and Redis CPU of a document in a small and in a large index.

    python -m bench.dedup.growth [documents]

Fingerprints are random: every document is unique. The small indexes (10 000
documents) are filled next to the large one, block by block in turn.
"""

from __future__ import annotations

import sys

import numpy as np

from bench.dedup.table import table
from dedup_servers import running
from fanmill.core.dedup.fingerprint import Fingerprint, Representation
from fanmill.core.dedup.judgement import Candidate
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.signature import KEY_MASK
from fanmill.core.dedup.similarity import sampling_levels
from fanmill.stores.index.redis_partition import RedisIndexPartition

PARAMETERS = DedupParameters(boilerplate=False)
CHANCE = np.random.default_rng(5)
BATCH = 32


def candidates(count: int, start: int) -> list[Candidate]:
    """Return unlike documents with ids of 11 characters."""
    bands = PARAMETERS.bands
    codes = [18_500 + i % 500 for i in range(count)]
    sketches = [CHANCE.bytes(64 * len(sampling_levels(code))) for code in codes]
    keys = CHANCE.integers(0, 2**32, size=(count, bands), dtype=np.uint32) & np.uint32(KEY_MASK)
    digests = CHANCE.integers(0, 256, size=(count, 8), dtype=np.uint8)
    return [
        Candidate(
            f"doc-{start + i:07d}",
            f"{start + i + 1}-0",
            Fingerprint(
                digests[i].tobytes(),
                Representation(575, codes[i], sketches[i], keys[i].astype(">u4").tobytes()),
            ),
        )
        for i in range(count)
    ]


def cpu_us(client) -> float:
    """Return the CPU time of the server's main thread so far, in microseconds."""
    used = client.info("cpu")
    return (used["used_cpu_user_main_thread"] + used["used_cpu_sys_main_thread"]) * 1e6


def fill(client, index, count, start) -> float:
    """Insert unlike documents; return the server's CPU time in microseconds per document."""
    made = candidates(count, start)
    before = cpu_us(client)
    for at in range(0, count, BATCH):
        index.judge(made[at : at + BATCH])
    return (cpu_us(client) - before) / count


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with running() as server:
        client = server.client
        base = client.info("memory")["used_memory"]
        index = RedisIndexPartition(client, PARAMETERS)
        index.judge(candidates(1, size * 2))
        for start in range(0, size, 10_000):
            fill(client, index, 10_000, start)
        used = client.info("memory")["used_memory"] - base
        found = index.info()
        small, large = [], []
        for turn in range(5):
            fresh = RedisIndexPartition(client, PARAMETERS, partition=f"small-{turn}")
            fill(client, fresh, 7_500, 0)
            small.append(fill(client, fresh, 2_500, 7_500))
            large.append(fill(client, index, 2_500, size + turn * 2_500))
            fresh.clear()
    rows = [
        ("documents", f"{size}"),
        ("used_memory, bytes a document", f"{used / size:.1f}"),
        ("index info, bytes a document", f"{found.bytes_per_document:.1f}"),
        ("CPU at 10 000 documents, us", f"{min(small):.1f}"),
        (f"CPU at {size} documents, us", f"{min(large):.1f}"),
        ("growth, least of 5 each", f"{min(large) / min(small):.2f}"),
        ("growth, sums", f"{sum(large) / sum(small):.2f}"),
    ]
    print(table(("figure", "value"), rows))


if __name__ == "__main__":
    main()
