"""The failure group of a rejection: rejections with one cause share a fingerprint. Pure.

A fingerprint is made of reason, stage, type of the exception and innermost frame of fanmill.
It holds no value of an event and no part of a text, so a million poison events with three
causes make three groups.
"""

from hashlib import blake2b
from types import TracebackType
from typing import Final

from pydantic_core import to_json

from fanmill_contracts import InvalidEvent

OTHERS: Final = "others"
"""Group that counts the rejections of all groups beyond the maximum number."""

_PACKAGES: Final = frozenset({"fanmill", "fanmill_contracts"})
_MAX_CHARACTERS: Final = 200
_DIGEST_BYTES: Final = 6


def fingerprint(reason: str, stage: str, exception: str, frame: str) -> str:
    """Return the id of a failure group: 12 hexadecimal digits.

    Args:
        reason: The rejection's reason.
        stage: The stage that failed, or `intake`.
        exception: As `exception_name` returns it; empty where nothing was raised.
        frame: As `innermost_frame` returns it; empty where nothing was raised.
    """
    return blake2b(
        to_json([reason, stage, exception, frame]), digest_size=_DIGEST_BYTES
    ).hexdigest()


def exception_name(error: BaseException) -> str:
    """Return the type of an error with its module, such as `re.error`; built-in ones without."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else _dotted(kind)
    return name[:_MAX_CHARACTERS]


def innermost_frame(error: BaseException) -> str:
    """Return the place in fanmill that raised an error, or called what raised it.

    It has the form `fanmill.core.text.layout:lines:120`: module, function, line. An event that
    breaks the contract gives the member at fault, such as `data.document_id`. Empty if no
    frame is fanmill's.
    """
    if isinstance(error, InvalidEvent):
        # A key of `metadata` is the producer's.
        return ".".join(error.field.split(".")[:2])[:_MAX_CHARACTERS]
    found = ""
    at: TracebackType | None = error.__traceback__
    while at is not None:
        module = str(at.tb_frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] in _PACKAGES:
            found = f"{module}:{at.tb_frame.f_code.co_name}:{at.tb_lineno}"
        at = at.tb_next
    return found[:_MAX_CHARACTERS]


def _dotted(kind: type[BaseException]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
