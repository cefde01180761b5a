"""`fanmill results` and `fanmill show` on a store of record."""

import json
import sqlite3

import pytest

from fanmill.stores.opening import open_store, store_url_in
from store_samples import completed, rejected


@pytest.fixture
def data(tmp_path):
    """A folder of `fanmill up --data` whose store has 60 records and a rejection."""
    folder = tmp_path / "fanmill data"
    folder.mkdir()
    store = open_store(store_url_in(folder), create=True)
    store.save(
        [
            completed(
                f"doc-{number}", number, words=number * 10, lang="zh" if number % 20 == 0 else "en",
                title="新能源汽车" if number % 20 == 0 else "A mill",
                duplicate_of="doc-0" if number == 7 else None,
            )
            for number in range(60)
        ]
    )  # fmt: skip
    store.save([rejected(90, "lost", error="it broke")])
    store.close()
    return str(folder)


def listed(done):
    assert done.code == 0, done.err
    return [row["document_id"] for row in done.rows]


def test_a_query_finds_results_the_newest_first(fanmill, data):
    found = fanmill("results", "能源 words:>100", "--data", data, "--json")
    assert listed(found) == ["doc-40", "doc-20"]
    assert listed(fanmill("results", "verdict:near", "--data", data, "--json")) == ["doc-7"]
    assert len(listed(fanmill("results", "--data", data, "--json"))) == 60
    assert len(listed(fanmill("results", "--data", data, "--json", "--limit", "3"))) == 3
    assert listed(fanmill("results", "--data", data, "--json", "--since", "2999-01-01")) == []


def test_a_table_tells_how_to_go_on(fanmill, data):
    fanmill.environment["COLUMNS"] = "80"
    first = fanmill("results", "lang:en", "--data", data)
    assert first.code == 0
    assert "50 of 57 results; more: --before 9" in first.err
    assert max(map(len, first.out.splitlines())) <= 80
    before = first.err.split("--before ")[1].strip()
    rest = fanmill("results", "lang:en", "--data", data, "--before", before)
    assert "7 of 57 results\n" in rest.err
    assert "doc-1 " in rest.out


def test_the_store_of_the_settings_is_read(fanmill, data):
    fanmill.environment["FANMILL_STORE_URL"] = f"sqlite:///{data}/results.sqlite"
    assert listed(fanmill("results", "document:doc-3", "--json")) == ["doc-3"]
    # A server that is named is meant, and has nothing.
    url = fanmill.environment["FANMILL_REDIS_URL"]
    assert listed(fanmill("results", "--json", "--redis-url", url)) == []


def test_wrong_queries_name_what_is_possible(fanmill, data):
    for query, words in (
        ("wrds:>5", "position 1: unknown key 'wrds'; known: lang, verdict"),
        ("wrds:>5", "did you mean words"),
        ("lang:zh verdict:same", "position 17: 'same' is unknown; known: unique, exact, near"),
        ("words:many", "no number"),
    ):
        done = fanmill("results", query, "--data", data)
        assert done.code == 2
        assert words in done.err


def test_the_keys_are_listed(fanmill):
    done = fanmill("results", "--keys")
    assert done.code == 0
    for key in ("lang", "duplicate-of", "failed", "words", "quality.stop_word_fraction"):
        assert key in done.out


def test_a_missing_store_and_two_sources_are_refused(fanmill, data, tmp_path):
    missing = fanmill("results", "--data", str(tmp_path / "none"))
    assert missing.code == 3
    assert "cannot be opened" in missing.err
    both = fanmill("results", "--data", data, "--store", "sqlite:///x.sqlite")
    assert (both.code, both.err) == (2, "fanmill: give one of --store and --data\n")
    unknown = fanmill("results", "--store", "mysql://host/db")
    assert unknown.code == 2
    assert fanmill("results", "--before", "5").code == 2


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_store_without_tables_names_the_command_that_makes_them(fanmill, tmp_path, request, kind):
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    if kind == "postgresql":
        url = request.getfixturevalue("empty_postgresql_url")
    else:
        sqlite3.connect(tmp_path / "empty.sqlite").close()
    for command in (
        ("results", "lang:en"),
        ("results", "lang:en", "--json"),
        ("show", "doc-1"),
        ("report", "--json"),
        ("export",),
    ):
        done = fanmill(*command, "--store", url)
        assert (done.code, done.out) == (3, ""), command
        assert "`fanmill store migrate`" in done.err, command


def test_rejections_are_listed_from_redis_whatever_the_store_does(fanmill, tmp_path):
    fanmill.environment["FANMILL_STORE_URL"] = f"sqlite:///{tmp_path / 'none' / 'x.sqlite'}"
    done = fanmill("rejected", "list")
    assert (done.code, done.out) == (0, "")
    assert "no rejection" in done.err
    assert not (tmp_path / "none").exists()


def test_an_empty_store_says_what_fills_it(fanmill, tmp_path):
    open_store(store_url_in(tmp_path), create=True).close()
    done = fanmill("results", "--data", str(tmp_path))
    assert done.code == 0
    assert "the store is empty: fanmill sink fills it" in done.err


def test_a_document_is_shown_from_the_store(fanmill, data):
    shown = fanmill("show", "doc-20", "--data", data)
    assert shown.code == 0
    assert "新能源汽车" in shown.out
    as_json = fanmill("show", "doc-20", "--data", data, "--json").rows[0]
    assert (as_json["state"], as_json["result"]["document_id"]) == ("complete", "doc-20")
    lost = fanmill("show", "lost", "--data", data)
    assert lost.code == 0
    assert "it broke" in lost.out
    nobody = fanmill("show", "nobody", "--data", data)
    assert nobody.code == 1
    assert "the store does not have it" in nobody.err


def test_the_store_answers_while_redis_does_not(fanmill, data):
    fanmill.environment["FANMILL_STORE_URL"] = f"sqlite:///{data}/results.sqlite"
    fanmill.environment["FANMILL_REDIS_URL"] = "redis://127.0.0.1:1/0"
    shown = fanmill("show", "doc-5", "--json")
    assert shown.code == 0
    assert json.loads(shown.out)["result"]["document_id"] == "doc-5"
    assert "only the store was asked" in shown.err
