"""The values of settings: their types, and their forms for the environment and for people."""

import os
import re
from hashlib import blake2b
from importlib.util import find_spec
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

OTEL_EXPORTERS: Final = ("otlp", "console", "none")
"""Values of OTEL_TRACES_EXPORTER and OTEL_METRICS_EXPORTER that fanmill knows."""

OTLP_PROTOCOL: Final = "http/protobuf"

_SINK_NAME: Final = re.compile(r"[A-Za-z0-9_-]{0,64}")

_PASSWORD_OPTION: Final = re.compile(r"(?<=[?&]password=)[^&#]*")


def none_if_empty(value: Any) -> Any:
    """Return None for an empty text, and any other value as it is."""
    return None if isinstance(value, str) and not value.strip() else value


def comma_separated(value: Any) -> Any:
    """Return the parts of a text between commas, without empty ones; other values as they are."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def otel_usable(enabled: bool) -> bool:
    """Return a switch of OpenTelemetry as it is.

    Raises:
        ValueError: It is on, and the extra is not installed or a variable asks for more.
    """
    if not enabled:
        return enabled
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.sdk") is None:
        raise ValueError("OpenTelemetry is not installed: pip install 'fanmill[otel]'")
    for signal in ("TRACES", "METRICS"):
        exporter = _variable(f"OTEL_{signal}_EXPORTER") or "otlp"
        if exporter not in OTEL_EXPORTERS:
            raise ValueError(
                f"OTEL_{signal}_EXPORTER is {exporter!r}; fanmill has {', '.join(OTEL_EXPORTERS)}"
            )
        own = _variable(f"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL")
        protocol = own or _variable("OTEL_EXPORTER_OTLP_PROTOCOL") or OTLP_PROTOCOL
        if exporter == "otlp" and protocol != OTLP_PROTOCOL:
            raise ValueError(
                f"the protocol of OTLP is {protocol!r}; fanmill[otel] has {OTLP_PROTOCOL!r} "
                "(OTEL_EXPORTER_OTLP_PROTOCOL; the port of a collector is usually 4318)"
            )
    return enabled


def otel_wanted(enabled: bool) -> bool:
    """Return whether OpenTelemetry is on: by the setting, and not disabled by OTEL_SDK_DISABLED."""
    return enabled and _variable("OTEL_SDK_DISABLED").lower() != "true"


def _variable(name: str) -> str:
    return os.environ.get(name, "").strip()


Count = Annotated[int, Field(ge=1)]
"""A number of at least 1."""

Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
"""A time in seconds, above 0."""

Days = Annotated[float, Field(gt=0, le=3650, allow_inf_nan=False)]
"""A time in days, above 0."""

Limit = Annotated[Count | None, BeforeValidator(none_if_empty)]
"""A number of at least 1; None for no limit."""

Otel = Annotated[bool, AfterValidator(otel_usable)]
"""The switch of OpenTelemetry."""

List = Annotated[tuple[str, ...], NoDecode, BeforeValidator(comma_separated)]
"""Names separated by commas."""


def _checked_store_url(secret: SecretStr) -> SecretStr:
    url = secret.get_secret_value()
    scheme, _, rest = url.partition("://")
    if not url or (scheme == "sqlite" and rest[:1] == "/" and rest[1:]):
        return secret
    if scheme in {"postgresql", "postgres"} and rest:
        return secret
    raise ValueError(
        f"{hide_secrets(url)!r} names no store; write sqlite:///folder/results.sqlite (four "
        "slashes for an absolute path) or postgresql://user@host/database"
    )


def _checked_sink_name(name: str) -> str:
    if not _SINK_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a sink: up to 64 letters, digits, - and _")
    return name


StoreUrl = Annotated[SecretStr, AfterValidator(_checked_store_url)]
"""The URL of a store of record; empty for none."""

SinkName = Annotated[str, AfterValidator(_checked_sink_name)]
"""The name of a sink; empty for one made from the URL of its store."""


def store_name(url: str) -> str:
    """Return a name for a store: its kind, and a digest of its URL without secrets and options.

    The same store has the same name on all hosts, with any password.
    """
    scheme, _, rest = url.partition("://")
    place = rest.partition("?")[0].rpartition("@")[2]
    digest = blake2b(place.encode(), digest_size=3).hexdigest()
    return f"{'sqlite' if scheme == 'sqlite' else 'postgresql'}-{digest}"


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
