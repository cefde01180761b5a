"""Plans of the queries in PostgreSQL: by index, and by few keys whatever the range."""

import pytest

from fanmill.core.filters.intervals import Interval
from fanmill.core.filters.record_keys import NUMERIC_STATISTICS
from fanmill.stores.postgresql import PostgresqlStore
from fanmill.stores.postgresql.conditions import record_where
from fanmill.stores.postgresql.reading import BY_INDEX, index_statement, walk_statement
from fanmill.stores.postgresql.search_terms import number_terms, range_terms
from store_samples import EPOCH, NOW_MS, completed, rejected, where, where_rejected


@pytest.fixture
def planned(postgresql_url):
    """Return the plan of a statement, as text, under settings."""
    store = PostgresqlStore(postgresql_url)

    def plan(settings, statement, values) -> str:
        def explain(connection) -> str:
            with connection.transaction():
                connection.execute(settings.encode())
                rows = connection.execute(f"EXPLAIN {statement}".encode(), values)
                return "\n".join(row[0] for row in rows.fetchall())

        return store._session.run(explain)

    yield plan
    store.close()


INDEXED = {
    "lang:zh verdict:near": "fanmill_records_found",
    "source:/x words:>500": "fanmill_records_found",
    "tag:invoice": "fanmill_records_found",
    "topic:sport": "fanmill_records_found",
    'text:"old mill"': "fanmill_records_found",
    "failed:c4 problems:>0": "fanmill_records_found",
    "duplicate-of:a": "fanmill_records_cluster",
    "document:a": "fanmill_records_document_id_key",
    "age:<1h": "fanmill_records_completed",
    **{f"{key}:>0.7": "fanmill_records_found" for key in NUMERIC_STATISTICS},
}


def test_an_index_names_the_rows_of_every_kind_of_filter(planned):
    for text, index in INDEXED.items():
        condition = record_where(where(text), NOW_MS)
        assert condition.indexed
        plan = planned(BY_INDEX, index_statement(condition), (2**40, *condition.values, 50))
        assert index in plan, text
        assert "Seq Scan" not in plan, text


def test_the_newest_records_are_walked_by_position_without_sorting(planned):
    condition = record_where(where("lang:zh"), NOW_MS)
    settings = "SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off"
    plan = planned(settings, walk_statement(condition), (1, 10_001, *condition.walk_values, 50))
    assert "Index Scan Backward using fanmill_records_pkey" in plan
    assert "Sort" not in plan


class Recorder:
    """A connection that keeps the queries of others."""

    def __init__(self, connection, seen) -> None:
        self._connection = connection
        self._seen = seen

    def execute(self, query, values=None):
        self._seen.append((query if isinstance(query, bytes) else query.encode(), values))
        return self._connection.execute(query, values)

    def __getattr__(self, name) -> object:
        return getattr(self._connection, name)


def everything_that_ships(store):
    """Call each method that reads or removes, with filters of each kind of plan."""
    store.get_many(["d1", "d2"])
    store.search(where("lang:zh words:>5"))
    store.search(where(""), before=9)
    store.count(where("lang:zh"), cap=3)
    store.count(where("-lang:zh"), cap=3)
    store.count(where("mill"), cap=3)
    list(store.scan(where("lang:en")))
    list(store.scan(where("-lang:en")))
    list(store.scan(where("")))
    for text in ("", "reason:removed", "source:/x age:<1h", "document:a", "group:x -bad"):
        store.search_rejections(where_rejected(text))
        list(store.scan_rejections(where_rejected(text)))
    store.clusters()
    store.members("o", limit=3)
    store.tombstones(["d1"])
    store.expire(EPOCH)
    store.forget(["d5"], actor="me", note="", at=EPOCH)
    store.rebuild_facets()
    store.save([completed("d7", 900), completed("new", 901), rejected(1)])


READS = (b"SELECT", b"WITH", b"DELETE", b"UPDATE")


def test_no_query_that_ships_needs_to_read_a_whole_table(postgresql_url):
    store = PostgresqlStore(postgresql_url, clock=lambda: NOW_MS)
    store.save([completed(f"d{number}", number, duplicate_of="o") for number in range(60)])
    store.save([rejected(number) for number in range(60)])
    seen: list[tuple[bytes, object]] = []
    connection = store._session._connection
    store._session._connection = Recorder(connection, seen)
    everything_that_ships(store)
    store._session._connection = connection
    tables = [each for each in seen if each[0].startswith(READS) and b"fanmill_" in each[0]]
    assert len({query for query, _ in tables}) >= 20
    for query, values in tables:
        with connection.transaction(force_rollback=True):
            # PostgreSQL reads a whole table then only if no index serves.
            connection.execute("SET LOCAL enable_seqscan = off")
            rows = connection.execute(b"EXPLAIN " + query, values).fetchall()
        plan = "\n".join(row[0] for row in rows)
        assert "Seq Scan on fanmill_" not in plan, (query, plan)
    store.close()


@pytest.mark.parametrize("low", [None, -1e9, -3, 0, 1e-9, 0.5, 1, 500, 1e9, 10**400])
@pytest.mark.parametrize("high", [None, -1e9, -3, 0, 1e-9, 0.5, 1, 500, 1e9])
def test_a_range_is_few_terms_and_contains_its_limits(low, high):
    terms = range_terms("words", Interval(low, high))
    assert len(terms) <= 64
    assert len(terms) == len(set(terms))
    for value in (low, high):
        if value is not None and abs(value) < 10**300 and Interval(low, high).contains(value):
            assert set(number_terms([{"words": value}])[0]) & set(terms)
