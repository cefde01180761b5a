"""Turns pydantic's errors into the errors of the contract."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from fanmill_contracts.errors import EventTooLarge, InvalidEvent, MalformedEvent

_TOO_LARGE: Final = "fanmill_too_large"
_SHOWN_CHARACTERS: Final = 60

_UNQUOTED: Final = ("data", "data.text")
_WORDINGS: Final = {
    "input should be ": "",
    "string should have ": "a string with ",
    "string should match ": "a string that matches ",
}
"""Beginnings of pydantic's messages, and the words that follow `expected`."""

_UNITS: Final = {"string_too_long": "characters", "too_long": "items"}


def too_large(size: str, limit: str) -> PydanticCustomError:
    """Return the error that a validator raises for a value over its limit, units included."""
    return PydanticCustomError(
        _TOO_LARGE, "{size} is over the limit of {limit}", {"size": size, "limit": limit}
    )


def encodable(text: str) -> None:
    """Refuse a text with lone surrogates, which UTF-8 cannot carry."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise PydanticCustomError(
            "fanmill_surrogate",
            "text without lone surrogates; there is one at offset {at}",
            {"at": error.start},
        ) from None


@contextmanager
def validating() -> Iterator[None]:
    """Turn pydantic's errors inside the block into errors of the contract.

    Only the first one is reported: a person mends one thing at a time.

    Raises:
        EventTooLarge: A value is over its limit.
        MalformedEvent: A value is missing or of the wrong form.
    """
    try:
        yield
    except ValidationError as error:
        raise _translate(error.errors(include_url=False)[0], error.title) from None


def _translate(detail: ErrorDetails, model: str) -> InvalidEvent:
    # `DocumentIngested.create` validates the data alone; its fields are named as in the event.
    place = ("data",) if model == "IngestedData" else ()
    # A key of `metadata` is the producer's and may be of any length.
    field = ".".join(str(part)[:_SHOWN_CHARACTERS] for part in (*place, *detail["loc"])) or "event"
    context: dict[str, Any] = detail.get("ctx", {})
    kind = detail["type"]
    if kind == _TOO_LARGE:
        return EventTooLarge(field, context["size"], context["limit"])
    if kind in _UNITS:
        unit = _UNITS[kind]
        size = context.get("actual_length") or len(detail["input"])
        return EventTooLarge(field, f"{size:,} {unit}", f"{context['max_length']:,} {unit}")
    if kind == "missing":
        return MalformedEvent(field, "missing", "a value (it is required)")
    # The text is the producer's own affair: no part of it gets into a log.
    value = kind_of(detail["input"]) if field in _UNQUOTED else shown(detail["input"])
    return MalformedEvent(field, value, _expected(kind, detail))


def _expected(kind: str, detail: ErrorDetails) -> str:
    if kind == "string_type" and isinstance(detail["input"], bytes | bytearray):
        return "text (str), not bytes; decode it first"
    if kind == "string_unicode":
        return "text without lone surrogates"
    if kind == "string_pattern_mismatch" and "x00" in detail["ctx"]["pattern"]:
        return "characters without controls, line separators and marks of direction"
    message = detail["msg"][:1].lower() + detail["msg"][1:]
    for wording, ours in _WORDINGS.items():
        if message.startswith(wording):
            return ours + message.removeprefix(wording)
    return message


def shown(value: object) -> str:
    """Show a value to people: at most 60 characters, containers by their kind alone."""
    if isinstance(value, BaseModel | dict | list):
        return kind_of(value)
    text = repr(value[:200] if isinstance(value, str | bytes | bytearray) else value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 3]}..."


_KINDS: Final[dict[type, str]] = {
    type(None): "null",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    str: "a string",
    bytes: "bytes",
    bytearray: "bytes",
    list: "an array",
}


def kind_of(value: object) -> str:
    """Name the JSON kind of a value, with its article."""
    return _KINDS.get(type(value), "an object")
