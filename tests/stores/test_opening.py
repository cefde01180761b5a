"""URLs of stores."""

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
