"""Facets of another version: told, never searched, and made anew in slices that survive a kill."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from fanmill.ports import FacetsProgress, StoreError
from fanmill.stores.opening import open_store
from fanmill.stores.postgresql import PostgresqlStore
from store_samples import EPOCH, completed, rejected, where, where_rejected

QUERIES = ["lang:zh", "words:>1000", 'text:"mill"', "-lang:zh age:>1d", "tag:river", "site:a.org"]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """URL of a store with the current schema and no record."""
    if request.param == "sqlite":
        made = f"sqlite:///{tmp_path / 'results.sqlite'}"
        open_store(made, create=True).close()
        return made
    return request.getfixturevalue("postgresql_url")


@pytest.fixture
def filled(url):
    store = open_store(url)
    store.save(
        [
            completed(
                f"d{number}", number, lang="zh" if number % 3 else "en", words=number * 20,
                title=f"The old mill {number}", url="https://www.a.org/x", keyphrases=["river"],
                duplicate_of="d1" if number % 7 == 2 else None,
            )
            for number in range(150)
        ]
    )  # fmt: skip
    store.save([rejected(number, f"r{number}") for number in range(30)])
    yield store
    store.close()


def execute(store, *statements: str):
    """Execute statements past the store: `{}` is what its tables begin with."""
    if isinstance(store, PostgresqlStore):
        for each in statements:
            store._session.run(lambda connection, sql=each: connection.execute(sql.encode()))
    else:
        for each in statements:
            store._database.connection.execute(each)


def age(store):
    """Give a store the facets of another program: none at all."""
    if isinstance(store, PostgresqlStore):
        execute(
            store,
            "UPDATE fanmill_records SET terms = '{}', tokens = '', site = 'wrong', words = NULL",
            "UPDATE fanmill_rejections SET folded_error = ''",
            "UPDATE fanmill_store_meta SET value = '0.7' WHERE name = 'facets'",
        )
    else:
        execute(
            store,
            "INSERT INTO records_search (records_search) VALUES ('delete-all')",
            "INSERT INTO rejections_search (rejections_search) VALUES ('delete-all')",
            "UPDATE store_meta SET value = '0.7' WHERE name = 'facets'",
        )


def answers(store):
    found = [store.search(where(query), limit=200) for query in QUERIES]
    found.append(store.search_rejections(where_rejected("it failed reason:stage-failed")))
    return found


def test_a_new_store_has_the_facets_of_its_program(url):
    store = open_store(url)
    info = store.info()
    assert info.facets_version == info.wanted_facets_version
    assert info.facets_rebuild is None
    assert store.rebuild_facets() is None
    store.close()


def test_other_facets_are_never_searched_and_made_anew_in_slices(url, filled):
    expected = answers(filled)
    assert all(expected)
    age(filled)
    for store in (filled, open_store(url)):
        for call in (
            lambda: store.search(where("lang:zh")),  # noqa: B023
            lambda: store.count(where("lang:zh")),  # noqa: B023
            lambda: list(store.scan(where("lang:zh"))),  # noqa: B023
            lambda: store.search_rejections(where_rejected("reason:removed")),  # noqa: B023
            lambda: store.save([completed("new", 999)]),  # noqa: B023
        ):
            with pytest.raises(StoreError, match=r"version 0\.7.*fanmill store migrate") as refused:
                call()
            assert refused.value.temporary
        assert "version 0.7" in " ".join(store.check())
    assert store.get("d3").result.document_id == "d3"
    assert len(list(store.scan(where("")))) == 150
    assert len(store.members("d1")) == store.clusters()[0].duplicates
    assert store.rebuild_facets(40) == FacetsProgress(40, 180)
    info = store.info()
    assert (info.facets_version, info.facets_rebuild) == ("", FacetsProgress(40, 180))
    with pytest.raises(StoreError, match=r"anew, 40 of 180 done"):
        filled.search(where("lang:zh"))
    # Another process goes on at the same place.
    steps = [FacetsProgress(40, 180)]
    while steps[-1] is not None:
        steps.append((store, filled)[len(steps) % 2].rebuild_facets(40))
    assert [step.done for step in steps[:-1]] == [40, 80, 120, 150]
    assert answers(filled) == answers(store) == expected
    assert filled.save([completed("new", 999, lang="zh")]).stored == 1
    assert filled.search(where("lang:zh"))[0].result.document_id == "new"
    assert filled.forget(["d3"], actor="me", note="", at=EPOCH + timedelta(days=1)) == 1
    assert filled.check(all_records=True) == []
    store.close()


REBUILD = """
import sys
from fanmill.stores.opening import open_store
store = open_store(sys.argv[1])
while (progress := store.rebuild_facets(3)) is not None:
    print(progress.done, flush=True)
"""


def test_a_killed_rebuild_goes_on_where_it_was(url, filled):
    expected = answers(filled)
    age(filled)
    with subprocess.Popen([sys.executable, "-c", REBUILD, url], stdout=subprocess.PIPE) as program:
        seen = [int(program.stdout.readline()) for _ in range(4)]
        os.kill(program.pid, signal.SIGKILL)
    state = filled.info()
    assert state.facets_rebuild.done >= seen[-1]
    with pytest.raises(StoreError, match="being made anew"):
        filled.search(where("lang:zh"))
    first = filled.rebuild_facets(3)
    assert first is None or first.done > state.facets_rebuild.done
    while filled.rebuild_facets(50) is not None:
        pass
    assert answers(filled) == expected
    assert filled.check(all_records=True) == []


def test_a_rebuild_of_another_version_begins_anew(filled):
    expected = answers(filled)
    age(filled)
    filled.rebuild_facets(100)
    change = "store_meta SET value = replace(value, '\"1.', '\"0.') WHERE name <> 'facets'"
    prefix = "fanmill_" if isinstance(filled, PostgresqlStore) else ""
    execute(filled, f"UPDATE {prefix}{change}")
    with pytest.raises(StoreError, match=r"of version 0\."):
        filled.search(where("lang:zh"))
    assert filled.rebuild_facets(100) == FacetsProgress(100, 180)
    while filled.rebuild_facets(100) is not None:
        pass
    assert answers(filled) == expected


def test_an_index_is_made_anew_on_demand(filled):
    expected = answers(filled)
    assert filled.rebuild_facets(1000, anew=True) == FacetsProgress(150, 180)
    assert filled.rebuild_facets(1000) is None
    assert answers(filled) == expected
