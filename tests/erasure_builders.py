"""Erasures executed by the real executor, at once or slice by slice."""

import json
import re
from contextlib import suppress
from threading import Event
from typing import Any

from builders import ManualClock, Mill, RedisStores, ingested
from fanmill.actions.executor import ActionExecutor
from fanmill.ops.process_registry import server_ms
from fanmill.ports import Action, ActionOrder
from fanmill.sink import Sink
from fanmill.stores.redis.erasing import RedisErasing
from fanmill.stores.redis.erasure_places import entries_of
from fanmill.stores.redis.outbox import RedisOutbox
from fanmill_contracts.stored_records import decompressed
from sink_builders import SWIFT

ID = "secret-document-4711"
TITLE = "Confidential matters of the miller"
TEXT = "Nobody may read that the miller of the upper valley hides his flour in a well. " * 9
NEEDLES = (ID.encode(), TITLE.encode(), TEXT[:60].encode())


def forget_order(stores: RedisStores, **more: Any) -> ActionOrder:
    """Return an order to erase what the ledger has taken up to now."""
    at_ms = server_ms(stores.redis) + 1
    return ActionOrder(
        **{"kind": "forget", "actor": "ada", "note": "asked", "at_ms": at_ms, **more}
    )


def eraser(stores: RedisStores, name: str = "tests") -> ActionExecutor:
    """Return an executor that can erase."""
    erasing = RedisErasing(stores.redis, stores.keys, stores.index)
    return ActionExecutor(name, stores.actions, stores.rejections, erasing=erasing)


def ended(stores: RedisStores, action: Action, name: str = "tests") -> Action:
    """Execute an action to its end."""
    executor = eraser(stores, name)
    while action.state == "running":
        executor.step(action.id)
        action = stores.actions.get(action.id)
    return action


def erase(stores: RedisStores, *ids: str, **more: Any) -> Action:
    """Erase documents."""
    return ended(stores, stores.actions.create_forget(forget_order(stores, **more), list(ids)))


def everything(redis, keys):
    """Yield every key and value of the namespace, records also unpacked."""
    for key in redis.scan_iter(match=f"*{keys.streams.namespace}*"):
        kind = redis.type(key).decode()
        values = {
            "string": lambda key=key: [redis.get(key)],
            "hash": lambda key=key: [*redis.hgetall(key), *redis.hgetall(key).values()],
            "list": lambda key=key: redis.lrange(key, 0, -1),
            "set": lambda key=key: redis.smembers(key),
            "zset": lambda key=key: redis.zrange(key, 0, -1),
            "stream": lambda key=key: [
                value for _, fields in entries_of(redis, key.decode()) for value in fields.values()
            ],
        }[kind]()  # fmt: skip
        yield key, key
        for value in values:
            yield key, value
            with suppress(ValueError):
                yield key, decompressed(value)


def traces(redis, keys):
    """Return the keys that hold the document, beside its tombstones in ledger and index."""
    found = {
        key.decode().removeprefix(f"{keys.streams.namespace}:")
        for key, value in everything(redis, keys)
        if any(needle in value for needle in NEEDLES)
    }
    return sorted(each for each in found if not re.search(rf"^forgotten:{ID}$|:t{ID}$", each))


def secret(event_id):
    return ingested(ID, TEXT, title=TITLE, event_id=event_id)


def scatter(redis, keys, stores):
    """Leave the document in every place that there is."""
    mill = Mill(stores)
    outbox = RedisOutbox(redis, keys, "main", "sqlite:///a", None)
    outbox.join()
    mill.publish(secret("one"), ingested("other", "The ferry leaves at eight o'clock."))
    mill.run()
    # Dead letters: malformed, replayed with an edit, and the order of that edit.
    for number in range(3):
        event = json.loads(secret(f"bad-{number}").model_dump_json())
        redis.xadd(keys.ingested, {"event": json.dumps({**event, "specversion": "9"})})
    mill.run()
    first, second, _ = [entry.id for entry in stores.rejections.entries()]
    whole = secret("bad-0").model_dump_json(exclude_none=True)
    for order in (
        ActionOrder(kind="edit", actor="a@b", ids=(first,), event=whole),
        ActionOrder(kind="drop", actor="a@b", ids=(second,)),
    ):
        from fanmill.actions.executor import ActionExecutor

        action = stores.actions.create(order)
        executor = ActionExecutor("tests", stores.actions, stores.rejections)
        while stores.actions.get(action.id).state == "running":
            executor.step(action.id)
    # In flight, and waiting.
    mill.publish(secret("two"))
    mill.poll()
    mill.publish(secret("three"))
    redis.xadd(keys.unreadable, {"event": redis.xrange(keys.processed)[0][1][b"event"]})
    return outbox


def stored_by_sink(outbox, store):
    """Let a sink store what waits, and erase."""
    sink = Sink("tests", outbox=outbox, open_store=lambda: store, policy=SWIFT, clock=ManualClock())
    while sink.poll(Event(), wait_seconds=0):
        pass
