"""Migrations: the numbered SQL files that bring a store's schema up to date.

A store keeps its files in `<store>/migrations/0001_name.sql`. The first line of a file is
`-- expand` or `-- contract`. An expand migration only adds; programs of the version before go on
working with it. A contract migration removes or changes; older programs must not run beside it.
The table `fanmill_migrations` of a store names those that were applied.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final, Literal, Protocol, cast

from fanmill.ports.store import StoreError, StoreKind

MigrationKind = Literal["expand", "contract"]

TABLE: Final = """\
CREATE TABLE IF NOT EXISTS fanmill_migrations (
    name TEXT PRIMARY KEY, kind TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL
)"""
"""Statement that makes the table of applied migrations, in SQLite and PostgreSQL."""

_NAME: Final = re.compile(r"(\d{4})_[a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Migration:
    """A file of SQL that ships with this program.

    Attributes:
        name: Name of the file without `.sql`; begins with its number.
        kind: Mark of its first line.
        sql: Its statements.
        checksum: SHA-256 of the file, in hex.
    """

    name: str
    kind: MigrationKind
    sql: str
    checksum: str

    @property
    def number(self) -> int:
        """Its place in the order, from 1."""
        return int(self.name[:4])


@dataclass(frozen=True, slots=True)
class AppliedMigration:
    """A row of `fanmill_migrations`."""

    name: str
    kind: str
    checksum: str
    applied_at: str
    """Time of its application, ISO 8601 in UTC."""

    @property
    def number(self) -> int:
        """Its place in the order, from 1."""
        return int(self.name[:4])


@dataclass(frozen=True, slots=True)
class SchemaState:
    """The schema of a store beside the one this program wants.

    Attributes:
        version: Number of the newest applied migration; 0 for an empty database.
        wanted: Number of the newest migration of this program.
        pending: Migrations of this program that were not applied, in order.
        newer: Applied migrations that only a newer program has, in order.
    """

    version: int
    wanted: int
    pending: tuple[Migration, ...]
    newer: tuple[AppliedMigration, ...]


class SchemaDatabase(Protocol):
    """A database as migrations need it."""

    def exclusive(self) -> AbstractContextManager[object]:
        """Begin a transaction that only a single process holds; others wait until it ends.

        It commits at the end, and rolls back on an error.
        """

    def applied(self) -> list[AppliedMigration]:
        """Return the applied migrations by name; empty without the table."""

    def apply(self, migration: Migration, at: datetime) -> None:
        """Execute a migration in the open transaction and enter it in the table."""


@cache
def shipped_migrations(kind: StoreKind) -> tuple[Migration, ...]:
    """Return the migrations that ship for a kind of store, in order."""
    return read_migrations(files("fanmill.stores") / kind / "migrations")


def read_migrations(folder: Traversable) -> tuple[Migration, ...]:
    """Read the migrations of a folder, in order; a folder without files has none.

    Raises:
        ValueError: A file has a wrong name or no mark, or a number is missing.
    """
    if not folder.is_dir():
        return ()
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".sql"))
    migrations = tuple(_parsed(name, (folder / name).read_bytes()) for name in names)
    for place, migration in enumerate(migrations, start=1):
        if migration.number != place:
            raise ValueError(
                f"{folder}: migration {migration.name} has number {migration.number}, "
                f"expected {place}"
            )
    return migrations


def _parsed(file_name: str, content: bytes) -> Migration:
    name = file_name.removesuffix(".sql")
    if not _NAME.fullmatch(name):
        raise ValueError(f"migration {file_name!r} is not named like 0001_records.sql")
    sql = content.decode()
    mark = sql.partition("\n")[0].strip().removeprefix("--").strip()
    if mark not in {"expand", "contract"}:
        raise ValueError(f"migration {file_name}: first line is not `-- expand` or `-- contract`")
    return Migration(name, cast("MigrationKind", mark), sql, sha256(content).hexdigest())


def compare(shipped: Sequence[Migration], applied: Sequence[AppliedMigration]) -> SchemaState:
    """Compare the schema of a store with the one this program wants.

    Raises:
        StoreError: The history of the store differs from the files of this program.
    """
    of_program = {each.name: each for each in shipped}
    of_store = {each.name: each for each in applied}
    wanted = shipped[-1].number if shipped else 0
    for name, entry in of_store.items():
        migration = of_program.get(name)
        if migration is None and entry.number <= wanted:
            raise _differs(f"it has migration {name}, and this program does not")
        if migration is not None and migration.checksum != entry.checksum:
            raise _differs(
                f"migration {name} was changed after it was applied on {entry.applied_at}"
            )
    version = max((each.number for each in applied), default=0)
    for migration in shipped:
        if migration.number <= version and migration.name not in of_store:
            raise _differs(f"migration {migration.name} was left out, and later ones were applied")
    newer = sorted((each for each in applied if each.number > wanted), key=lambda each: each.name)
    pending = tuple(each for each in shipped if each.name not in of_store)
    return SchemaState(version, wanted, pending, tuple(newer))


def _differs(detail: str) -> StoreError:
    return StoreError(
        f"the schema of the store has another history: {detail}; "
        "use the program that made the store, or restore a backup",
        temporary=False,
    )


def require_current(state: SchemaState) -> None:
    """Check that this program can work with the schema of a store.

    Expand migrations of a newer program are harmless. A missing migration is temporary: sinks
    wait while an operator migrates.

    Raises:
        StoreError: A migration is missing, or a newer program changed the schema.
    """
    breaking = [each.name for each in state.newer if each.kind != "expand"]
    if breaking:
        raise StoreError(
            f"the store belongs to a newer fanmill: migration {breaking[0]} changed its schema; "
            f"this program knows {state.wanted} migrations; upgrade fanmill",
            temporary=False,
        )
    if state.pending:
        names = ", ".join(each.name for each in state.pending)
        raise StoreError(
            f"the schema of the store is version {state.version}, this program needs "
            f"{state.wanted}: {names}; run `fanmill store migrate`",
            temporary=True,
        )


def migrate(
    database: SchemaDatabase, shipped: Sequence[Migration], clock: Callable[[], datetime]
) -> list[str]:
    """Apply the pending migrations, each in its own transaction; return their names.

    Several processes may call it at once: each migration is applied by one of them. A failed or
    killed migration leaves the schema of the one before.

    Raises:
        StoreError: The store has another history, or a contract migration of a newer program.
    """
    names: list[str] = []
    if not compare(shipped, database.applied()).pending:
        return names
    while True:
        with database.exclusive():
            state = compare(shipped, database.applied())
            if not state.pending:
                return names
            database.apply(state.pending[0], clock())
            names.append(state.pending[0].name)


_TOKEN: Final = re.compile(
    r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"[^\"]*\"|(\$\w*\$).*?\1|;|\b(?:TRIGGER|BEGIN|CASE|END)\b|.",
    re.DOTALL | re.IGNORECASE,
)


def statements(sql: str) -> list[str]:
    """Split SQL into its statements, without comments and closing semicolons.

    Understands quotes, dollar quotes, and the bodies of SQLite's triggers.
    """
    found: list[str] = []
    current: list[str] = []
    in_trigger, depth = False, 0
    for match in _TOKEN.finditer(sql):
        part = match[0]
        if part.startswith(("--", "/*")):
            continue
        word = part.upper()
        in_trigger = in_trigger or word == "TRIGGER"
        if in_trigger:
            depth += (word in {"BEGIN", "CASE"}) - (word == "END")
        if part == ";" and not depth:
            found.append("".join(current).strip())
            current, in_trigger = [], False
        else:
            current.append(part)
    found.append("".join(current).strip())
    return [each for each in found if each]
