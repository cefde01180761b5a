"""Members of events made from the fields of a document: ids, times, metadata."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

from fanmill_contracts import DocumentIngested, limits

EventIds = Callable[[str, str, str], str]
"""From the id of a document, its content and the name of its place to the id of its event."""

OWN_FIELDS: Final = ("title", "url", "language", "author", "publisher")
_KEPT_FIELDS: Final = frozenset({"id", "text", "metadata", *OWN_FIELDS})


class UnusableField(ValueError):
    """A field of a document that no event can carry; the text says which."""


@dataclass(frozen=True, slots=True)
class FieldNames:
    """Names of the fields that hold the members of an event.

    A name with dots is a path: `metadata.url` is the member `url` of the object `metadata`.
    """

    id: str = "id"
    text: str = "text"
    title: str = "title"
    url: str = "url"
    language: str = "language"
    author: str = "author"
    publisher: str = "publisher"
    created: str = "created"

    def renamed(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the fields under the names of members; other fields keep their names.

        A field that has the name of a member without being it leaves its place to the member.
        """
        wanted = {each.name: getattr(self, each.name) for each in fields(self)}
        others = {member: path for member, path in wanted.items() if member != path}
        if not others:
            return given
        found = {member: value_at(given, path) for member, path in others.items()}
        kept = {
            name: value
            for name, value in given.items()
            if name not in others and name not in others.values()
        }
        return kept | {member: value for member, value in found.items() if value is not None}


def value_at(given: Mapping[str, Any], path: str) -> Any:
    """Return the value of a field, or at a path of names with dots; None if there is none."""
    if path in given:
        return given[path]
    value: Any = given
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def event_of(
    given: Mapping[str, Any], fallback_id: str, name: str, *, source: str, event_id: EventIds
) -> DocumentIngested:
    """Return the event of a document's fields.

    Args:
        given: Fields of the document, with a `text` that is a string.
        fallback_id: Id of a document that has none.
        name: Name of the document's place, for `event_id`.
        source: The `source` of the event.
        event_id: Makes the id of the event.

    Raises:
        UnusableField: The id is neither a string nor a number, or the text is no string.
        ContractError, UnicodeEncodeError: A member is over a limit or cannot be written.
    """
    if not isinstance(given.get("text"), str):
        raise UnusableField('has no "text" that is a string')
    own_id = given.get("id")
    if own_id is not None and (
        isinstance(own_id, bool) or not isinstance(own_id, str | int | float)
    ):
        raise UnusableField('has an "id" that is neither a string nor a number')
    document_id = short_id(fallback_id) if own_id is None else str(own_id)
    published = moment_of_field(given.get("created"))
    event = DocumentIngested.create(
        document_id,
        given["text"],
        source=source,
        published_at=published,
        metadata=dict(metadata_of(given, skip_created=published is not None)),
        **{
            member: given[member]
            for member in OWN_FIELDS
            if isinstance(given.get(member), str) and given[member]
        },
    )
    content = json.dumps(given, sort_keys=True, ensure_ascii=True, default=str)
    return event.model_copy(update={"id": event_id(document_id, content, name)})


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
