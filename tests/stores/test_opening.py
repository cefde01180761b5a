"""URLs of stores."""

import subprocess
import sys

import pytest

from fanmill.ports import StoreError
from fanmill.stores.opening import open_store, sqlite_path


def test_a_file_is_made_only_on_demand(tmp_path):
    url = f"sqlite:///{tmp_path / 'results.sqlite'}"
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(url)
    open_store(url, create=True).close()
    store = open_store(url)
    assert store.info().records == 0
    store.close()


def test_three_slashes_are_a_relative_path():
    assert str(sqlite_path("sqlite:///results.sqlite")) == "results.sqlite"
    assert str(sqlite_path("sqlite:////data/results.sqlite")) == "/data/results.sqlite"


@pytest.mark.parametrize("url", ["", "results.sqlite", "sqlite:", "sqlite:///", "mysql://host/db"])
def test_other_urls_are_refused(url):
    with pytest.raises(StoreError, match="sqlite:///"):
        open_store(url)


def test_a_url_of_postgresql_opens_its_store(postgresql_url):
    store = open_store(postgresql_url)
    assert store.kind == "postgresql"
    assert store.info().records == 0
    store.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:user:secret@host/db",
        "postgresql://user:secret@[::1/db",
        "postgresql://user:secret@host/db?no_such_option=1",
        "mysql://user:secret@host/db",
    ],
)
def test_a_wrong_url_is_refused_without_its_password(url):
    with pytest.raises(StoreError, match="postgresql://") as error:
        open_store(url)
    assert "secret" not in str(error.value)
    assert not error.value.temporary


def test_without_its_extra_postgresql_names_the_command_to_install_it():
    code = """
import sys
sys.modules["psycopg"] = None
from fanmill.stores.opening import open_store
try:
    open_store("postgresql://host/db")
except Exception as error:
    print(type(error).__name__, error)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.startswith("StoreError ")
    assert "pip install 'fanmill[postgres]'" in ended.stdout
