"""Turns pydantic's errors into the errors of the contract."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from fanmill_contracts.errors import EventTooLarge, InvalidEvent, MalformedEvent

_TOO_LARGE: Final = "fanmill_too_large"
_SHOWN_CHARACTERS: Final = 60

_UNITS: Final = {"string_too_long": "characters", "too_long": "items"}


def too_large(size: str, limit: str) -> PydanticCustomError:
    """Return the error that a validator raises for a value over its limit, units included."""
    return PydanticCustomError(
        _TOO_LARGE, "{size} is over the limit of {limit}", {"size": size, "limit": limit}
    )


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
    message = detail["msg"]
    return MalformedEvent(field, shown(detail["input"]), message[:1].lower() + message[1:])


def shown(value: object) -> str:
    """Show a value to people: at most 60 characters, containers by their kind alone."""
    if isinstance(value, BaseModel | dict | list):
        return kind_of(value)
    text = repr(value[:200] if isinstance(value, str | bytes) else value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 3]}..."


def kind_of(value: object) -> str:
    """Name the JSON kind of a value, with its article."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "an array"
        case _:
            return "an object"
