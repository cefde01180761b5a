"""The index on servers that restart, are full, hold something else, or are a cluster."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
import redis

from dedup_servers import Server, running
from dedup_texts import Clock, candidate, edited, text
from fanmill.core.dedup.judgement import Candidate
from fanmill.core.dedup.parameters import ALGORITHM_REVISION, KEY_MASK, DedupParameters
from fanmill.stores.index.errors import IndexFull, IndexParametersDiffer
from fanmill.stores.index.keys import IndexKeys
from fanmill.stores.index.redis_partition import RedisIndexPartition
from polling import until


def test_an_index_outlives_a_killed_server():
    with running("--appendonly", "yes", "--appendfsync", "always") as server:
        index = RedisIndexPartition(server.client, DedupParameters())
        batch = [candidate("a", text(1)), candidate("b", edited(text(1), 1, 2))]
        before = index.judge(batch)
        server.kill()
        server.restart()
        again = index.judge(batch)
        assert [j.redelivered for j in again] == [True, True]
        assert [(j.verdict, j.original_id) for j in again] == [
            (j.verdict, j.original_id) for j in before
        ]
        assert index.judge([candidate("c", text(1))])[0].original_id == "a"


def test_an_index_that_was_flushed_starts_anew(server):
    index = RedisIndexPartition(server.client, DedupParameters(), partition="flushed")
    index.judge([candidate("a", text(1))])
    for key in server.client.scan_iter("*{flushed}*"):
        server.client.delete(key)
    assert index.judge([candidate("b", text(1))])[0].verdict == "unique"
    assert index.judge([candidate("c", text(1))])[0].original_id == "b"


def test_scripts_that_the_server_forgot_are_sent_again(server):
    index = RedisIndexPartition(server.client, DedupParameters(), partition="scripts")
    index.judge([candidate("a", text(1))])
    server.client.script_flush()
    assert index.judge([candidate("b", text(1))])[0].original_id == "a"


def test_a_full_server_stores_nothing_of_a_batch_and_works_again_with_room():
    with running("--maxmemory-policy", "noeviction") as server:
        index = RedisIndexPartition(server.client, DedupParameters())
        index.judge([candidate("a", text(1))])
        used = server.client.info("memory")["used_memory"]
        server.client.config_set("maxmemory", used + 200_000)
        refused = None
        for i in range(10_000):
            batch = [candidate(f"d{i}-{k}", text((i, k), 60)) for k in range(8)]
            try:
                index.judge(batch)
            except IndexFull:
                refused = batch
                break
        assert refused is not None
        accepted = index.info().accepted
        assert accepted == 1 + 8 * i
        with pytest.raises(IndexFull):
            index.judge(refused)
        assert index.cluster("a").original_id == "a"  # reading goes on
        assert index.forget("a")  # and so does forgetting
        server.client.config_set("maxmemory", 0)
        made = index.judge(refused)
        assert [j.redelivered for j in made] == [False] * 8
        assert index.info().accepted == accepted + 8


def test_other_parameters_are_refused_or_the_index_is_rebuilt(server):
    partition = "parameters"
    index = RedisIndexPartition(server.client, DedupParameters(), partition=partition)
    index.judge([candidate("a", text(1))])
    other = DedupParameters(jaccard_threshold=0.8)
    with pytest.raises(IndexParametersDiffer, match=r"'parameters'.*rebuild"):
        RedisIndexPartition(server.client, other, partition=partition)
    index.judge([candidate("b", text(2))])
    rebuilt = RedisIndexPartition(
        server.client, other, partition=partition, on_other_parameters="rebuild"
    )
    assert rebuilt.info().documents == 0
    with pytest.raises(IndexParametersDiffer):
        index.judge([candidate("c", text(3))])  # opened before the rebuild
    left = {key.decode() for key in server.client.scan_iter(f"*{{{partition}}}*")}
    assert not any(DedupParameters().digest in key for key in left)
    with pytest.raises(IndexParametersDiffer):
        RedisIndexPartition(server.client, DedupParameters(), partition=partition)


def test_an_index_of_an_earlier_revision_is_refused_and_can_be_rebuilt(server):
    parameters = DedupParameters()
    keys = IndexKeys("fanmill", "revision", parameters.digest)
    old = parameters.canonical_json().replace(f'"revision":{ALGORITHM_REVISION}', '"revision":2')
    assert old != parameters.canonical_json()
    server.client.set(keys.current, f"0a1b2c3d {old}")
    with pytest.raises(IndexParametersDiffer, match=r"'revision'.*fanmill index rebuild"):
        RedisIndexPartition(server.client, parameters, partition="revision")
    with pytest.raises(IndexParametersDiffer):
        RedisIndexPartition(
            server.client, parameters, partition="revision", on_other_parameters="adopt"
        )
    rebuilt = RedisIndexPartition(
        server.client, parameters, partition="revision", on_other_parameters="rebuild"
    )
    assert rebuilt.judge([candidate("a", text(1))])[0].revision == ALGORITHM_REVISION


def test_the_horizon_may_change_while_the_index_lives(server):
    clock = Clock()

    def opened(days: float) -> RedisIndexPartition:
        return RedisIndexPartition(
            server.client, DedupParameters(horizon_days=days), partition="changed", clock_ms=clock
        )

    opened(30).judge([candidate("a", text(1))])
    clock.pass_days(20)
    opened(30).judge([candidate("b", text(2))])
    assert opened(30).judge([candidate("c", text(1))])[0].original_id == "a"
    assert opened(10).judge([candidate("d", text(1))])[0].verdict == "unique"
    assert opened(10).judge([candidate("e", text(2))])[0].original_id == "b"


def bytes_of_keys(server: Server) -> int:
    """Return the memory of all keys: all memory of a server includes what scripts leave to free."""
    with server.client.pipeline(transaction=False) as pipeline:
        for key in server.client.scan_iter(count=1000):
            pipeline.memory_usage(key, samples=0)
        return sum(pipeline.execute())


def unlike(like: Candidate, document_id: str) -> Candidate:
    """Return a candidate that resembles no other: random bytes, in place of a text's, save time."""
    chance = random.Random(document_id)
    content = like.fingerprint.content
    keys = [chance.getrandbits(32) & KEY_MASK for _ in range(0, len(content.keys), 4)]
    drawn = replace(
        content,
        sketches=chance.randbytes(len(content.sketches)),
        keys=b"".join(key.to_bytes(4) for key in keys),
    )
    fingerprint = replace(like.fingerprint, digest=chance.randbytes(8), content=drawn)
    return replace(like, document_id=document_id, fingerprint=fingerprint)


def test_expired_documents_leave_no_memory_behind():
    with running() as server:
        clock = Clock()
        parameters = DedupParameters(horizon_days=4, generations=4, boilerplate=False)
        like = candidate("like", text(1, 40), parameters=parameters)
        index = RedisIndexPartition(server.client, parameters, clock_ms=clock)
        used = []
        for day in range(16):
            for i in range(0, 750, 50):
                index.judge([unlike(like, f"{day}-{i + k}") for k in range(50)])
            used.append(bytes_of_keys(server))
            clock.pass_days(1)
        assert used[3] > used[0] * 1.2
        assert used[-1] < used[7] * 1.02
        assert index.info().documents <= 6 * 750
        clock.pass_days(10)
        index.maintain()
        index.maintain()
        left = {key.decode().rsplit(":", 1)[1][0] for key in server.client.scan_iter("*{*")}
        assert left <= {"s", "c", "r", "i"}
        assert len(server.client.keys("*:r*")) <= 1


def test_documents_of_two_parts_are_never_compared(server):
    made = [
        RedisIndexPartition(server.client, DedupParameters(), partition=partition).judge(
            [candidate("a", text(1))]
        )[0]
        for partition in ("acme:en", "acme:de")
    ]
    assert [j.verdict for j in made] == ["unique", "unique"]
    assert not made[1].redelivered


@pytest.mark.parametrize("partition", ["", "a{b", "a b", "x" * 129])
def test_a_partition_that_would_change_the_hash_tag_is_refused(partition):
    with pytest.raises(ValueError, match="must be 1 to 128"):
        IndexKeys("fanmill", partition, "00000000")


def _is_ready(node: Server) -> bool:
    state = node.client.execute_command("CLUSTER", "INFO")
    known = len(node.client.execute_command("CLUSTER", "SLOTS"))
    return b"cluster_state:ok" in state and known == 3


@pytest.fixture(scope="module")
def cluster():
    """Cluster of three nodes that serve every slot."""
    options = ("--cluster-enabled", "yes", "--cluster-node-timeout", "20000")
    nodes = [Server(*options) for _ in range(3)]
    try:
        edges = (0, 5461, 10923, 16384)
        for i, node in enumerate(nodes):
            node.client.execute_command("CLUSTER", "ADDSLOTSRANGE", edges[i], edges[i + 1] - 1)
            node.client.execute_command("CLUSTER", "SET-CONFIG-EPOCH", i + 1)
        for node in nodes[1:]:
            node.client.execute_command("CLUSTER", "MEET", "127.0.0.1", nodes[0].port)
        until(lambda: all(_is_ready(node) for node in nodes), what="all nodes serve")
        client = redis.RedisCluster(
            startup_nodes=[redis.cluster.ClusterNode("127.0.0.1", node.port) for node in nodes]
        )
        yield client, nodes
        client.close()
    finally:
        for node in nodes:
            node.close()


def test_parts_spread_over_a_cluster_and_each_keeps_its_guarantee(cluster):
    client, nodes = cluster
    partitions = [f"tenant-{i}" for i in range(12)]
    for partition in partitions:
        index = RedisIndexPartition(client, DedupParameters(), partition=partition)
        made = index.judge(
            [candidate("a", text(partition)), candidate("b", edited(text(partition), 1, 2)),
             candidate("c", text(partition)), candidate("d", text((partition, 2)))]
        )  # fmt: skip
        assert [j.verdict for j in made] == ["unique", "near", "exact", "unique"]
        assert index.cluster("b").member_ids == ("b", "c")
        assert index.info().documents == 4
        assert index.largest_clusters(1)[0].size == 3
        index.forget("d")
        index.maintain()
    held = [
        {key.decode().split("{")[1].split("}")[0] for key in node.client.keys("*{*")}
        for node in nodes
    ]
    assert all(held)
    assert sum(len(h) for h in held) == len(partitions)  # each partition on one node
    for partition in partitions:
        RedisIndexPartition(client, DedupParameters(), partition=partition).clear()
    assert sum(len(node.client.keys("*:r*")) for node in nodes) == 0
