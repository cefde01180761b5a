"""Every screen and every key: empty, with events, with hostile ids, without a server."""

from collections.abc import Callable

import pytest

from builders import Mill, ingested
from fanmill.settings import Settings
from fanmill.watch.catalogue import VIEWS
from watch.conftest import Driver

MARKUP = "[red]evil[/red] [@click=app.exit]press[/] 編集" + "long" * 40


@pytest.fixture
def waiting(opened_mill: Mill) -> Mill:
    """Three events that wait, one of them hostile."""
    opened_mill.publish(*(ingested(f"document-{number}", "It waits.") for number in range(2)))
    opened_mill.publish(ingested(MARKUP, "It waits."))
    return opened_mill


def test_an_empty_installation_says_what_to_do(watched: Callable[..., None]) -> None:
    async def steps(driver: Driver) -> None:
        await driver.sees("WARNING No intake answers", "Oldest waiting", "max 0.0/s")
        for at, view in enumerate(VIEWS[1:], 2):
            await driver.goes(str(at))
            assert driver.app.view is view
            assert driver.app.main.tables
            for table in driver.app.main.tables:
                assert not table.table.rows
                await driver.sees((table.table.note or table.table.empty)[:30])

    watched(steps)


@pytest.mark.parametrize("size", [(80, 24), (200, 50), (40, 12)], ids=str)
def test_hostile_ids_are_escaped_at_every_size(
    watched: Callable[..., None], waiting: Mill, size: tuple[int, int]
) -> None:
    async def steps(driver: Driver) -> None:
        await driver.goes("g", "l")
        if size[0] >= 80:
            await driver.sees("[red]evil[")
        await driver.press("*", "k", "enter")
        await driver.sees("Waiting", "Event")

    watched(steps, size=size)


def test_rows_are_found_chosen_and_opened_by_keys(
    watched: Callable[..., None], waiting: Mill
) -> None:
    async def steps(driver: Driver) -> None:
        main = driver.app.main
        await driver.goes("2")
        assert main.at is not None
        assert main.at.rows.cursor_row == 0
        await driver.press("j")
        assert main.at.rows.cursor_row == 1
        await driver.press("k", "x")
        assert main.at.ids() == [main.at.table.rows[0].id]
        await driver.sees("1 chosen")
        await driver.press("*")
        assert len(main.at.ids()) == 3
        await driver.press("*", "j", "enter")
        await driver.sees("document-1", "Source", "Now: Waits at 2 of 3.")
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
        await driver.goes("2")
        assert main.at is not None
        assert len(main.at.table.rows) == 3
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
        await driver.sees("from 24h ago")
        await driver.press("s")
        await driver.sees("from 30d ago")
        await driver.press("s")
        await driver.sees("from 1h ago")
        await driver.press("t")
        assert driver.app.theme == "fanmill-light"
        for width, height in ((80, 24), (109, 30), (110, 43), (200, 60)):
            await driver.pilot.resize_terminal(width, height)
            await driver.sees("Oldest waiting", "Redis memory", "max 0.0/s", "? keys")
            line = driver.text().splitlines()[0]
            assert all(view.title in line for view in VIEWS), line
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


def test_a_look_that_arrives_while_the_terminal_is_given_back_is_no_error(
    watched: Callable[..., None],
) -> None:
    async def steps(driver: Driver) -> None:
        main = driver.app.main
        await driver.until(lambda: main.look, "a look")
        await driver.press("p")
        await driver.sees("held")
        await main.query_one("#attention").remove()
        await driver.app._look_once()

    watched(steps)
