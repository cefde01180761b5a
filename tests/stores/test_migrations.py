"""Migrations: their files, their order, and programs of two versions on one store."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier
from typing import get_args

import psycopg
import pytest

from fanmill.ports.store import StoreError, StoreKind
from fanmill.stores.migrations import (
    AppliedMigration,
    Migration,
    SchemaDatabase,
    compare,
    migrate,
    read_migrations,
    require_current,
    shipped_migrations,
    statements,
)
from fanmill.stores.postgresql.schema import PostgresqlSchema
from fanmill.stores.sqlite.schema import SqliteSchema
from migration_rules import narrowing

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
FIRST = "-- expand\nCREATE TABLE birds (name TEXT PRIMARY KEY); -- a note; with a semicolon\n"
SECOND = (
    "-- expand\nALTER TABLE birds ADD COLUMN legs INTEGER;\nCREATE INDEX legs ON birds (legs);\n"
)
THIRD = "-- contract\nALTER TABLE birds DROP COLUMN name;\n"


def folder_with(folder: Path, *files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for number, text in enumerate(files, start=1):
        (folder / f"{number:04}_step.sql").write_text(text)
    return folder


def shipped(tmp_path: Path, *files: str) -> tuple[Migration, ...]:
    return read_migrations(folder_with(tmp_path / f"files-{len(files)}", *files))


def connected(url: str) -> SchemaDatabase:
    if url.startswith("postgresql:"):
        return PostgresqlSchema(psycopg.connect(url, autocommit=True))
    return SqliteSchema(sqlite3.connect(url, isolation_level=None, timeout=30))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "store.db")
    return str(request.getfixturevalue("empty_postgresql_url"))


@pytest.fixture
def database(url: str) -> Iterator[SchemaDatabase]:
    database = connected(url)
    yield database
    database._connection.close()  # type: ignore[attr-defined]


def applied_by(database: SchemaDatabase, files: tuple[Migration, ...]) -> list[str]:
    return migrate(database, files, lambda: NOON)


@pytest.mark.parametrize("kind", get_args(StoreKind))
def test_shipped_migrations_are_marked_and_numbered(kind: StoreKind) -> None:
    files = shipped_migrations(kind)
    assert files
    assert [each.number for each in files] == [*range(1, len(files) + 1)]


@pytest.mark.parametrize("kind", get_args(StoreKind))
def test_shipped_expand_migrations_only_add(kind: StoreKind) -> None:
    for migration in shipped_migrations(kind):
        if migration.kind == "expand":
            assert not narrowing(migration.sql), migration.name


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE birds",
        "ALTER TABLE birds DROP COLUMN name",
        "ALTER TABLE birds RENAME COLUMN name TO title",
        "ALTER TABLE birds ADD COLUMN legs INTEGER NOT NULL",
        "ALTER TABLE birds ADD COLUMN ring TEXT UNIQUE",
        "ALTER TABLE birds ALTER COLUMN name TYPE VARCHAR(9)",
        "ALTER TABLE birds ADD CONSTRAINT short CHECK (length(name) < 9)",
        "CREATE UNIQUE INDEX one_name ON birds (name)",
        "CREATE TRIGGER watch AFTER INSERT ON birds BEGIN DELETE FROM birds; END",
        "CREATE OR REPLACE FUNCTION legs() RETURNS INTEGER AS $$ SELECT 2; $$ LANGUAGE sql",
        "UPDATE birds SET name = 'wren'",
        "DELETE FROM birds",
        "INSERT INTO birds VALUES ('wren')",
    ],
)
def test_a_statement_that_narrows_is_recognised(statement: str) -> None:
    assert narrowing(statement) == [" ".join(statement.split())]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE birds (name TEXT NOT NULL UNIQUE); CREATE UNIQUE INDEX i ON birds (name)",
        "CREATE INDEX legs ON birds (legs)",
        "ALTER TABLE birds ADD COLUMN legs INTEGER",
        "ALTER TABLE birds ADD COLUMN legs INTEGER NOT NULL DEFAULT 2",
        "CREATE OR REPLACE VIEW flock AS SELECT name FROM birds",
        "CREATE VIRTUAL TABLE words USING fts5(text)",
        "COMMENT ON TABLE birds IS 'seen'",
        "CREATE TABLE birds (name TEXT); INSERT INTO birds VALUES ('wren')",
    ],
)
def test_a_statement_that_adds_passes(statement: str) -> None:
    assert narrowing(statement) == []


def test_statements_are_split_outside_quotes_and_bodies() -> None:
    sql = """-- expand; no statement
    INSERT INTO t VALUES ('a;b', "c;d"); /* e; */
    CREATE TRIGGER g AFTER INSERT ON t BEGIN
        UPDATE t SET a = CASE WHEN a = 1 THEN 2 ELSE 3 END; DELETE FROM t;
    END;
    CREATE FUNCTION f() RETURNS int AS $x$ SELECT 1; $x$ LANGUAGE sql;
    SELECT 'it''s;', endless FROM beginning"""
    heads = [each.split()[0] for each in statements(sql)]
    assert heads == ["INSERT", "CREATE", "CREATE", "SELECT"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("0001_birds.sql", "CREATE TABLE birds (name TEXT)", "first line is not"),
        ("0002_birds.sql", FIRST, "has number 2, expected 1"),
        ("birds.sql", FIRST, "is not named like"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=message):
        read_migrations(tmp_path)


def test_migrations_are_applied_once_and_in_order(database: SchemaDatabase, tmp_path: Path) -> None:
    files = shipped(tmp_path, FIRST, SECOND)
    assert applied_by(database, files[:1]) == ["0001_step"]
    assert applied_by(database, files) == ["0002_step"]
    assert applied_by(database, files) == []
    entries = database.applied()
    assert [(each.name, each.kind) for each in entries] == [
        ("0001_step", "expand"),
        ("0002_step", "expand"),
    ]
    assert entries[0].applied_at == NOON.isoformat()
    require_current(compare(files, entries))


def test_a_failed_migration_leaves_the_schema_before_it(
    database: SchemaDatabase, tmp_path: Path
) -> None:
    broken = shipped(tmp_path, FIRST, "-- expand\nCREATE TABLE nests (id INTEGER);\nCREATE oops;\n")
    with pytest.raises((sqlite3.Error, psycopg.Error)):
        applied_by(database, broken)
    assert [each.name for each in database.applied()] == ["0001_step"]
    mended = shipped(tmp_path, FIRST, "-- expand\nCREATE TABLE nests (id INTEGER);\n")
    assert applied_by(database, mended) == ["0002_step"]


def test_only_one_of_several_migrators_applies_a_migration(url: str, tmp_path: Path) -> None:
    files = shipped(tmp_path, FIRST, SECOND)
    start = Barrier(4)

    def migrated(_: int) -> list[str]:
        database = connected(url)
        start.wait(30)
        try:
            return applied_by(database, files)
        finally:
            database._connection.close()

    with ThreadPoolExecutor(4) as threads:
        names = [name for each in threads.map(migrated, range(4)) for name in each]
    assert sorted(names) == ["0001_step", "0002_step"]


def test_a_changed_file_is_refused(database: SchemaDatabase, tmp_path: Path) -> None:
    applied_by(database, shipped(tmp_path, FIRST))
    changed = shipped(tmp_path, FIRST + "CREATE TABLE nests (id INTEGER);")
    with pytest.raises(StoreError, match="0001_step was changed after it was applied") as error:
        applied_by(database, changed)
    assert not error.value.temporary


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    files = shipped(tmp_path, FIRST, SECOND)
    renamed = replace(files[0], name="0001_other")
    with pytest.raises(StoreError, match="it has migration 0001_step, and this program does not"):
        compare((renamed, files[1]), [entry(each) for each in files])


def test_a_migration_left_out_is_refused(tmp_path: Path) -> None:
    files = shipped(tmp_path, FIRST, SECOND)
    with pytest.raises(StoreError, match="0001_step was left out"):
        compare(files, [entry(files[1])])


def test_an_older_schema_is_temporary_and_names_the_command(tmp_path: Path) -> None:
    files = shipped(tmp_path, FIRST, SECOND)
    state = compare(files, [entry(files[0])])
    with pytest.raises(
        StoreError, match="version 1, this program needs 2: 0002_step; run `fanmill"
    ):
        require_current(state)


def test_an_older_program_works_beside_a_newer_expand_migration(tmp_path: Path) -> None:
    files = shipped(tmp_path, FIRST, SECOND)
    state = compare(files[:1], [entry(each) for each in files])
    require_current(state)
    assert state.version == 2
    assert [each.name for each in state.newer] == ["0002_step"]


def test_an_older_program_refuses_a_newer_contract_migration(tmp_path: Path) -> None:
    files = shipped(tmp_path, FIRST, SECOND, THIRD)
    state = compare(files[:2], [entry(each) for each in files])
    with pytest.raises(StoreError, match=r"0003_step changed its schema.*upgrade") as error:
        require_current(state)
    assert not error.value.temporary


def entry(migration: Migration) -> AppliedMigration:
    return AppliedMigration(migration.name, migration.kind, migration.checksum, NOON.isoformat())
