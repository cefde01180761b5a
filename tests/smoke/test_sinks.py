"""Sinks and their stores, killed and away: each outcome is stored exactly once."""

import random
import sqlite3
from contextlib import closing
from time import sleep

import pytest

from fanmill.ops.process_registry import running_processes
from polling import until
from postgres_server import PostgresServer

from .audit import audit
from .mill import Mill
from .plan import SWIFT, event_of, soak_rounds
from .stored import stored_events

PATIENT = {**SWIFT, "max_deliveries": 20}


def _strike(
    mill: Mill, dice: random.Random, documents: int, database: PostgresServer | None = None
) -> None:
    """Publish documents while sinks, and sometimes the server, are killed at random moments.

    A database is killed more often, and started again while sinks try to reach it.
    """
    for first in range(0, documents, 40):
        events = [event_of(number) for number in range(first, first + 40)]
        mill.publish_through(events, durable=True)
        sleep(dice.uniform(0.0, 0.4))  # moments without a pattern
        victim = dice.choice(mill.sinks)
        mill.kill(victim)
        victim.process.restart()
        if database is not None and dice.random() < 0.5:
            database.kill()
            sleep(dice.uniform(0.0, 1.0))
            database.start()
        if dice.random() < 0.2:
            mill.kill_server()
        mill.restart_dead()
    mill.publish_body(b"no event")
    mill.settle(supervised=True)


@pytest.mark.parametrize(
    "plan_of_store",
    [
        pytest.param(kind, marks=pytest.mark.mill(
            sinks=2, store=kind, appendfsync="always", processed_stream_maxlen=20, **PATIENT
        ))
        for kind in ("sqlite", "postgresql")
    ],
)  # fmt: skip
def test_sinks_killed_under_load_store_each_outcome_once(mill: Mill, plan_of_store: str) -> None:
    assert mill.environment["FANMILL_STORE_URL"].startswith(plan_of_store)
    seed = random.randrange(2**32)
    _strike(mill, random.Random(seed), 240)
    _audit_trimmed(mill, 240, seed)


@pytest.mark.mill(sinks=1, store="postgresql-of-its-own", **PATIENT)
def test_a_database_killed_while_a_sink_writes_loses_and_doubles_nothing(
    mill: Mill, database: PostgresServer
) -> None:
    for first in (0, 40, 80):
        mill.publish(event_of(number) for number in range(first, first + 40))
        until(lambda: mill.completed() > first + 5, 60, mill._state)  # noqa: B023
        database.kill()
        database.start()
    mill.publish_body(b"no event")
    mill.settle(supervised=True)
    assert set(mill.stop().values()) == {0}
    records, rejections = stored_events(mill)
    assert sorted(records) == sorted(mill.published)
    assert (len(records), rejections) == (120, 1)


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.mill(
    sinks=3,
    store="postgresql-of-its-own",
    appendfsync="always",
    processed_stream_maxlen=20,
    **PATIENT,
)
@pytest.mark.parametrize("seed", range(soak_rounds(10)))
def test_soak_sinks_server_and_database_killed_at_random(
    mill: Mill, database: PostgresServer, seed: int
) -> None:
    _strike(mill, random.Random(seed), 2000, database)
    _audit_trimmed(mill, 2000, seed)


def _audit_trimmed(mill: Mill, documents: int, seed: int) -> None:
    """Count the store against what was published: the stream holds the last outcomes only."""
    assert set(mill.stop().values()) == {0}
    records, rejections = stored_events(mill)
    assert sorted(records) == sorted(mill.published), f"seed {seed}"
    assert len(records) == documents
    assert rejections == 1, f"seed {seed}"
    assert mill.redis.xlen(mill.keys.processed) < documents, "trimmed"
    assert mill.redis.hget(mill.keys.counters, f"sink-lost:{_name(mill)}") is None


def _name(mill: Mill) -> str:
    (name,) = mill.redis.hkeys(mill.keys.sinks)
    return name.decode()


@pytest.mark.mill(sinks=1, max_unstored=30, **PATIENT)
def test_intake_stops_while_a_store_is_locked_and_goes_on_by_itself(mill: Mill) -> None:
    mill.publish(event_of(number) for number in range(5))
    until(lambda: mill.completed() == 5 and mill.unstored() == 0, 60, mill._state)
    with closing(sqlite3.connect(mill.folder / "results.sqlite")) as other:
        other.execute("BEGIN EXCLUSIVE")
        mill.publish(event_of(number) for number in range(5, 40))
        until(lambda: mill.unstored() >= 30, 60, mill._state)
        until(lambda: _trouble(mill) != "", 60, "the sink tells its trouble")
        until(lambda: "reading stopped" in mill.intake.logs(), 30, "intake has stopped")
        mill.publish(event_of(number) for number in range(40, 60))
        other.rollback()
    until(lambda: "reading again" in mill.intake.logs(), 60, "intake goes on")
    account = audit(mill)
    assert account.verdicts() == {"unique": 60}


def _trouble(mill: Mill) -> str:
    found = [each for each in running_processes(mill.redis, mill.keys) if each.role == "sink"]
    return found[0].trouble if found else ""
