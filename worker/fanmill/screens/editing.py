"""The form that edits a rejected event: a field for each member, or the whole as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import from_json, to_json

from fanmill.core.text.escapes import escape_controls
from fanmill.screens.acts import Refused
from fanmill_contracts import limits

_METADATA: Final = "data.metadata"
_MEMBERS: Final = (
    ("data.document_id", "Document id", 1, "Another id makes it another document."),
    ("data.title", "Title", 1, f"At most {limits.MAX_TITLE_CHARACTERS:,} characters."),
    ("data.url", "URL", 1, f"At most {limits.MAX_URL_CHARACTERS:,} characters."),
    ("data.language", "Language", 1, "A BCP 47 tag such as en or zh-Hans; empty: fanmill tells."),
    ("data.published_at", "Published", 1, "A time such as 2026-11-01T08:00:00Z."),
    ("data.author", "Author", 1, ""),
    ("data.publisher", "Publisher", 1, ""),
    ("source", "Source", 1, "Name of the sender."),
    ("data.text", "Text", 14, f"At most {limits.MAX_TEXT_BYTES:,} bytes in UTF-8."),
    (_METADATA, "Metadata as JSON", 4, "A flat object of texts, numbers, booleans and null."),
)
_REQUIRED: Final = frozenset({"data.document_id", "data.text", "source"})


@dataclass(frozen=True, slots=True)
class EditField:
    """A field of the form.

    Attributes:
        path: Dotted path of the member, and name of the field.
        title: Label.
        value: Value as the form shows it; members that are not there are empty.
        rows: Number of lines.
        hint: Rule.
        editable: Whether a form keeps the value exact; control characters need JSON.
    """

    path: str
    title: str
    value: str
    rows: int
    hint: str
    editable: bool


def fields_of(event: str) -> list[EditField]:
    """Return the fields of an event; empty if it is no object with an object `data`.

    Args:
        event: The event as JSON; empty for none.
    """
    content = _content(event)
    if content is None:
        return []
    found = []
    for path, title, rows, hint in _MEMBERS:
        value = _shown(content, path)
        # A form escapes control characters, and a field of one line drops line breaks.
        plain = escape_controls(value, keep_line_breaks=rows > 1) == value
        why = hint if plain else "It has control characters: edit it in the JSON below."
        found.append(EditField(path, title, value, rows, why, plain))
    return found


def changed(event: str, values: Mapping[str, str]) -> str:
    """Return an event as JSON with the fields of a form that differ from it.

    All other members keep their exact values, integers of any size among them.

    Args:
        event: The event as JSON.
        values: Values by path.

    Raises:
        Refused: No field differs, or the metadata are no JSON object.
    """
    content = _content(event)
    if content is None:
        raise Refused("The event has no members to edit; edit it as JSON.")
    changes = {
        field.path: values[field.path]
        for field in fields_of(event)
        if field.editable
        and field.path in values
        and _line_breaks(values[field.path]) != field.value
    }
    if not changes:
        raise Refused("Nothing was changed. Change a field, or replay the event as it is.")
    for path, value in changes.items():
        _set(content, path, _line_breaks(value))
    if "data.document_id" in changes:
        # The subject repeats the id.
        content.pop("subject", None)
    return to_json(content).decode()


def _content(event: str) -> dict[str, Any] | None:
    content = from_json(event) if event else None
    return content if isinstance(content, dict) and isinstance(content.get("data"), dict) else None


def _shown(content: Mapping[str, Any], path: str) -> str:
    parent, name = _place(content, path)
    value = parent.get(name)
    if value is None:
        return ""
    if isinstance(value, str):
        return _line_breaks(value)
    return to_json(value, indent=2 if path == _METADATA else None).decode()


def _set(content: dict[str, Any], path: str, value: str) -> None:
    parent, name = _place(content, path)
    if not value and path not in _REQUIRED:
        parent.pop(name, None)
    elif path == _METADATA:
        try:
            found = from_json(value, allow_inf_nan=False)
        except ValueError as error:
            raise Refused(f"{path} is not JSON ({error}). Nothing was done.", path) from None
        if not isinstance(found, dict):
            raise Refused(f"{path} is no object. Nothing was done.", path)
        parent[name] = found
    else:
        parent[name] = value


def _place(content: Any, path: str) -> tuple[Any, str]:
    outer, _, inner = path.partition(".")
    return (content[outer], inner) if inner else (content, outer)


def _line_breaks(text: str) -> str:
    """Return a text with the line breaks of a form."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
