"""Every act of every table by its key: nothing is done before a yes."""

from collections.abc import Callable

import pytest
from redis import Redis

from action_builders import order, reject_many
from builders import Mill, RedisStores, ingested
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
from fanmill.watch.catalogue import VIEWS
from fanmill.watch.dialogs import Confirmation
from fanmill.wiring import Wiring
from watch.conftest import Driver

SIZE = (120, 40)


@pytest.fixture
def everything(redis: Redis, keys: Keys, settings: Settings) -> Callable[[], None]:
    """Rows in all tables that have acts: waiting, in flight, failures, an action, a worker."""
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    reject_many(stores, 3)
    mill = Mill(stores)
    mill.publish(*(ingested(f"document-{number}", "A text.") for number in range(3)))
    mill.poll()
    mill.publish(ingested("document-9", "It waits."))
    stores.actions.create(order(where="reason:nothing"))
    aside = {"sink": "main", "stream": 1, "id": "1-0", "error": "full", "event": "{}"}
    redis.xadd(keys.unreadable, aside)
    heartbeat = Wiring(settings).heartbeat("worker", ("tag",), 2)
    heartbeat.beat()
    return heartbeat.stop


def test_each_key_asks_before_it_acts(
    watched: Callable[..., None], everything: Callable[[], None], redis: Redis, keys: Keys
) -> None:
    asked: set[tuple[str, str]] = set()

    async def by_admin(driver: Driver) -> None:
        main = driver.app.main
        for view in VIEWS[1:]:
            if view.name in {"documents", "clusters", "trends"}:
                continue
            await driver.goes("g", view.key)
            for table in [each for each in main.tables if each.table.actions]:
                assert table.table.rows, f"{table.table.name} is empty"
                for action in table.table.actions:
                    if not (action.confirm or table.table.name in {"failures", "rejections"}):
                        continue
                    main.set_focus(table.rows)
                    await driver.until(lambda table=table: main.at is table, "the cursor")
                    assert f"{action.key} {action.title}" in driver.text()
                    await driver.press(action.key)
                    await driver.until(
                        lambda: isinstance(driver.app.screen, Confirmation), action.name
                    )
                    asked.add((table.table.name, action.name))
                    await driver.press("escape")
                    await driver.until(lambda: driver.app.screen is main, "it is left")

    try:
        watched(by_admin, "admin", size=SIZE)
        assert [redis.xlen(each) for each in (keys.ingested, keys.rejected)] == [4, 3]
    finally:
        everything()
    assert {name for name, _ in asked} == {
        "waiting", "inflight", "workers", "failures", "rejections", "actions", "unreadable",
    }  # fmt: skip
    assert len(asked) == 13, "all but `resume`, which asks nothing"
