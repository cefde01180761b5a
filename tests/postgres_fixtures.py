"""Fixtures of tests that need PostgreSQL; the first of them in a run starts the server."""

from collections.abc import Iterator

import pytest
from psycopg.conninfo import conninfo_to_dict

from fanmill.stores.postgresql import PostgresqlStore
from postgres_server import fresh_database, shared_server


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of the database `postgres` of a server that all processes of this run share."""
    # Processes of pytest-xdist have their folders inside the folder of the run.
    base = tmp_path_factory.getbasetemp()
    with shared_server(base.parent if base.name.startswith("popen-") else base) as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    """Name of a database with the current schema."""
    with fresh_database(postgresql_server) as url:
        store = PostgresqlStore(url)
        store.migrate()
        store.close()
        yield conninfo_to_dict(url)["dbname"]


@pytest.fixture
def empty_postgresql_url(postgresql_server: str) -> Iterator[str]:
    """URL of a database without any table."""
    with fresh_database(postgresql_server) as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql_server: str, postgresql_template: str) -> Iterator[str]:
    """URL of a database with the current schema and no record."""
    with fresh_database(postgresql_server, template=postgresql_template) as url:
        yield url
