"""Addresses of screens that show one thing. Ids come from producers and may hold anything."""

from __future__ import annotations

from urllib.parse import quote, urlencode


def address(screen: str, thing: str) -> str:
    """Return the address of a thing's screen, such as `documents/a%2Fb`.

    Browsers drop `.` and `..` from paths, so these two ids are parameters instead.
    """
    if thing in {"", ".", ".."}:
        return f"{screen}/?{urlencode({'id': thing})}"
    return f"{screen}/{quote(thing, safe='')}"


def document_address(document_id: str) -> str:
    """Return the address of a document."""
    return address("documents", document_id)


def search_address(query: str, before: int | None = None) -> str:
    """Return the address of a search among the documents."""
    values = {"q": query} if query else {}
    if before is not None:
        values["before"] = str(before)
    return f"documents?{urlencode(values)}" if values else "documents"
