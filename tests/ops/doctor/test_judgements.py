"""Every check as a pure function: each state, its level and the advice for it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.ops.doctor.clock import judge_clock, judge_last_id
from fanmill.ops.doctor.environment import judge_environment
from fanmill.ops.doctor.index import judge_index
from fanmill.ops.doctor.ledger import (
    EXHAUSTED,
    FRESH_STREAM,
    LedgerFacts,
    judge_backlog,
    judge_ledger,
    judge_losses,
)
from fanmill.ops.doctor.memory import judge_eviction, judge_memory
from fanmill.ops.doctor.persistence import judge_persistence
from fanmill.ops.doctor.processes import judge_heartbeats, judge_processes
from fanmill.ops.doctor.rejections import judge_rejections
from fanmill.ops.doctor.result import CheckResult, outcome
from fanmill.ops.doctor.rights import Need, Rights, judge_rights
from fanmill.ops.doctor.server import (
    judge_clients,
    judge_identity,
    judge_loading,
    judge_mode,
    judge_role,
    judge_version,
)
from fanmill.ops.process_registry import Process
from fanmill.ports import STAGES
from fanmill.stores.index import IndexParametersDiffer
from fanmill_contracts.addresses import ServerAddress

ADDRESS = ServerAddress.parse("redis://mill:secret@queue.example.org:6379/0")
LEDGER = "fanmill:document.ingested"
NOW = 1_763_000_000_000
FACTS = LedgerFacts("stream", length=10, pending=4, last_id=f"{NOW}-0", has_group=True)
INFO = {
    "redis_version": "7.2.4",
    "role": "master",
    "connected_slaves": 1,
    "aof_enabled": 1,
    "aof_last_write_status": "ok",
    "rdb_last_bgsave_status": "ok",
    "aof_last_bgrewrite_status": "ok",
    "used_memory": 50,
    "maxmemory": 100,
    "maxmemory_policy": "noeviction",
    "connected_clients": 10,
    "maxclients": 100,
}


def process(role="worker", **changes: Any):
    base = Process(
        name=f"{role}-host-7-aa",
        role=role,
        host="host",
        pid=7,
        version="1.0",
        queues=STAGES if role == "worker" else (),
        concurrency=1,
        seen_ms=NOW,
    )
    return replace(base, **changes)


ALL_RUN = [process("intake"), process()]
NEEDS = (
    Need("reading", ("XRANGE", LEDGER), writes=False),
    Need("writing", ("XADD", LEDGER), writes=True),
    Need("queues", ("LPUSH", "fanmill.tag"), writes=True),
)

CASES = [
    # environment
    (judge_environment({"PATH": "x", "FANMILL_NAMESPACE": "x"}), "ok", "no unknown", ""),
    (
        judge_environment({"FANMILL_MAX_BACKLOGS": "1"}),
        "warning",
        "FANMILL_MAX_BACKLOGS",
        "did you mean FANMILL_MAX_BACKLOG?",
    ),
    (judge_environment({"FANMILL_QQQQ": "1"}), "warning", "FANMILL_QQQQ", "unset FANMILL_QQQQ;"),
    # the server itself
    (judge_identity(INFO, ADDRESS), "ok", "answers", ""),
    (judge_identity({}, ADDRESS), "error", "not as Redis does", "another program"),
    (
        judge_loading({"loading": 1, "loading_loaded_perc": "12.5", "loading_eta_seconds": 9}),
        "error",
        "12.5 %, 9 s left",
        "INFO persistence",
    ),
    (judge_version(INFO), "ok", "Redis 7.2.4", ""),
    (judge_version({**INFO, "valkey_version": "9.1.2"}), "ok", "Valkey 9.1.2", ""),
    (judge_version({**INFO, "redis_version": "6.2.14"}), "error", "6.2.14", "7.0"),
    (judge_version({"redis_version": "unstable"}), "error", "unstable", "7.0"),
    (judge_mode(INFO), "ok", "standalone", ""),
    (judge_mode({"cluster_enabled": 1}), "error", "node of a cluster", "cluster-enabled no"),
    (judge_mode({"redis_mode": "sentinel"}), "error", "Sentinel", "SENTINEL MASTERS"),
    (judge_role(INFO), "ok", "primary, replicas: 1", ""),
    (
        judge_role({"role": "slave", "master_host": "a", "master_port": 1, "slave_read_only": 1}),
        "error",
        "read-only replica of a:1",
        "FANMILL_REDIS_URL=redis://a:1/0",
    ),
    (
        judge_role({"role": "slave", "master_host": "a", "master_port": 1, "slave_read_only": 0}),
        "error",
        "writable replica",
        "redis://a:1/0",
    ),
    (
        judge_role({"role": "slave", "master_link_status": "down"}),
        "error",
        "the link to it is down",
        "REPLICAOF NO ONE",
    ),
    (judge_clients(INFO), "ok", "10 of 100", ""),
    (judge_clients({}), "ok", "0", ""),
    (judge_clients({**INFO, "connected_clients": 91}), "warning", "91 of 100", "maxclients 200"),
    # memory
    (judge_eviction(INFO), "ok", "noeviction", ""),
    (
        judge_eviction({**INFO, "maxmemory_policy": "allkeys-lru"}),
        "error",
        "allkeys-lru",
        "CONFIG SET maxmemory-policy noeviction",
    ),
    (
        judge_eviction({"maxmemory_policy": "allkeys-lru", "maxmemory": 0}),
        "warning",
        "without effect",
        "noeviction",
    ),
    (judge_memory(INFO), "ok", "50%", ""),
    (judge_memory({"used_memory": 1 << 20}), "ok", "1.0 MiB used, no limit", ""),
    (judge_memory({**INFO, "used_memory": 81}), "warning", "81%", "CONFIG SET maxmemory 200"),
    (judge_memory({**INFO, "used_memory": 100}), "error", "full", "CONFIG SET maxmemory 200"),
    # disk
    (judge_persistence(INFO, "everysec"), "ok", "fsync everysec", ""),
    (judge_persistence(INFO, None), "ok", "not readable", ""),
    (judge_persistence(INFO, "no"), "warning", "without fsync", "appendfsync everysec"),
    (judge_persistence({**INFO, "aof_enabled": 0}, None), "warning", "no append", "appendonly yes"),
    (
        judge_persistence({**INFO, "aof_last_write_status": "err"}, None),
        "error",
        "last write",
        "df -h",
    ),
    (
        judge_persistence({**INFO, "rdb_last_bgsave_status": "err"}, None),
        "error",
        "MISCONF",
        "redis-cli BGSAVE",
    ),
    (
        judge_persistence({**INFO, "aof_last_bgrewrite_status": "err"}, None),
        "warning",
        "rewrite",
        "df -h",
    ),
    # time
    (judge_clock(NOW + 100, NOW), "ok", "0.1 s ahead of", ""),
    (judge_clock(NOW - 6000, NOW), "warning", "6.0 s behind", "timedatectl"),
    (judge_last_id(f"{NOW + 1}-5", NOW, "recipe"), "ok", f"{NOW + 1}-5", ""),
    (judge_last_id(f"{NOW + 60_000}-0", NOW, "recipe"), "warning", "60 s ahead", "recipe"),
    (judge_last_id(f"{NOW + 86_400_000}-0", NOW, "recipe"), "warning", "1 days ahead", "recipe"),
    (judge_last_id(EXHAUSTED, NOW, "recipe"), "warning", "beyond the year 9999", "recipe"),
    # rights
    (judge_rights(Rights("mill"), ADDRESS, NEEDS), "ok", "user mill", ""),
    (judge_rights(Rights("", examined=False), ADDRESS, NEEDS), "ok", "user mill; this user", ""),
    (
        judge_rights(
            Rights("op", tuple((need, "") for need in NEEDS if need.writes)), ADDRESS, NEEDS
        ),
        "ok",
        "user op reads only",
        "",
    ),
    (
        judge_rights(
            Rights("w", ((NEEDS[1], "User w has no permissions to run the 'xadd' command"),)),
            ADDRESS,
            NEEDS,
        ),
        "error",
        "XADD (writing)",
        "ACL SETUSER w +xadd",
    ),
    (
        judge_rights(
            Rights("w", ((NEEDS[2], "User w has no permissions to access the 'fanmill.tag' key"),)),
            ADDRESS,
            NEEDS,
        ),
        "error",
        "LPUSH (queues)",
        "ACL SETUSER w '~fanmill.*'",
    ),
    # the ledger
    (judge_ledger(LedgerFacts("none"), LEDGER), "warning", "no fanmill", "fanmill intake"),
    (judge_ledger(LedgerFacts("list"), LEDGER), "error", "is a list", "FANMILL_NAMESPACE"),
    (judge_ledger(FACTS, LEDGER), "ok", "10 events", ""),
    (
        judge_ledger(replace(FACTS, has_group=False), LEDGER),
        "warning",
        "no consumer group",
        "fanmill intake",
    ),
    (
        judge_ledger(replace(FACTS, last_id=EXHAUSTED), LEDGER),
        "error",
        "exhausted",
        FRESH_STREAM,
    ),
    (judge_backlog(FACTS, None), "ok", "6 waiting, no limit", ""),
    (judge_backlog(FACTS, 100), "ok", "6 waiting; 10 of 100", ""),
    (judge_backlog(FACTS, 12), "warning", "10 of 12", "--queues"),
    (judge_backlog(FACTS, 10), "error", "publishers are refused", "FANMILL_MAX_BACKLOG"),
    (judge_losses(FACTS, LEDGER), "ok", "no entry", ""),
    (judge_losses(replace(FACTS, lost_unread=7), LEDGER), "warning", "7 entries", "XTRIM"),
    # rejections
    (judge_rejections(0, 0, 10), "ok", "none", ""),
    (judge_rejections(3, 0, 3), "warning", "3", "fanmill rejected list"),
    (judge_rejections(30, 30, None), "warning", "30", "fanmill rejected list"),
    (judge_rejections(3, 3, 3), "error", "stopped reading", "fanmill rejected replay --all"),
    # processes
    (judge_processes(ALL_RUN, "1.0"), "ok", "intakes: 1, workers: 1", ""),
    (judge_processes([], "1.0"), "error", "no intake runs", "fanmill intake"),
    (judge_processes([process()], "1.0"), "error", "no intake runs", "fanmill intake"),
    (
        judge_processes([process("intake"), process(queues=("tag",))], "1.0"),
        "error",
        "no worker serves deduplicate, summarize",
        "fanmill worker --queues deduplicate,summarize",
    ),
    (judge_processes(ALL_RUN, "2.0"), "warning", "versions 1.0", "fanmill[worker]==2.0"),
    (judge_heartbeats([], NOW), "ok", "none older", ""),
    (
        judge_heartbeats([process(seen_ms=NOW - 90_000)], NOW),
        "warning",
        "worker-host-7-aa (90 s)",
        "on host: kill -9 7",
    ),
    # the index
    (judge_index(3, "redis://x/0", "fanmill"), "ok", "partitions: 3", ""),
    (
        judge_index(IndexParametersDiffer("all", "{}", "{}"), "redis://x/0", "fanmill"),
        "error",
        "all",
        "fanmill index rebuild",
    ),
    (
        judge_index(ConnectionRefusedError("no"), "redis+cluster://x:7/0", "fanmill"),
        "error",
        "redis://x:7/0",
        "FANMILL_INDEX_URL",
    ),
]


@pytest.mark.parametrize(("result", "level", "seen", "advice"), CASES)
def test_a_state_has_its_level_and_its_advice(result, level, seen, advice):
    assert result.level == level
    assert seen in result.seen
    assert advice in result.advice
    assert bool(result.advice) == (level != "ok"), "advice where something is to be done"
    assert "secret" not in result.seen + result.advice


def test_a_server_that_serves_is_not_loading():
    assert judge_loading({}) is None
    assert judge_loading({"loading": 0}) is None


def test_an_error_of_our_own_is_not_taken_for_a_state_of_the_index():
    with pytest.raises(KeyError):
        judge_index(KeyError("x"), "redis://x/0", "fanmill")


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1), st.integers(0, 2**45))
def test_every_id_has_a_result(milliseconds, sequence, now):
    result = judge_last_id(f"{milliseconds}-{sequence}", now, "recipe")
    assert (result.level == "ok") == (milliseconds <= now + 5000)


@given(st.lists(st.sampled_from([("server", "error"), ("memory", "error"), ("memory", "ok")])))
def test_the_outcome_is_by_the_worst_result(pairs):
    results = [CheckResult(check, level, "seen") for check, level in pairs]
    failed = "failed" if ("memory", "error") in pairs else "fine"
    assert outcome(results) == ("no-server" if ("server", "error") in pairs else failed)
