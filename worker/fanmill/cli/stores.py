"""The store of record of a command: which one it reads, and its records as commands show them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fanmill.cli.console import fail, load_settings
from fanmill.cli.exits import Exit

if TYPE_CHECKING:
    from fanmill.core.filters import Filter
    from fanmill.ports import RejectedEntry, SavedRejection, Store, StoredDocument

StoreUrl = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="URL",
        help="Store of record: sqlite:///path or postgresql://...  [env: FANMILL_STORE_URL]",
        show_default=False,
    ),
]
DataFolder = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="Folder of fanmill up --data, for its store.", show_default=False
    ),
]

PAGE: Final = 500
"""Number of records that a command reads at once."""


@contextmanager
def opened_store(
    store: str | None, data: Path | None, redis_url: str | None = None
) -> Iterator[Store | None]:
    """Open the store that a command reads; None if it reads Redis.

    Args:
        store: Value of `--store`.
        data: Value of `--data`.
        redis_url: Value of `--redis-url`: whoever names a server does not mean
            `FANMILL_STORE_URL`.
    """
    given = [
        name
        for name, value in (("--store", store), ("--data", data), ("--redis-url", redis_url))
        if value is not None
    ]
    if len(given) > 1:
        fail(Exit.USAGE, f"give one of {' and '.join(given)}")
    url = store_url(store, data) if redis_url is None else ""
    if not url:
        yield None
        return
    from fanmill.stores.opening import open_store

    opened = open_store(url)
    try:
        yield opened
    finally:
        opened.close()


def store_url(store: str | None, data: Path | None) -> str:
    """Return the URL of the store that a command reads; empty if none is configured."""
    if data is None:
        return load_settings(store_url=store).store_url.get_secret_value()
    from fanmill.stores.opening import store_url_in

    return store_url_in(data)


def stored_document(store: Store, document_id: str) -> StoredDocument | None:
    """Return a document of a store as Redis would have it; None if it has no record."""
    saved = store.get(document_id)
    if saved is None:
        return None
    from fanmill.ports import StoredDocument

    result = saved.result
    return StoredDocument(document_id, "complete", result.revision, result, None)


def stored_rejections(store: Store, document_id: str) -> list[RejectedEntry]:
    """Return the rejections of a document in a store, the oldest first."""
    from fanmill.core.filters import Filter, equal_to

    wanted = Filter((equal_to("document", document_id),))
    return [rejected_entry(each) for each in store.search_rejections(wanted)][::-1]


def rejected_entry(saved: SavedRejection) -> RejectedEntry:
    """Return a rejection of a store as Redis would have it; the original is not kept."""
    from fanmill.ports import RejectedEntry

    return RejectedEntry(saved.rejected_id, saved.event, {})


def since(wanted: Filter, begin_ms: int | None) -> Filter:
    """Return a filter with the further term that records were completed since a time."""
    if begin_ms is None:
        return wanted
    from fanmill.core.filters import Filter, Term
    from fanmill.core.filters.terms import Compares, Moment

    return Filter((*wanted.terms, Term("completed", (Compares(">=", Moment(begin_ms, 1000)),))))
