"""The check of `fanmill doctor` of the store of record."""

from fanmill.ops.doctor.store import judge_store
from fanmill.stores.opening import open_store


def test_a_store_that_answers_is_fine(settings, tmp_path):
    url = f"sqlite:///{tmp_path / 'results.sqlite'}"
    open_store(url, create=True).close()
    found = judge_store(type(settings)(store_url=url))
    assert found.level == "ok"
    assert found.seen.endswith("0 records")


def test_a_store_without_tables_names_the_command(settings, empty_postgresql_url):
    found = judge_store(type(settings)(store_url=empty_postgresql_url))
    assert (found.level, found.advice) == ("error", "fanmill store migrate")


def test_a_store_that_is_away_is_an_error_without_its_password(settings):
    found = judge_store(type(settings)(store_url="postgresql://me:s3cret@127.0.0.1:1/db"))
    assert found.level == "error"
    assert "no connection" in found.seen
    assert "s3cret" not in found.seen


def test_without_a_store_there_is_nothing_to_check(settings):
    assert judge_store(settings).level == "ok"
