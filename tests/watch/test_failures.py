"""Failures in the terminal: dry run, replay, drop, abort, details, and a search."""

from collections.abc import Callable

import pytest
from redis import Redis

from action_builders import executor, order, reject_many
from builders import RedisStores
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
from watch.conftest import Driver


@pytest.fixture
def stores(redis: Redis, keys: Keys) -> RedisStores:
    found = RedisStores(redis, keys)
    found.ledger.open()
    reject_many(found, 12)
    reject_many(found, 3, first=100, cause="Other")
    return found


def carry_out(stores: RedisStores) -> None:
    worker = executor(stores)
    while worker.step():
        pass


def test_a_group_is_replayed_after_its_dry_run(
    watched: Callable[..., None], stores: RedisStores
) -> None:
    async def steps(driver: Driver) -> None:
        await driver.goes("g", "f")
        await driver.sees("15 open rejections in 2 groups", "Rejections  15", "r Replay")
        await driver.press("r")
        await driver.sees("12 would be replayed.", "rejections with group")
        await driver.press(*"memory", "enter", "y")
        await driver.until(stores.actions.newest, "the action is there")
        await driver.told("was created")
        carry_out(stores)
        await driver.press("R")
        await driver.sees("3 open rejections in 1 group.")
        await driver.goes("g", "a")
        await driver.sees("Bulk actions  1", "done", "100.0 %")
        await driver.press("enter")
        await driver.sees("Note              memory", "rejections/s")

    watched(steps, "operator")
    (action,) = stores.actions.newest()
    assert (action.order.actor, action.order.note) == ("anna@mill1", "memory")
    assert stores.rejections.count() == 3


def test_chosen_rejections_are_dropped_for_good_after_the_word(
    watched: Callable[..., None], stores: RedisStores
) -> None:
    async def steps(driver: Driver) -> None:
        main = driver.app.main
        await driver.goes("4", "6")
        await driver.sees("Rejections  15")
        await driver.press("tab", "x", "j", "x")
        await driver.sees("15, 2 chosen")
        await driver.press("D")
        await driver.sees("2 would be dropped", "type drop")
        await driver.press("enter", *"yes", "enter")
        await driver.sees("That is not drop")
        assert stores.actions.newest() == []
        await driver.press("backspace", "backspace", "backspace", *"drop", "enter")
        await driver.until(stores.actions.newest, "the action is there")
        carry_out(stores)
        await driver.until(lambda: driver.app.screen is main, "the dialog is closed")
        await driver.press("R")
        await driver.sees("Rejections  13")

    watched(steps, "admin")
    assert stores.rejections.count() == 13


def test_an_operator_may_not_drop_and_a_dry_run_of_nothing_says_why(
    watched: Callable[..., None], stores: RedisStores
) -> None:
    ids = [entry.id for entry in stores.rejections.entries()]

    async def steps(driver: Driver) -> None:
        await driver.goes("g", "f")
        await driver.press("D")
        await driver.told("--role admin")
        await driver.press("tab", "x")
        for each in ids:
            stores.rejections.drop(each)
        await driver.press("r")
        await driver.told("Nothing to do", "dropped before")

    watched(steps, "operator")
    assert stores.actions.newest() == []


def test_an_action_is_aborted_after_a_yes(
    watched: Callable[..., None], stores: RedisStores
) -> None:
    action = stores.actions.create(order(where="reason:stage-failed"))

    async def steps(driver: Driver) -> None:
        await driver.goes("g", "a")
        await driver.sees("running")
        await driver.press("enter")
        await driver.sees("No intake runs")
        await driver.press("escape", "A")
        await driver.sees("End it before its next slice?")
        await driver.press("enter", "y")
        await driver.told(f"Aborted {action.id}")
        await driver.until(lambda: "aborted" in driver.text(), "the state is shown")
        await driver.press("A", "enter", "y")
        await driver.told("has ended before")

    watched(steps, "operator")
    seen = stores.actions.get(action.id)
    assert seen is not None
    assert seen.state == "aborted"


def test_details_show_the_original_event_unless_texts_are_hidden(
    watched: Callable[..., None], stores: RedisStores, settings: Settings
) -> None:
    async def shown(driver: Driver) -> None:
        await driver.goes("g", "f")
        await driver.press("enter")
        await driver.sees("First rejections", "no 0")
        await driver.press("escape", "tab", "enter")
        await driver.sees("Original event", '"document_id": "d0"')

    async def hidden(driver: Driver) -> None:
        await driver.goes("g", "f")
        await driver.press("tab", "enter")
        await driver.sees("The original event is hidden")
        assert "document_id" not in driver.text()

    watched(shown, size=(100, 40))
    watched(hidden, settings=settings.model_copy(update={"console_text": False}))


def test_a_search_is_for_all_rejections_and_names_the_keys(
    watched: Callable[..., None], stores: RedisStores
) -> None:
    reject_many(stores, 80, first=200)

    async def steps(driver: Driver) -> None:
        await driver.goes("g", "f")
        await driver.sees("Rejections  50")
        await driver.press("slash", *"document:d279", "enter")
        await driver.sees("Rejections  1 ", "d279", "Esc ends the filter")
        await driver.press("escape")
        await driver.sees("Rejections  50")
        await driver.press("slash", *"colour:red", "enter")
        await driver.told("'colour'", "known:")
        await driver.sees("Rejections  50")

    watched(steps, size=(120, 40))
