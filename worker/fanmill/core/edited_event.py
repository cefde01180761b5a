"""The edited event of a replay: changed, marked with its rejection, and valid. Pure."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json, to_json

from fanmill.core.replays import REPLAY_OF
from fanmill_contracts import DocumentIngested, MalformedEvent, decode_ingested

_NOT_EDITABLE = ("data", "data.metadata")


class UnreadableEdit(ValueError):
    """An edit of the command line that cannot be read; the message says why."""


def read_edit(text: str) -> tuple[str, str]:
    """Return path and value as JSON of an edit such as `data.language=de`.

    A value that is no JSON is taken as a text; `null` removes an optional member.

    Raises:
        UnreadableEdit: There is no `=`, or the path is none of an event.
    """
    path, equals, value = text.partition("=")
    if not equals or not path:
        raise UnreadableEdit(f"{text[:60]!r} is no edit; expected PATH=VALUE, data.language=de")
    if not _is_known(path):
        raise UnreadableEdit(
            f"{path[:60]!r} is no member of an event that can be set; known: "
            f"{', '.join(_members())}, data.metadata.NAME"
        )
    try:
        from_json(value, allow_inf_nan=False)
    except ValueError:
        return path, to_json(value).decode()
    return path, value


def edited(original: bytes, edits: Mapping[str, str], rejected_id: str) -> DocumentIngested:
    """Return an original event with edits, a new id and `replay_of` in its metadata.

    Args:
        original: The event as JSON.
        edits: Values as JSON by dotted path.
        rejected_id: The rejection; it gives the new event id, the same each time.

    Raises:
        InvalidEvent: The result, or the original, breaks the contract.
    """
    content = _object(original)
    for path, value in edits.items():
        *parents, name = _steps(path)
        at = content
        for parent in parents:
            at = _child(at, parent)
        at[name] = from_json(value)
    if "data.document_id" in edits and "subject" not in edits:
        content.pop("subject", None)
    if "id" not in edits:
        content["id"] = f"replay-{rejected_id}"
    _child(_child(content, "data"), "metadata")[REPLAY_OF] = rejected_id
    return decode_ingested(to_json(content))


def replaced(event: bytes, original_id: str | None, rejected_id: str) -> DocumentIngested:
    """Return a whole new event for a rejection, marked likewise.

    It keeps its own id, unless that is the original's.

    Raises:
        InvalidEvent: The event breaks the contract.
    """
    given = str(_object(event).get("id"))
    keeps = {} if given == original_id else {"id": to_json(given).decode()}
    return edited(event, keeps, rejected_id)


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise MalformedEvent("event", f"not JSON ({error})", "one JSON object in UTF-8") from error
    if not isinstance(content, dict):
        raise MalformedEvent("event", "no object", "one JSON object")
    return content


def _child(parent: dict[str, Any], name: str) -> dict[str, Any]:
    child = parent.get(name)
    if child is None:
        child = parent[name] = {}
    if not isinstance(child, dict):
        raise MalformedEvent(name, "no object", "one JSON object")
    return child


def _steps(path: str) -> list[str]:
    # A key of the metadata may hold dots.
    return path.split(".", 2) if path.startswith("data.") else [path]


def _members() -> list[str]:
    data = DocumentIngested.model_fields["data"].annotation
    assert data is not None  # noqa: S101
    envelope = [name for name in DocumentIngested.model_fields if name != "data"]
    inside = [f"data.{name}" for name in data.model_fields]
    return [name for name in (*envelope, *inside) if name not in _NOT_EDITABLE]


def _is_known(path: str) -> bool:
    steps = _steps(path)
    if steps[:2] == ["data", "metadata"]:
        return len(steps) == 3 and bool(steps[2]) and steps[2] != REPLAY_OF  # noqa: PLR2004
    return path in _members()
