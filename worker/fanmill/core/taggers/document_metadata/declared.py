"""Metadata that the producer declares: fields of the event, its metadata, and the URL."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from fanmill.core.document import Document
from fanmill.core.taggers.dates import dates, iso_date
from fanmill.core.taggers.document_metadata.statement import MAX_TITLE_LENGTH, Field, Statement

_METADATA: Final[dict[str, Field]] = {
    **dict.fromkeys(("source", "publisher", "site_name", "site", "outlet", "agency"), "source"),
    **dict.fromkeys(
        ("date", "published", "published_at", "published_time", "pubdate", "publish_date"), "date"
    ),
    **dict.fromkeys(("author", "byline", "creator", "authors", "writer"), "author"),
    **dict.fromkeys(("title", "headline"), "title"),
}
"""Fields by the names of metadata, in lower case and without a prefix such as `article:`."""

_URL_DATE: Final = re.compile(
    r"[/\-_](?P<y>(?:19|20)\d{2})[/\-_]?(?P<m>0[1-9]|1[0-2])[/\-_]?(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"
)


def field_of(name: str) -> Field | None:
    """Return the field that a name of metadata means, such as `article:author`; None for others."""
    return _METADATA.get(name.casefold().replace("-", "_").replace(" ", "_").rpartition(":")[2])


def declared_statements(document: Document) -> Iterator[Statement]:
    """Yield the statements of the producer: the event, its metadata and the URL, in this order."""
    fields: tuple[tuple[Field, str | None], ...] = (
        ("title", document.title),
        ("author", document.author),
        ("source", document.publisher),
    )
    for field, value in fields:
        if value and value.strip():
            yield Statement(field, value.strip()[:MAX_TITLE_LENGTH], 1.0, None, "event")
    if document.published_at:
        yield Statement("date", str(document.published_at)[:10], 1.0, None, "event")
    for name, entry in document.metadata.items():
        known = field_of(name)
        if not known or not isinstance(entry, str) or not entry.strip():
            continue
        text = entry.strip()[:MAX_TITLE_LENGTH]
        if known == "date":
            found = next(dates(text, document.language or ""), None)
            if found:
                yield Statement("date", found.value, 0.9, None, f"metadata {name}")
        else:
            yield Statement(known, text, 0.9, None, f"metadata {name}")
    if document.url:
        yield from _of_url(document.url)


def _of_url(url: str) -> Iterator[Statement]:
    """Yield the host of a URL as source, and the date in its path."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return
    if host and "." in host:
        yield Statement("source", host.removeprefix("www."), 0.5, None, "URL host")
    found = _URL_DATE.search(parts.path)
    if found:
        value = iso_date(int(found["y"]), int(found["m"]), int(found["d"]))
        if value:
            yield Statement("date", value, 0.8, None, "path of the URL")
