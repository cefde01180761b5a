"""Texts of documents by id, out of the files that a user names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from fanmill.cli.console import remark

if TYPE_CHECKING:
    from fanmill.core.document import Document
    from fanmill_contracts import DocumentIngested

TextPaths = Annotated[
    list[str] | None,
    typer.Option(
        "--text",
        metavar="PATH",
        help="File or folder with the texts, as given to run or publish. May be given again.",
        show_default=False,
    ),
]


def texts_in(
    paths: Sequence[str], wanted: Collection[str], *, only: str | None = None
) -> dict[str, Document]:
    """Return the wanted documents that files hold, by id; of several with one id the last.

    All files are read, one document at a time.

    Args:
        paths: Files and folders, as `fanmill run` takes them.
        wanted: Ids of documents.
        only: Id for the document of a path with a single document, whatever its own id is.

    Raises:
        UnreadablePath: A path does not exist, or there is nothing to read.
    """
    from fanmill.cli.reading import Reader
    from fanmill.cli.sources import InputError, find_files

    def not_read(error: InputError) -> None:
        remark(f"{error.place}: {error.error}", "not read:")

    found: dict[str, Document] = {}
    sole: DocumentIngested | None = None
    events = Reader("fanmill", on_error=not_read).documents(find_files(paths).files)
    for number, event in enumerate(events, 1):
        sole = event if number == 1 else None
        if event.data.document_id in wanted:
            found[event.data.document_id] = document_of(event)
    if sole is not None and only is not None and not found:
        found[only] = replace(document_of(sole), document_id=only)
    return found


def texts_among(events: Iterable[DocumentIngested], wanted: Collection[str]) -> dict[str, Document]:
    """Return the wanted documents among events, by id; of several with one id the last."""
    return {
        event.data.document_id: document_of(event)
        for event in events
        if event.data.document_id in wanted
    }


def document_of(event: DocumentIngested) -> Document:
    """Return the document of an event, with the fields that its analysis looks at."""
    from fanmill.core.document import Document

    data = event.data
    return Document(data.document_id, data.text, title=data.title, language=data.language)
