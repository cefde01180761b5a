"""A connection to PostgreSQL that heals itself, and its errors in words."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from fanmill.ports.store import OutcomeRefused, StoreError
from fanmill.stores.migrations import compare, require_current, shipped_migrations
from fanmill.stores.postgresql.schema import PostgresqlSchema

Connection = psycopg.Connection[tuple[Any, ...]]
T = TypeVar("T")

CONNECT_SECONDS: Final = 10
"""Time for a connection, per address of the server."""

STATEMENT_SECONDS: Final = 60
"""Time for a statement, waiting for locks included."""

_DEFAULTS: Final[dict[str, str | int]] = {
    "connect_timeout": CONNECT_SECONDS,
    "application_name": "fanmill",
    # A silent connection ends within half a minute.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}

_SESSION: Final = """
SELECT set_config(name, wanted, false) FROM pg_settings JOIN (VALUES
    ('statement_timeout', %s), ('jit', 'off'), ('timezone', 'UTC'),
    -- lz4 takes a third of the time; servers may be built without it.
    ('default_toast_compression', 'lz4')
) AS ours (name, wanted) USING (name) WHERE enumvals IS NULL OR wanted = ANY (enumvals)"""


class Session:
    """A connection that is made when it is needed, and again when it broke."""

    def __init__(self, url: str, *, statement_seconds: int = STATEMENT_SECONDS) -> None:
        try:
            named = conninfo_to_dict(url)
        except psycopg.ProgrammingError:
            # Its message may repeat the URL with its password.
            raise StoreError(
                "the URL of the store is not of the form postgresql://user:password@host/database",
                temporary=False,
            ) from None
        self._conninfo = make_conninfo(
            url, **{key: value for key, value in _DEFAULTS.items() if key not in named}
        )
        self._statement_ms = statement_seconds * 1000
        self._connection: Connection | None = None
        host = named.get("host") or named.get("hostaddr") or "the local socket"
        self.place = f"PostgreSQL at {host}, database {named.get('dbname') or named.get('user')}"

    def run(self, work: Callable[[Connection], T], *, any_schema: bool = False) -> T:
        """Return the answer of a function that may be called twice.

        A connection that broke since its last use is replaced once. The first call on a
        connection checks the schema.

        Args:
            work: Called with a connection in autocommit mode.
            any_schema: Whether the schema may be older or newer than this program needs.

        Raises:
            StoreError: The server cannot serve.
            OutcomeRefused: A value does not fit into its column.
        """
        known = self._connection
        fresh = known is None or known.closed
        try:
            try:
                return work(self._connected(any_schema=any_schema))
            except psycopg.OperationalError:
                if fresh or known is None or not known.closed:
                    raise
                return work(self._connected(any_schema=any_schema))
        except psycopg.Error as error:
            raise self.problem(error) from error

    def connect(self) -> Connection:
        """Return a new connection; its caller closes it."""
        connection = psycopg.connect(self._conninfo, autocommit=True, prepare_threshold=None)
        connection.execute(_SESSION, (str(self._statement_ms),))
        return connection

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def problem(self, error: psycopg.Error) -> StoreError | OutcomeRefused:
        """Return an error of the client in words, without passwords."""
        state = error.sqlstate or _state_of_words(str(error))
        first = error.diag.message_primary or str(error).strip().splitlines()[-1:] or ["?"]
        detail = first if isinstance(first, str) else first[0]
        if state.startswith("22"):
            return OutcomeRefused(f"PostgreSQL refuses a value: {detail}")
        for beginning, words, temporary in _STATES:
            if state.startswith(beginning):
                said = words.format(seconds=self._statement_ms // 1000)
                return StoreError(f"{self.place}: {said} ({detail})", temporary=temporary)
        return StoreError(f"{self.place}: {detail}", temporary=False)

    def _connected(self, *, any_schema: bool) -> Connection:
        connection = self._connection
        if connection is None or connection.closed:
            connection = self.connect()
            self._connection = connection
            self._is_current = False
        if not any_schema and not self._is_current:
            applied = PostgresqlSchema(connection).applied()
            require_current(compare(shipped_migrations("postgresql"), applied))
            self._is_current = True
        return connection

    _is_current = False


_STATES: Final = (
    ("28", "the server refuses user or password; correct FANMILL_STORE_URL", False),
    ("3D000", "there is no such database; create it or correct FANMILL_STORE_URL", False),
    ("25006", "the database is read-only; name the primary server in FANMILL_STORE_URL", True),
    ("42501", "the user lacks a right; deploy/stores.md lists the grants", False),
    ("42P01", "a table is missing; run `fanmill store migrate`", True),
    ("42703", "a column is missing; run `fanmill store migrate`", True),
    ("53100", "its disk is full; make room", True),
    ("53300", "it has no connection left; raise max_connections or stop other clients", True),
    ("53", "it lacks resources", True),
    ("57014", "a statement took longer than the limit, {seconds} s", True),
    ("57", "it is starting or stopping", True),
    ("55", "another program holds a lock", True),
    ("40", "another transaction was in the way", True),
    ("23", "another program wrote the same row", True),
    ("58", "it cannot read or write its files", True),
    ("XX001", "its data are damaged; see its log and restore a backup", False),
    ("XX002", "an index is damaged; see its log and run REINDEX DATABASE", False),
    ("08", "no connection", True),
)
"""Beginning of a SQLSTATE, its meaning, and whether waiting may help; the first one counts."""

_WORDS: Final = (
    ("password authentication failed", "28P01"),
    ("no password supplied", "28P01"),
    ("no pg_hba.conf entry", "28000"),
    ("authentication failed", "28000"),
    ("role ", "28000"),
    ("database ", "3D000"),
    ("too many clients", "53300"),
    ("remaining connection slots", "53300"),
    ("starting up", "57P03"),
    ("shutting down", "57P03"),
    ("recovery mode", "57P03"),
)


def _state_of_words(message: str) -> str:
    """Return the SQLSTATE of an error that has none: the client drops it while it connects."""
    for words, state in _WORDS:
        if words in message and (state not in {"28000", "3D000"} or _is_refusal(message)):
            return state
    return "08000"


def _is_refusal(message: str) -> bool:
    return any(
        words in message for words in ("does not exist", "pg_hba", "authentication", "permitted")
    )
