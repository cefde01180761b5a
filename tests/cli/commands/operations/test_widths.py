"""Tables of waiting and in-flight events and of traces fit a terminal, whatever the ids are."""

from redis import Redis
from rich.cells import cell_len

from builders import RedisStores, ingested, taken_in
from fanmill.ops.process_registry import Process, write_entry
from fanmill.ports import STAGES, Load, RunningBatch
from fanmill.stores.keys import Keys
from fanmill_contracts import DocumentIngested, encode

IDS = [
    "a" * 256,
    "long words and no break " * 10,
    "文書" * 128,
    "한국어 문서 " * 30,
    "[bold]no markup[/bold]",
    "👩‍👩‍👧" * 40,
    "مستند" * 50,
    "a\u0300" * 100,
]


def widest(text: str) -> int:
    """Return the number of columns of the longest line."""
    return max(map(cell_len, text.splitlines()))


def held(redis: Redis, keys: Keys, *events: DocumentIngested) -> list[str]:
    """Put events into the work of a worker with a long name; return their entry ids."""
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    entries = taken_in(stores, *events)
    stores.ledger.start("deduplicate", entries)
    batch = RunningBatch("deduplicate", "b", len(entries), entries[0], tuple(entries), 1, 1.0)
    name = "worker-" + "very-long-host-name-" * 8 + "4711-3f9c02"
    load = Load(busy=1, batches=(batch,))
    worker = Process(name, "worker", "host" * 40, 1, "1.0", STAGES, 1, 0, load=load)
    write_entry(redis, keys, worker)
    return entries


def test_tables_are_as_wide_as_the_terminal(fanmill, redis: Redis, keys: Keys) -> None:
    events = [ingested(each, "Text.", event_id=each, source=each) for each in IDS]
    entries = held(redis, keys, *events)
    waiting = [redis.xadd(keys.ingested, {"event": encode(each)}).decode() for each in events]
    fanmill.environment["COLUMNS"] = "80"
    shown = {}
    traces = [("trace", each) for each in (*IDS, entries[0], waiting[0])]
    for command in (("waiting",), ("inflight",), ("workers",), *traces):
        done = fanmill(*command)
        assert done.code == 0, done.err
        assert widest(done.out) <= 80, command
        assert "\x1b" not in done.out
        shown[command[0]] = done.out
    # An id to paste is never cut or folded.
    assert all(each in shown["inflight"] for each in entries)
    assert all(each in shown["waiting"] for each in waiting)
