"""PostgreSQL in trouble: each fault in words without a password, and nothing lost or doubled."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from fanmill.core.filters import Filter
from fanmill.ports import StoreError
from fanmill.stores.opening import open_store
from fanmill.stores.postgresql import PostgresqlStore
from fanmill.stores.postgresql.saving import SAVE_LOCK
from polling import until
from postgres_server import own_server
from store_samples import EPOCH, completed, where

EVERYTHING = Filter()


def positions(store):
    return [each.position for each in store.scan(EVERYTHING)]


def failing(store, call=lambda store: store.save([completed("a", 1)])):
    with pytest.raises(StoreError) as error:
        call(store)
    assert "s3cret" not in str(error.value)
    return error.value


def admin(url, *statements: str):
    with psycopg.connect(url, autocommit=True) as connection:
        for each in statements:
            connection.execute(each)


def test_a_server_killed_while_it_saves_loses_and_doubles_nothing():
    with own_server() as server:
        store = PostgresqlStore(server.url())
        store.migrate()
        saved, ended, lasting = [], [], []

        def save() -> None:
            number = 0
            while not ended:
                batch = [completed(f"d{number + each}", number + each) for each in range(20)]
                try:
                    store.save(batch)
                except StoreError as error:
                    lasting.extend([error] * (not error.temporary))
                    continue
                number += 20
                saved.append(number)

        saver = Thread(target=save)
        saver.start()
        try:
            until(lambda: len(saved) > 3, what="saves")
            server.kill()
            server.start()
        finally:
            done = len(saved)
            until(lambda: len(saved) > done + 1, what="saves after the kill")
            ended.append(True)
            saver.join(60)
        assert not lasting
        other = PostgresqlStore(server.url())
        assert [each.result.document_id for each in other.scan(EVERYTHING)] == [
            f"d{number}" for number in range(saved[-1])
        ]
        assert other.check() == []
        other.close()
        store.close()


SAVER = """
import sys
sys.path.insert(0, sys.argv[2])
from store_samples import EPOCH, completed
from fanmill.stores.postgresql import PostgresqlStore
store = PostgresqlStore(sys.argv[1])
number = 0
while True:
    store.save([completed(f"d{number + each}", number + each) for each in range(50)])
    number += 50
    print(number, flush=True)
"""


def test_a_saver_killed_in_a_transaction_leaves_no_half(postgresql_url):
    tests = str(Path(__file__).parents[1])
    command = [sys.executable, "-c", SAVER, postgresql_url, tests]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as saver:
        for _ in range(3):
            saver.stdout.readline()
        saver.kill()
    store = open_store(postgresql_url)
    # The lock of the killed saver is gone: another one saves.
    assert store.save([completed("after", 10**6)]).stored == 1
    assert (store.info().records - 1) % 50 == 0
    store.close()


def test_positions_of_several_savers_appear_in_order(postgresql_url):
    seen, ended = [], []

    def follow() -> None:
        reader, after = open_store(postgresql_url), 0
        while True:
            last_round = bool(ended)
            for each in reader.scan(EVERYTHING, after=after):
                seen.append(each.position)
                after = each.position
            if last_round:
                reader.close()
                return

    def save(saver: int) -> None:
        store = open_store(postgresql_url)
        for batch in range(12):
            names = [f"{saver}-{batch}-{number}" for number in range(5)]
            store.save([completed(name, batch) for name in [*names, "shared"]])
        store.close()

    follower = Thread(target=follow)
    follower.start()
    with ThreadPoolExecutor(3) as savers:
        list(savers.map(save, range(3)))
    ended.append(True)
    follower.join(60)
    store = open_store(postgresql_url)
    assert store.info().records == 3 * 12 * 5 + 1
    # Whatever remained was seen: a follower skips nothing.
    assert set(positions(store)) <= set(seen)
    assert len(seen) == len(set(seen))
    store.close()


def test_a_broken_connection_is_made_again(postgresql_url):
    store = open_store(postgresql_url)
    store.save([completed("a", 1)])
    admin(
        postgresql_url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    assert store.get("a") is not None
    store.close()


def test_a_server_that_is_away_is_temporary():
    error = failing(PostgresqlStore("postgresql://me:s3cret@127.0.0.1:1/db"))
    assert error.temporary
    assert "PostgreSQL at 127.0.0.1, database db: no connection" in str(error)


def test_a_missing_database_is_not_temporary(postgresql_server):
    url = postgresql_server.replace("/postgres?", "/nowhere?")
    error = failing(PostgresqlStore(url))
    assert not error.temporary
    assert "there is no such database" in str(error)


def test_an_unknown_user_is_refused(postgresql_server):
    error = failing(PostgresqlStore(f"{postgresql_server}&user=nobody1&password=s3cret"))
    assert not error.temporary
    assert "the server refuses user or password" in str(error)


def test_an_empty_database_names_the_command_to_migrate(empty_postgresql_url):
    store = PostgresqlStore(empty_postgresql_url)
    error = failing(store)
    store.close()
    assert error.temporary
    assert "run `fanmill store migrate`" in str(error)


def test_a_read_only_database_is_temporary(postgresql_url):
    store = open_store(f"{postgresql_url}&options=-cdefault_transaction_read_only%3Don")
    assert store.get("a") is None
    error = failing(store)
    assert error.temporary
    assert "the database is read-only; name the primary" in str(error)
    store.close()


def test_a_lock_held_by_another_ends_in_time(postgresql_url):
    store = PostgresqlStore(postgresql_url, statement_seconds=1)
    with psycopg.connect(postgresql_url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (SAVE_LOCK,))
        error = failing(store)
    assert error.temporary
    assert "took longer than the limit, 1 s" in str(error)
    assert store.save([completed("a", 1)]).stored == 1
    store.close()


def test_a_missing_right_names_the_page_of_grants(postgresql_url):
    name = f"reader_{postgresql_url.rpartition('fanmill_')[2][:12]}"
    admin(postgresql_url, f"CREATE ROLE {name} LOGIN")
    admin(
        postgresql_url,
        f"GRANT SELECT ON fanmill_migrations, fanmill_store_meta, fanmill_records TO {name}",
    )
    store = PostgresqlStore(f"{postgresql_url}&user={name}")
    try:
        assert store.search(where("lang:en")) == []
        error = failing(store, lambda store: store.forget([], actor="", note="", at=EPOCH))
        assert not error.temporary
        assert "deploy/stores.md lists the grants" in str(error)
    finally:
        store.close()
        admin(postgresql_url, f"DROP OWNED BY {name}", f"DROP ROLE {name}")


@pytest.mark.parametrize(
    ("state", "words", "temporary"),
    [
        ("53100", "its disk is full", True),
        ("53300", "no connection left", True),
        ("57P03", "starting or stopping", True),
        ("XX001", "its data are damaged", False),
        ("42703", "a column is missing", True),
    ],
)
def test_other_states_of_a_server_have_words(state, words, temporary):
    store = PostgresqlStore("postgresql://me:s3cret@host/db")
    found = store._session.problem(psycopg.errors.lookup(state)("detail"))
    assert isinstance(found, StoreError)
    assert words in str(found)
    assert found.temporary is temporary
