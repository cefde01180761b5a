"""An idle intake blocks on the server: it neither polls nor reads what it waits for."""

from threading import Thread

from redis import Redis
from redis.exceptions import RedisError

from builders import RedisStores
from fanmill.ports import Entry
from polling import until


def _calls(redis: Redis) -> int:
    stats = redis.info("commandstats")
    return sum(stats.get(f"cmdstat_{name}", {}).get("calls", 0) for name in ("eval", "evalsha"))


def test_an_idle_read_asks_twice_however_long_it_waits(
    redis: Redis, redis_stores: RedisStores
) -> None:
    redis_stores.ledger.read("a", 10, 0)
    before = _calls(redis)
    assert redis_stores.ledger.read("a", 10, 0.5) == []
    assert _calls(redis) - before <= 2


def test_a_read_that_waits_wakes_with_the_entry_and_reads_it_once(
    redis: Redis, redis_stores: RedisStores
) -> None:
    read: list[Entry] = []
    reader = Thread(target=lambda: read.extend(redis_stores.ledger.read("a", 10, 60.0)))
    reader.start()
    until(lambda: redis.info("clients")["blocked_clients"] == 1, 60)
    entry = redis_stores.add(b"x")
    reader.join(60)
    assert [each.id for each in read] == [entry]
    assert redis_stores.ledger.in_flight() == 1


def test_a_ledger_that_is_deleted_under_a_waiting_read_ends_no_wait_in_error(
    redis: Redis, redis_stores: RedisStores
) -> None:
    """The group is gone with the stream: the next read says so, and intake opens it anew."""
    redis_stores.ledger.open()
    redis.delete(redis_stores.keys.ingested)
    redis_stores.ledger.open()
    assert redis_stores.ledger.read("a", 10, 0.01) == []


def test_shortly_after_an_entry_no_read_blocks(redis: Redis, redis_stores: RedisStores) -> None:
    redis_stores.add(b"x")
    assert len(redis_stores.ledger.read("a", 10, 0)) == 1
    before = _calls(redis)
    assert redis_stores.ledger.read("a", 10, 0.05) == []
    assert _calls(redis) - before > 2


def test_a_read_that_waits_survives_a_cut_connection_with_an_error_of_the_server(
    redis: Redis, redis_stores: RedisStores
) -> None:
    """Intake takes it for a failure of the server and reads again."""
    failed: list[Exception] = []

    def read() -> None:
        try:
            redis_stores.ledger.read("a", 10, 60.0)
        except RedisError as error:
            failed.append(error)

    reader = Thread(target=read)
    reader.start()
    until(lambda: redis.info("clients")["blocked_clients"] == 1, 60)
    for client in redis.client_list():
        if "b" in client["flags"]:
            redis.client_kill_filter(_id=client["id"])
    reader.join(60)
    assert len(failed) == 1
    entry = redis_stores.add(b"x")
    assert [each.id for each in redis_stores.ledger.read("a", 10, 10.0)] == [entry]
