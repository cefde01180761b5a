"""The terminal shows what the web console shows: no table, column, act or key may drift apart."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from fanmill.console.app import STATIC
from fanmill.console.pages import ACTS as WEB_ACTS
from fanmill.console.pages import PAGES
from fanmill.screens.failures import Found
from fanmill.screens.reading import Reader
from fanmill.screens.tables import Table
from fanmill.settings import Settings
from fanmill.stores.opening import open_store
from fanmill.watch.app import WatchApp
from fanmill.watch.catalogue import ACTS, VIEWS, View
from fanmill.watch.keys import DO, KEYS

FORMS = {"publish", "configuration"}
"""Screens of the web console alone: a form, and the settings, which `fanmill config` prints."""
FORM_ACTS = {("publish", "send"), ("rejection", "edit"), ("bulk", "edit")}
BESIDE = {"failures": "rejections"}
"""Pages beside a page of the navigation that a screen of the terminal shows with it."""
WEB = {page.name: page for page in PAGES}


@pytest.fixture
def reader(settings: Settings, tmp_path: Path) -> Reader:
    url = f"sqlite:///{tmp_path}/results.sqlite"
    open_store(url, create=True)
    return Reader(settings.model_copy(update={"store_url": type(settings.store_url)(url)}))


def tables_in(values: Mapping[str, Any]) -> Iterator[Table]:
    for value in values.values():
        if isinstance(value, Table):
            yield value
        elif isinstance(value, Found):
            yield value.table


def web_tables(reader: Reader, view: View) -> dict[str, Table]:
    """Return the tables of the pages of a screen by name; with titles where there are both."""
    found: dict[str, Table] = {}
    for name in filter(None, (view.name, BESIDE.get(view.name))):
        for table in tables_in(WEB[name].view(reader, {})):
            found.setdefault(table.name, table)
    return found


def test_screens_have_the_titles_the_keys_and_the_order_of_the_web() -> None:
    web = [(page.name, page.title, page.key) for page in PAGES if page.key]
    ours = [(view.name, view.title, view.key) for view in VIEWS]
    assert ours == [each for each in web if each[0] not in FORMS]


def test_excerpts_on_the_overview_of_the_web_are_of_tables_of_the_terminal(reader: Reader) -> None:
    ours = {table.name: table for view in VIEWS for table in view.tables(reader, "")}
    excerpts = web_tables(reader, VIEWS[0])
    assert excerpts.keys() == {"failures", "groups"}
    for name, table in excerpts.items():
        known = {column.name: column.title for column in ours[name].columns}
        assert {column.name: column.title for column in table.columns}.items() <= known.items()


@pytest.mark.parametrize("view", VIEWS[1:], ids=lambda view: view.name)
def test_tables_have_the_columns_and_the_acts_of_the_web(reader: Reader, view: View) -> None:
    theirs = web_tables(reader, view)
    ours = {table.name: table for table in view.tables(reader, "")}
    assert ours.keys() == theirs.keys()
    for name, table in ours.items():
        assert table.columns == theirs[name].columns
        assert table.actions == theirs[name].actions
        assert table.empty == theirs[name].empty
        if name != "documents":
            # The web says their number in the title.
            assert table.title == theirs[name].title


def test_each_act_of_the_web_is_one_of_the_terminal() -> None:
    web = {(act.table, act.action): act for act in WEB_ACTS}
    assert {key: act for key, act in web.items() if key not in FORM_ACTS} == {
        key: act for key, act in ACTS.items() if key not in FORM_ACTS
    }


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_each_key_of_a_table_does_its_act_and_nothing_else(reader: Reader, view: View) -> None:
    for table in view.tables(reader, ""):
        keys = [action.key for action in table.actions]
        assert len(set(keys)) == len(keys), table.name
        for action in table.actions:
            act = ACTS[table.name, action.name]
            assert act.role == action.role
            assert action.key not in DO, f"{action.key} of {table.name} has another meaning"
            assert not action.key.isdecimal()
            if action.role == "admin" or action.word:
                assert action.key.isupper(), "upper case for what destroys"


def test_keys_without_a_table_are_those_of_the_web_and_are_explained() -> None:
    script = (STATIC / "console.js").read_text(encoding="utf-8")
    web = {key for key in re.findall(r'key === "(.+?)"', script) if key not in {"Escape", "Enter"}}
    assert web == {"/", "?", "g", "p", "j", "k", "x"}
    assert web <= DO.keys()
    for name in DO.values():
        assert callable(getattr(WatchApp, name))
    explained = " ".join(key for key, _ in KEYS)
    for key in DO.keys() - {"g", "?", "escape"}:
        assert key in explained
    assert all(view.key in view.title.lower() for view in VIEWS), "its letter is underlined"
