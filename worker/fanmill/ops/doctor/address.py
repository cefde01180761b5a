"""The parts of a server's URL that the checks speak about; a password is never among them."""

from dataclasses import dataclass
from typing import Any, Final

from redis.connection import SSLConnection, parse_url

_DEFAULT_PORT: Final = 6379


@dataclass(frozen=True, slots=True)
class Address:
    """Location and login of a server, without the password."""

    host: str
    port: int
    path: str
    """Path of a Unix socket; empty for TCP."""
    tls: bool
    user: str
    """The name in the URL; "default" if it has none, as on the server."""
    has_password: bool
    database: int

    def __str__(self) -> str:
        """Return the place a connection goes to, such as `localhost:6379`."""
        return self.path or f"{self.host}:{self.port}"


def address_of(url: str) -> Address:
    """Return the parts of a redis://, rediss:// or unix:// URL.

    Raises:
        ValueError: The URL has another scheme, or a port or option that is no number.
    """
    parts: dict[str, Any] = dict(parse_url(url))  # type: ignore[no-untyped-call]
    return Address(
        host=parts.get("host", "localhost"),
        port=int(parts.get("port", _DEFAULT_PORT)),
        path=parts.get("path", ""),
        tls=parts.get("connection_class") is SSLConnection,
        user=parts.get("username") or "default",
        has_password=bool(parts.get("password")),
        database=int(parts.get("db", 0)),
    )
