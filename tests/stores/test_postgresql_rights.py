"""The grants of the run book suffice for a sink and a reader, and no reader can write."""

import re
from pathlib import Path

import psycopg
import pytest

from fanmill.ports import StoreError
from fanmill.stores.postgresql import PostgresqlStore
from store_samples import completed, where

PAGE = Path(__file__).parents[2] / "deploy" / "stores.md"


def test_the_grants_of_the_page_suffice(postgresql_url):
    statements = re.search(r"```sql\n(.*?)```", PAGE.read_text(), re.DOTALL)[1]
    with psycopg.connect(postgresql_url, autocommit=True) as owner:
        owner.execute(statements.encode())
        sink = PostgresqlStore(f"{postgresql_url}&user=fanmill_sink")
        reader = PostgresqlStore(f"{postgresql_url}&user=fanmill_reader")
        try:
            assert sink.save([completed("a", 1, words=7)]).stored == 1
            assert sink.save([completed("a", 2, words=8)]).stored == 1
            assert len(reader.search(where("words:8"))) == 1
            assert reader.info().records == 1
            with pytest.raises(StoreError, match="lacks a right"):
                reader.save([completed("b", 1)])
            with psycopg.connect(f"{postgresql_url}&user=fanmill_reader") as program:
                row = program.execute(
                    "SELECT document_id, words, record->>'document_id' FROM fanmill_results"
                ).fetchone()
            assert row == ("a", 8, "a")
        finally:
            sink.close()
            reader.close()
            for role in ("fanmill_sink", "fanmill_reader"):
                owner.execute(f"DROP OWNED BY {role}".encode())
                owner.execute(f"DROP ROLE {role}".encode())
