"""The store of record that a URL names."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
        module: Any = import_module("fanmill.stores.postgresql.store")
        store: Store = module.PostgresqlStore(url)
        return store
    raise StoreError(
        f"{scheme or url!r} is no kind of store; known: sqlite:///path, postgresql://...",
        temporary=False,
    )


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
