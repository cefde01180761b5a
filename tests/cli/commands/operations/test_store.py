"""`fanmill store`: what an operator sees of schema, state and faults."""

import sqlite3
from contextlib import closing

import psycopg
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


def changed(url, *statements: str):
    """Execute statements past the store."""
    if url.startswith("postgresql"):
        with psycopg.connect(url, autocommit=True) as connection:
            for each in statements:
                connection.execute(each.encode())
        return
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        for each in statements:
            connection.execute(each)


def test_an_index_of_another_version_is_told_and_made_anew(fanmill, url):
    fanmill("store", "migrate", "--store", url)
    store = open_store(url)
    store.save([completed("a", 1), completed("b", 2), rejected(3)])
    store.close()
    prefix = "fanmill_" if url.startswith("postgresql") else ""
    changed(url, f"UPDATE {prefix}store_meta SET value = '0.7' WHERE name = 'facets'")  # noqa: S608
    planned = fanmill("store", "migrate", "--store", url, "--dry-run")
    assert "the search index of 3 records and rejections is to be made anew" in planned.err
    state = fanmill("store", "info", "--store", url)
    assert (state.code, "0.7 (this program" in state.out) == (1, True)
    assert "run fanmill store migrate" in state.err
    refused = fanmill("results", "lang:en", "--store", url)
    assert (refused.code, refused.out) == (3, "")
    assert "`fanmill store migrate`" in refused.err
    done = fanmill("store", "migrate", "--store", url, "--json")
    assert [(row["rows"], row["applied"]) for row in done.rows] == [(3, True)]
    assert "up to date" in fanmill("store", "migrate", "--store", url).err
    assert "was made anew" in fanmill("store", "migrate", "--store", url, "--rebuild").err
    assert len(fanmill("results", "lang:en", "--store", url, "--json").rows) == 2


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


def filled(fanmill, url, records=400):
    fanmill("store", "migrate", "--store", url)
    store = open_store(url)
    store.save([completed(f"d{number}", number, title="Mill " * 50) for number in range(records)])
    store.close()


def faults(fanmill, url):
    done = fanmill("store", "check", "--all", "--store", url, "--json")
    assert done.code == 1, done.err
    return " | ".join(done.rows[0]["faults"])


def test_an_index_that_differs_from_the_records_is_a_fault_and_mended(fanmill, tmp_path):
    url = f"sqlite:///{tmp_path / 'results.sqlite'}"
    filled(fanmill, url)
    changed(
        url,
        "DELETE FROM records WHERE position IN (7, 8)",
        "INSERT INTO records_search (rowid, tokens) VALUES (999, '·')",
        "INSERT INTO records SELECT 900, 'new', entry_id, completed, received, NULL, record,"
        " fingerprint FROM records WHERE position = 400",
    )
    found = faults(fanmill, url)
    assert "lacks 1 positions (900)" in found
    assert "has 3 positions (7, 8, 999) too many" in found
    assert "position 900 belongs to another document" in found
    assert "other words for 1 positions (900)" in found
    assert "`fanmill store migrate --rebuild`" in found
    changed(url, "DELETE FROM records WHERE position = 900")
    assert fanmill("store", "migrate", "--rebuild", "--store", url).code == 0
    assert fanmill("store", "check", "--all", "--store", url).code == 0


def test_an_old_record_that_is_damaged_is_found_by_all(fanmill, url):
    filled(fanmill, url, 1002)
    postgresql = url.startswith("postgresql")
    changed(
        url,
        "UPDATE fanmill_records SET revision = 7 WHERE document_id = 'd1'"
        if postgresql
        else "UPDATE records SET record = x'00' WHERE document_id = 'd1'",
    )
    assert fanmill("store", "check", "--store", url).code == 0
    assert "position 2" in faults(fanmill, url)


def test_damaged_pages_are_faults_beside_what_can_be_read(fanmill, tmp_path):
    url = f"sqlite:///{tmp_path / 'results.sqlite'}"
    filled(fanmill, url)
    path = tmp_path / "results.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        page = connection.execute("PRAGMA page_size").fetchone()[0]
    content = bytearray(path.read_bytes())
    # Behind the schema, every eighth page: those of tables and of the index alike.
    for at in range(40 * page, len(content) - page, 8 * page):
        content[at : at + page] = b"\xaa" * page
    path.write_bytes(content)
    assert "damaged" in faults(fanmill, url)


def test_a_differing_index_of_postgresql_is_a_fault_where_amcheck_is(fanmill, postgresql_url):
    filled(fanmill, postgresql_url, 50)
    try:
        changed(postgresql_url, "CREATE EXTENSION amcheck")
    except psycopg.Error as error:
        pytest.skip(f"the server has no amcheck: {error}")
    assert fanmill("store", "check", "--all", "--store", postgresql_url).code == 0
    # An index that no longer holds for its expression: what a damaged disk does, too.
    changed(
        postgresql_url,
        "UPDATE pg_index SET indisready = false WHERE indexrelid = 'fanmill_records_completed'"
        "::regclass",
        "UPDATE fanmill_records SET completed_at = completed_at + interval '1 day'",
        "UPDATE pg_index SET indisready = true WHERE indexrelid = 'fanmill_records_completed'"
        "::regclass",
    )
    assert "index fanmill_records_completed is damaged" in faults(fanmill, postgresql_url)


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
