"""Every screen and every key: empty, with events, with hostile ids, without a server."""

from collections.abc import Callable

import pytest
from redis import Redis

from builders import Mill, RedisStores, ingested
from fanmill.screens.tables import Column
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
from fanmill.watch.catalogue import VIEWS
from fanmill.watch.cells import cell, exact
from watch.conftest import Driver

HOSTILE = "\x1b[2J\x1b]0;owned\x07[red]\u202eevil\n\u009b31m" + "long" * 40
MARKUP = "[red]evil[/red] [@click=app.exit]press[/] 編集" + "long" * 40


@pytest.fixture
def waiting(redis: Redis, keys: Keys) -> Mill:
    """Three events that wait, one of them hostile."""
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    mill = Mill(stores)
    mill.publish(*(ingested(f"document-{number}", "It waits.") for number in range(2)))
    mill.publish(ingested(MARKUP, "It waits."))
    return mill


def test_an_empty_installation_says_what_to_do(watched: Callable[..., None]) -> None:
    async def steps(driver: Driver) -> None:
        await driver.sees("No intake answers", "Oldest waiting", "deduplicate", "max 0.0/s")
        for at, view in enumerate(VIEWS[1:], 2):
            await driver.press(str(at))
            await driver.until(
                lambda: driver.app.main.look and driver.app.main.tables, f"tables of {view.name}"
            )
            assert driver.app.view is view
            for table in driver.app.main.tables:
                await driver.sees(table.table.empty[:30])

    watched(steps)


@pytest.mark.parametrize("size", [(80, 24), (200, 50), (40, 12)], ids=str)
def test_hostile_ids_are_escaped_at_every_size(
    watched: Callable[..., None], waiting: Mill, size: tuple[int, int]
) -> None:
    async def steps(driver: Driver) -> None:
        await driver.press("g", "l")
        await driver.until(lambda: len(driver.app.main.tables) == 2, "both tables")
        await driver.until(lambda: driver.app.main.at, "a table with rows")
        if size[0] >= 80:
            await driver.sees("[red]evil[/red]")
        await driver.press("A", "k", "enter")
        await driver.sees("Waiting", "Event")

    watched(steps, size=size)


def test_rows_are_found_chosen_and_opened_by_keys(
    watched: Callable[..., None], waiting: Mill
) -> None:
    async def steps(driver: Driver) -> None:
        main = driver.app.main
        await driver.press("2")
        await driver.until(lambda: main.at, "the waiting table")
        assert main.at is not None
        assert main.at.rows.cursor_row == 0
        await driver.press("j")
        assert main.at.rows.cursor_row == 1
        await driver.press("k", "x")
        assert main.at.ids() == [main.at.table.rows[0].id]
        await driver.sees("1 chosen")
        await driver.press("A")
        assert len(main.at.ids()) == 3
        await driver.press("A", "j", "enter")
        await driver.sees("document-1", "/samples" if "/samples" in driver.text() else "Source")
        await driver.press("escape", "slash", *"document:document-1", "enter")
        await driver.until(lambda: main.at and len(main.at.table.rows) == 1, "one row")
        await driver.sees("The filter hides 2 of 3 rows.")
        await driver.press("escape")
        await driver.until(lambda: main.at and len(main.at.table.rows) == 3, "all rows")
        await driver.press("slash", *"nothing:1", "enter")
        await driver.until(lambda: driver.app._notifications, "an error of the filter")
        await driver.press("question_mark")
        await driver.sees("next and previous row")
        await driver.press("escape")
        assert driver.app.screen is main

    watched(steps)


def test_live_updates_can_be_held(watched: Callable[..., None], waiting: Mill) -> None:
    async def steps(driver: Driver) -> None:
        main = driver.app.main
        await driver.press("l")
        assert driver.app.view.name == "overview", "a letter alone goes nowhere"
        await driver.press("2")
        await driver.until(lambda: main.at and len(main.at.table.rows) == 3, "three rows")
        await driver.press("p")
        await driver.sees("held")
        await driver.pilot.pause(0.3)
        waiting.publish(ingested("document-9", "Another one."))
        before = main.look
        await driver.pilot.pause(0.3)
        assert main.look is before
        await driver.press("p")
        await driver.until(lambda: main.at and len(main.at.table.rows) == 4, "four rows")

    watched(steps, interval=0.05)


def test_spans_themes_and_sizes(watched: Callable[..., None]) -> None:
    async def steps(driver: Driver) -> None:
        await driver.sees("over 24h")
        await driver.press("s")
        await driver.sees("over 30d")
        await driver.press("s")
        await driver.sees("over 1h")
        await driver.press("t")
        assert driver.app.theme == "fanmill-light"
        await driver.pilot.resize_terminal(160, 40)
        await driver.sees("Oldest waiting", "Redis memory")
        await driver.pilot.resize_terminal(30, 8)
        await driver.pilot.pause()

    watched(steps)


def test_a_server_that_is_away_is_a_banner(
    watched: Callable[..., None], settings: Settings
) -> None:
    away = settings.model_copy(
        update={"redis_url": type(settings.redis_url)("redis://127.0.0.1:1/0")}
    )

    async def steps(driver: Driver) -> None:
        await driver.until(lambda: "does not answer" in driver.attention(), "the banner")
        await driver.sees("away")
        await driver.press("2", "X", "j", "x", "slash", "P", "escape")
        await driver.until(lambda: "does not answer" in driver.attention(), "the banner stays")

    watched(steps, settings=away, interval=0.2)


def test_control_characters_in_cells_are_escapes() -> None:
    column = Column("document", "Document", "id")
    for shown in (cell(HOSTILE, column, 0, 60).plain, exact(HOSTILE, column, 0)):
        assert shown.startswith("\\x1b[2J\\x1b]0;owned\\x07[red]\\u202eevil\\n\\x9b31m")
        assert shown.isprintable()
    assert len(cell(HOSTILE, column, 0, 60).plain) == 60
