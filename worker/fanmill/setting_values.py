"""The values of settings: their types, and their forms for the environment and for people."""

import re
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

_PASSWORD_OPTION: Final = re.compile(r"(?<=[?&]password=)[^&#]*")


def none_if_empty(value: Any) -> Any:
    """Return None for an empty text, and any other value as it is."""
    return None if isinstance(value, str) and not value.strip() else value


def comma_separated(value: Any) -> Any:
    """Return the parts of a text between commas, without empty ones; other values as they are."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


Count = Annotated[int, Field(ge=1)]
"""A number of at least 1."""

Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
"""A time in seconds, above 0."""

Days = Annotated[float, Field(gt=0, le=3650, allow_inf_nan=False)]
"""A time in days, above 0."""

Limit = Annotated[Count | None, BeforeValidator(none_if_empty)]
"""A number of at least 1; None for no limit."""

List = Annotated[tuple[str, ...], NoDecode, BeforeValidator(comma_separated)]
"""Names separated by commas."""


def setting_text(value: object) -> str:
    """Return a value of a setting as a person would write it into the environment."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, SecretStr):
        return hide_secrets(value.get_secret_value()) if value.get_secret_value() else ""
    return str(value)


def hide_secrets(url: str) -> str:
    """Return a URL without its password; a text that is no URL becomes `***`.

    The URL is split by hand: in a password that was not percent-encoded, a
    parser takes `/`, `?` or `#` for the end of the host.
    """
    scheme, separator, rest = url.partition("://")
    if not separator:
        return "***"
    credentials, at, place = rest.rpartition("@")
    user, colon, _ = credentials.partition(":")
    if colon:
        rest = f"{user}:***{at}{place}"
    return f"{scheme}://{_PASSWORD_OPTION.sub(r'***', rest)}"
