"""Members of events made from files: ids, times, metadata."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

from fanmill_contracts import limits

EventIds = Callable[[str, str, str], str]
"""From the id of a document, its content and the name of its place to the id of its event."""

OWN_FIELDS: Final = ("title", "url", "language", "author", "publisher")
_KEPT_FIELDS: Final = frozenset({"id", "text", "metadata", *OWN_FIELDS})


def content_id(document_id: str, content: str, _: str = "") -> str:
    """Return an event id that is the same for the same content: publishing again has no effect."""
    return _digest(document_id, content)


def place_id(document_id: str, content: str, place: str) -> str:
    """Return an event id that is the same for the same content in the same place.

    Equal lines are events of their own; an interrupted run finds its events again.
    """
    return _digest(document_id, content, place)


def metadata_of(fields: Mapping[str, Any], *, skip_created: bool) -> Iterator[tuple[str, Any]]:
    """Yield the members that the event has no place for; nested values as JSON text."""
    nested = fields.get("metadata")
    inner = nested if isinstance(nested, dict) else {}
    others = {name: value for name, value in fields.items() if name not in _KEPT_FIELDS}
    others |= {
        name: fields[name]
        for name in OWN_FIELDS
        if fields.get(name) is not None and not isinstance(fields[name], str)
    }
    if nested is not None and not isinstance(nested, dict):
        others["metadata"] = nested
    # A member beside the text and one of the metadata may have one name.
    inner = {
        f"metadata.{name}" if name in others and others[name] != value else name: value
        for name, value in inner.items()
    }
    for name, value in {**inner, **others}.items():
        if name == "created" and skip_created:
            continue
        flat = value is None or isinstance(value, bool | int | float | str)
        yield str(name), value if flat else json.dumps(value, ensure_ascii=False)


def moment_of_field(value: object) -> datetime | None:
    """Return a time with a zone; None for any other value."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def short_id(name: str) -> str:
    """Return a name as an id; a name that is too long keeps its end behind a digest."""
    if len(name) <= limits.MAX_ID_CHARACTERS:
        return name
    digest = blake2b(name.encode(), digest_size=16).hexdigest()
    return f"{digest}-{name[-(limits.MAX_ID_CHARACTERS - len(digest) - 1) :]}"


def _digest(*parts: str) -> str:
    return blake2b("\x00".join(parts).encode(errors="replace"), digest_size=16).hexdigest()
