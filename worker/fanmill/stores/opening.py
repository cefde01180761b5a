"""The store of record that a URL names."""

from pathlib import Path
from typing import TYPE_CHECKING

from fanmill.ports.store import StoreError

if TYPE_CHECKING:
    from fanmill.ports import Store


def open_store(url: str, *, create: bool = False) -> "Store":
    """Open a store; its caller closes it.

    Args:
        url: `sqlite:///folder/results.sqlite`, with four slashes for an absolute path, or
            `postgresql://user@host/database`.
        create: Whether to make a file of SQLite that is missing, with its tables.

    Raises:
        StoreError: It is missing or cannot be opened, or the URL names no store.
    """
    scheme, _, rest = url.partition("://")
    # Imported here: a program that uses one kind does not pay for the other, nor needs its driver.
    if scheme == "sqlite":
        from fanmill.stores.sqlite import SqliteStore  # noqa: PLC0415

        return SqliteStore(sqlite_path(url), create=create)
    if scheme in {"postgresql", "postgres"} and rest:
        return _postgresql(url)
    # The URL itself may hold a password.
    named = f"{scheme[:20]!r} is no kind of store" if rest else "the URL has no ://"
    raise StoreError(f"{named}; known: sqlite:///path, postgresql://...", temporary=False)


def _postgresql(url: str) -> "Store":
    try:
        from fanmill.stores.postgresql import PostgresqlStore  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name != "psycopg":
            raise
        raise StoreError(
            "a store in PostgreSQL needs the package psycopg: pip install 'fanmill[postgres]'",
            temporary=False,
        ) from error
    except ImportError as error:
        # Its Python part is installed, and neither its compiled part nor libpq.
        raise StoreError(
            f"the package psycopg does not work: pip install 'fanmill[postgres]' ({error})",
            temporary=False,
        ) from error
    return PostgresqlStore(url)


def sqlite_path(url: str) -> Path:
    """Return the file that a URL of SQLite names.

    Raises:
        StoreError: It names none.
    """
    path = url.removeprefix("sqlite://")
    if not path.startswith("/") or len(path) == 1:
        raise StoreError(
            f"{url!r} names no file: write sqlite:///folder/results.sqlite, with four slashes "
            "for an absolute path",
            temporary=False,
        )
    return Path(path[1:])


def store_url_in(folder: Path) -> str:
    """Return the URL of the store of `fanmill up --data`: `results.sqlite` in its folder."""
    return f"sqlite:///{folder.absolute() / 'results.sqlite'}"
