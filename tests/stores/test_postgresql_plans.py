"""Plans of the queries in PostgreSQL: by index, and by few keys whatever the range."""

import pytest

from fanmill.core.filters.intervals import Interval
from fanmill.core.filters.record_keys import NUMERIC_STATISTICS
from fanmill.stores.postgresql import PostgresqlStore
from fanmill.stores.postgresql.conditions import record_where
from fanmill.stores.postgresql.reading import BY_INDEX, index_statement, walk_statement
from fanmill.stores.postgresql.search_terms import number_terms, range_terms
from store_samples import NOW_MS, where


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


@pytest.mark.parametrize("low", [None, -1e9, -3, 0, 1e-9, 0.5, 1, 500, 1e9, 10**400])
@pytest.mark.parametrize("high", [None, -1e9, -3, 0, 1e-9, 0.5, 1, 500, 1e9])
def test_a_range_is_few_terms_and_contains_its_limits(low, high):
    terms = range_terms("words", Interval(low, high))
    assert len(terms) <= 64
    assert len(terms) == len(set(terms))
    for value in (low, high):
        if value is not None and abs(value) < 10**300 and Interval(low, high).contains(value):
            assert set(number_terms([{"words": value}])[0]) & set(terms)
