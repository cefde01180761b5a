"""Documents in the terminal: hostile titles, a search, details, and texts that are hidden."""

from collections.abc import Callable

import pytest

from builders import Mill, ingested
from fanmill.settings import Settings
from watch.conftest import Driver

TITLE = "\x1b[2J[red]title[/red]\u202e東京都\u009b31m"
ESCAPED = "\\x1b[2J[red]title[/red]\\u202e東京都\\x9b31m"


@pytest.fixture
def documents(opened_mill: Mill) -> Mill:
    opened_mill.publish(
        ingested("letter", "The harbour bridge opens in spring. Ferries stop at noon.", title=TITLE)
    )
    opened_mill.publish(
        ingested("copy", "The harbour bridge opens in spring. Ferries stop at noon.")
    )
    opened_mill.run()
    return opened_mill


def test_hostile_titles_are_shown_searched_and_opened(
    watched: Callable[..., None], documents: Mill
) -> None:
    async def steps(driver: Driver) -> None:
        await driver.goes("g", "d")
        await driver.sees("Documents  2", ESCAPED, "copy", "exact", "newest 1,000 results")
        await driver.press("slash", *"verdict:unique", "enter")
        await driver.sees("Documents  1", ESCAPED)
        await driver.press("enter")
        await driver.sees("Title", "Now: ", "fanmill show letter")
        await driver.press("escape", "escape")
        await driver.sees("Documents  2")
        await driver.press("slash", *"verdict:odd", "enter")
        await driver.told("exact")
        for line in driver.text().splitlines():
            assert line.isprintable()

    watched(steps, size=(120, 30))


def test_titles_are_hidden_where_texts_are(
    watched: Callable[..., None], documents: Mill, settings: Settings
) -> None:
    async def steps(driver: Driver) -> None:
        await driver.goes("g", "d")
        await driver.sees("letter")
        assert "title" not in driver.text()

    watched(steps, settings=settings.model_copy(update={"console_text": False}))


def test_stored_things_are_read_on_arrival_and_on_request(
    watched: Callable[..., None], documents: Mill
) -> None:
    async def steps(driver: Driver) -> None:
        await driver.goes("g", "d")
        await driver.sees("Documents  2")
        documents.publish(ingested("third", "Another text about ferries."))
        documents.run()
        shown = driver.app.main.look
        await driver.until(lambda: driver.app.main.look is not shown, "another look")
        assert len(driver.app.main.tables[0].table.rows) == 2
        await driver.press("R")
        await driver.sees("Documents  3")

    watched(steps, interval=0.3)
