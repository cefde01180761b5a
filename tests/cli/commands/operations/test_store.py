"""`fanmill store`: what an operator sees of schema, state and faults."""

import sqlite3

import pytest

from fanmill.stores.opening import open_store
from store_samples import completed, rejected


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """URL of a database without tables; the file of SQLite is missing."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'results.sqlite'}"
    return request.getfixturevalue("empty_postgresql_url")


def test_an_empty_database_is_migrated_after_a_dry_run(fanmill, url):
    if url.startswith("postgresql"):
        planned = fanmill("store", "migrate", "--store", url, "--dry-run", "--json")
        assert planned.code == 0
        assert planned.rows[0] == {
            "migration": "0001_records",
            "kind": "expand",
            "applied": False,
        }
        state = fanmill("store", "info", "--store", url, "--json")
        assert state.code == 1
        assert state.rows[0]["schema_version"] == 0
        assert "run fanmill store migrate" in state.err
        refused = fanmill("store", "check", "--store", url)
        assert refused.code == 3
        assert "run `fanmill store migrate`" in refused.err
    assert fanmill("store", "migrate", "--store", url).code == 0
    again = fanmill("store", "migrate", "--store", url)
    assert (again.code, again.out) == (0, "")
    assert "up to date" in again.err


def test_info_counts_what_is_stored(fanmill, url):
    fanmill("store", "migrate", "--store", url)
    empty = fanmill("store", "info", "--store", url)
    assert empty.code == 0
    assert "no record yet" in empty.out
    store = open_store(url)
    store.save([completed("a", 1), completed("b", 2), rejected(3)])
    store.close()
    found = fanmill("store", "info", "--store", url, "--json").rows[0]
    assert (found["records"], found["rejections"], found["tombstones"]) == (2, 1, 0)
    assert found["bytes"] > 0
    assert found["oldest"] < found["newest"]
    assert "2026-11-01 00:00:02Z" in fanmill("store", "info", "--store", url).out


def test_a_sound_store_has_no_fault(fanmill, url):
    fanmill("store", "migrate", "--store", url)
    store = open_store(url)
    store.save([completed("a", 1), completed("b", 2, duplicate_of="a")])
    store.close()
    done = fanmill("store", "check", "--store", url)
    assert done.code == 0, done.out
    assert "sound" in done.err
    assert fanmill("store", "check", "--store", url, "--json").rows == [
        {"sound": True, "faults": []}
    ]


def test_compacting_says_what_is_left(fanmill, url):
    fanmill("store", "migrate", "--store", url)
    store = open_store(url)
    store.save([completed("a", 1), completed("b", 2)])
    store.close()
    done = fanmill("store", "compact", "--store", url, "--json")
    assert (done.code, done.rows[0]["records"]) == (0, 2)
    assert "compacted" in fanmill("store", "compact", "--store", url).err


def test_a_damaged_file_has_faults(fanmill, tmp_path):
    url = f"sqlite:///{tmp_path / 'results.sqlite'}"
    fanmill("store", "migrate", "--store", url)
    store = open_store(url)
    store.save([completed("a", 1)])
    store.close()
    with sqlite3.connect(tmp_path / "results.sqlite") as connection:
        connection.execute("UPDATE records SET record = x'00'")
    done = fanmill("store", "check", "--store", url, "--json")
    assert done.code == 1
    assert done.rows[0]["sound"] is False
    assert "position 1" in done.rows[0]["faults"][0]


def test_a_differing_row_of_postgresql_is_a_fault(fanmill, postgresql_url):
    store = open_store(postgresql_url)
    store.save([completed("a", 1)])
    store._session.run(
        lambda connection: connection.execute("UPDATE fanmill_records SET revision = 7")
    )
    store.close()
    done = fanmill("store", "check", "--store", postgresql_url)
    assert done.code == 1
    assert "the columns of the record at position 1" in done.out


def test_without_a_store_the_command_says_how_to_name_one(fanmill):
    done = fanmill("store", "info")
    assert done.code == 2
    assert "set FANMILL_STORE_URL" in done.err


def test_an_unreachable_server_ends_with_its_exit_code_and_no_password(fanmill):
    done = fanmill("store", "info", "--store", "postgresql://me:s3cret@127.0.0.1:1/db")
    assert done.code == 3
    assert "no connection" in done.err
    assert "s3cret" not in done.err
