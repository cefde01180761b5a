"""`examine` on real ledgers, rejections and indexes in each of their states."""

from redis import Redis

from fanmill.ops.repair import repair_stream
from fanmill.ops.status import look
from fanmill.ports import STAGES
from fanmill.settings import Settings
from fanmill.stores.keys import GROUP
from fanmill.wiring import Wiring

from .conftest import free_port
from .examining import examined, keys_of, url_of

QUEUES = {stage: f"none.{stage}" for stage in STAGES}


def test_a_ledger_of_another_type(redis, server, namespace):
    keys = keys_of(namespace)
    redis.set(keys.ingested, "x")
    result = examined(server.url, namespace=namespace)["ledger"]
    assert (result.level, "FANMILL_NAMESPACE" in result.advice) == ("error", True)


def test_a_ledger_without_its_group_and_with_it(redis, server, namespace):
    keys = keys_of(namespace)
    redis.xadd(keys.ingested, {"event": "{}"})
    assert "no consumer group" in examined(server.url, namespace=namespace)["ledger"].seen
    redis.xgroup_create(keys.ingested, GROUP, id="0")
    assert examined(server.url, namespace=namespace)["ledger"].level == "ok"


def test_ids_ahead_of_the_clock(redis, server, namespace):
    keys = keys_of(namespace)
    redis.xadd(keys.ingested, {"event": "{}"}, id="1763000000000000-0")
    result = examined(server.url, namespace=namespace)["ids"]
    assert result.level == "warning"
    assert "beyond the year 9999" in result.seen
    assert "fanmill intake --repair-stream" in result.advice


def test_the_advice_for_an_exhausted_stream_gets_out_of_it(redis, server, namespace):
    keys = keys_of(namespace)
    redis.xadd(keys.ingested, {"event": "{}"}, id=f"{2**64 - 1}-{2**64 - 1}")
    redis.xgroup_create(keys.ingested, GROUP, id="0")
    result = examined(server.url, namespace=namespace)["ledger"]
    assert (result.level, "exhausted" in result.seen) == ("error", True)
    assert "fanmill intake --repair-stream" in result.advice
    for _ in repair_stream(redis, keys):
        pass
    assert examined(server.url, namespace=namespace)["ledger"].seen.endswith("1 events")
    assert redis.xadd(keys.ingested, {"event": "{}"})


def test_rejections_and_backlog_at_their_ceilings(redis, server, namespace):
    keys = keys_of(namespace)
    for _ in range(3):
        rejected_id = redis.xadd(keys.rejected, {"event": "{}"})
        redis.zadd(keys.failed, {rejected_id: 1})
        redis.xadd(keys.ingested, {"event": "{}"})
    results = examined(server.url, namespace=namespace, max_rejected=3, max_backlog=3)
    assert results["rejections"].level == "error"
    assert "intake has stopped reading" in results["rejections"].seen
    assert results["backlog"].level == "error"
    assert "publishers are refused" in results["backlog"].seen


def test_invalid_events_do_not_stop_intake(redis, server, namespace):
    redis.xadd(keys_of(namespace).rejected, {"event": "{}"})
    result = examined(server.url, namespace=namespace, max_rejected=1)["rejections"]
    assert (result.level, result.seen) == ("warning", "1")


def test_entries_lost_unread(redis, server, namespace):
    """A real ledger counts them; `doctor` and `status` report them."""
    wiring = Wiring(Settings(redis_url=server.url, namespace=namespace))
    wiring.ledger.open()
    for _ in range(5):
        redis.xadd(wiring.keys.ingested, {"event": "{}"})
    redis.xtrim(wiring.keys.ingested, maxlen=2, approximate=False)
    assert wiring.ledger.lost_unread() == 3
    result = examined(server.url, namespace=namespace)["losses"]
    assert (result.level, result.seen.startswith("3 entries")) == ("warning", True)
    assert look(redis, wiring.keys, QUEUES).lost_unread == 3


def test_an_index_on_a_server_that_is_away(server, namespace):
    index_url = url_of(free_port(), scheme="redis")
    result = examined(server.url, namespace=namespace, index_url=index_url)["index"]
    assert result.level == "error"
    assert "FANMILL_INDEX_URL" in result.advice


def test_an_index_is_examined_while_the_ledger_is_away(server):
    results = examined(url_of(free_port()), index_url=server.url)
    assert results["server"].level == "error"
    assert results["index"].level == "ok"


def test_the_checks_write_nothing(starting):
    with starting() as port, Redis(port=port) as redis:
        examined(url_of(port))
        assert redis.dbsize() == 0
