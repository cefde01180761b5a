"""The address of a server: a URL, checked and taken apart without a connection.

Publisher, results client, subscriber, intake and workers accept the same URLs. A
message about a URL never holds its user, password or unreadable parts.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple, NoReturn
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from fanmill_contracts.errors import InvalidArgument

DEFAULT_URL: Final = "redis://localhost:6379/0"

_PLAIN_HOST: Final = re.compile(r"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63}){0,30}")

_FORMS: Final = "redis://HOST:PORT/DB, rediss://HOST:PORT/DB (TLS) or unix:///PATH"
_ENCODE: Final = (
    "a user and a password whose characters '/', '?', '#', '@' and ':' are percent-encoded "
    "(%2F, %3F, %23, %40, %3A)"
)
_VERIFICATION: Final = {
    "none": "none", "optional": "optional", "required": "required",
    "cert_none": "none", "cert_optional": "optional", "cert_required": "required",
}  # fmt: skip
_TRUTH: Final = {
    "1": True, "true": True, "yes": True, "on": True,
    "0": False, "false": False, "no": False, "off": False,
}  # fmt: skip


def _at_least(minimum: int) -> Callable[[str], int]:
    def whole(value: str) -> int:
        if not value.isdecimal() or int(value) < minimum:
            raise ValueError(f"a whole number of at least {minimum}")
        return int(value)

    return whole


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86_400:  # noqa: PLR2004  a day
        raise ValueError("a number of seconds above 0 and up to 86400")
    return seconds


def _choice(choices: Mapping[str, Any]) -> Callable[[str], Any]:
    def chosen(value: str) -> Any:
        if value.lower() not in choices:
            raise ValueError(f"one of {', '.join(choices)}")
        return choices[value.lower()]

    return chosen


_OPTIONS: Final[Mapping[str, Callable[[str], Any]]] = {
    "client_name": str,
    "db": _at_least(0),
    "health_check_interval": _at_least(0),
    "max_connections": _at_least(1),
    "password": str,
    "protocol": _choice({"2": 2, "3": 3}),
    "socket_connect_timeout": _seconds,
    "socket_keepalive": _choice(_TRUTH),
    "socket_timeout": _seconds,
    "ssl_ca_certs": str,
    "ssl_ca_path": str,
    "ssl_cert_reqs": _choice(_VERIFICATION),
    "ssl_certfile": str,
    "ssl_check_hostname": _choice(_TRUTH),
    "ssl_keyfile": str,
    "username": str,
}
"""Every option a URL may have after `?`, with its reader."""


class ServerAddress(NamedTuple):
    """The parts of a server's URL; `str()` and `repr()` show no secret.

    Attributes:
        scheme: `redis`, `rediss` (TLS) or `unix`.
        host: Host name or IP address; empty for `unix`.
        port: TCP port; 0 for `unix`.
        path: Path of the socket; empty unless `unix`.
        db: Number of the database.
        username: User of the server's ACL; None for the default user.
        password: None where the server asks for none.
        options: The other options of the URL by name, converted to their types.
    """

    scheme: str
    host: str
    port: int
    path: str
    db: int
    # No dataclass: the health check of a container takes an address apart every few seconds, and
    # the module `dataclasses` takes as long to load as the rest of it.
    username: str | None = None
    password: str | None = None
    options: Mapping[str, Any] = MappingProxyType({})

    @property
    def tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.scheme == "rediss"

    def __str__(self) -> str:
        if self.scheme == "unix":
            return f"unix://{self.path}" + (f"?db={self.db}" if self.db else "")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}/{self.db}"

    def __repr__(self) -> str:
        shown = {name: getattr(self, name) for name in ("scheme", "host", "port", "path", "db")}
        return f"ServerAddress({', '.join(f'{name}={value!r}' for name, value in shown.items())})"

    @classmethod
    def parse(cls, url: str, name: str = "url") -> "ServerAddress":
        """Return the parts of `url`.

        Args:
            url: `redis://[USER:PASSWORD@]HOST[:PORT][/DB][?OPTION=VALUE&...]`, the same
                with `rediss://` for TLS, or `unix://[USER:PASSWORD@]/PATH[?db=N&...]`.
            name: Name of the argument or setting, for the error.

        Raises:
            InvalidArgument: The URL has another form, an option that is unknown, or
                a value outside of its range.
        """
        if not isinstance(url, str):
            raise InvalidArgument(name, f"of type {type(url).__name__}", f"a string: {_FORMS}")
        scheme = url.partition("://")[0]
        if scheme not in ("redis", "rediss", "unix") or "://" not in url:
            shown = repr(f"{scheme}://...") if "://" in url else "without a scheme"
            raise InvalidArgument(name, shown, _FORMS)
        try:
            parts = urlsplit(url)
        except ValueError:
            _refuse(name, "not a URL", f"{_FORMS}, with {_ENCODE}")
        options = _options(parts, name)
        if scheme == "unix":
            host, port, path = "", 0, unquote(parts.path)
            if not path or (parts.netloc and "@" not in parts.netloc):
                _refuse(name, "a unix:// URL without an absolute path", "unix:///PATH")
        else:
            host, port, path = _host(parts, name), _port(parts, name), ""
        username = options.pop("username", None) or unquote(parts.username or "") or None
        password = options.pop("password", None) or unquote(parts.password or "") or None
        return cls(
            scheme=scheme,
            host=host,
            port=port,
            path=path,
            db=_database(parts, options, name),
            username=username,
            password=password,
            options=MappingProxyType(options),
        )


def _refuse(name: str, value: str, expected: str) -> NoReturn:
    # `from None`: urllib's own message would hold parts of a password.
    raise InvalidArgument(name, value, expected) from None


def _options(parts: SplitResult, name: str) -> dict[str, Any]:
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    misplaced = parts.fragment or (parts.scheme != "unix" and "@" in parts.path)
    if misplaced or any("@" in option for option, _ in pairs):
        _refuse(name, "not readable: its user or password ends too early", _ENCODE)
    options: dict[str, Any] = {}
    for option, value in pairs:
        if option not in _OPTIONS:
            known = ", ".join(_OPTIONS)
            _refuse(name, f"a URL with the unknown option {option[:40]!r}", f"one of {known}")
        if option.startswith("ssl_") and parts.scheme != "rediss":
            _refuse(
                name, f"a {parts.scheme}:// URL with the option {option!r}", "rediss:// for TLS"
            )
        if option in options:
            _refuse(name, f"a URL that repeats the option {option!r}", "each option once")
        try:
            options[option] = _OPTIONS[option](value)
        except ValueError as error:
            _refuse(name, f"a URL with {option}={value[:40]!r}", f"{error} as {option}")
    return options


def _host(parts: SplitResult, name: str) -> str:
    host = unquote(parts.hostname or "localhost")
    if _PLAIN_HOST.fullmatch(host):
        return host
    try:
        # Its tables take long to load.
        host.encode("idna")
    except UnicodeError:
        _refuse(name, "a URL whose host is no name or address", f"{_FORMS}, with {_ENCODE}")
    return host


def _port(parts: SplitResult, name: str) -> int:
    try:
        port = parts.port
    except ValueError:
        port = -1
    if port is None:
        return 6379
    if port < 1:
        digits = parts.netloc.rpartition(":")[2]
        # Other text may be the begin of a password that is not encoded.
        shown = (
            f"a URL with the port {digits}" if digits.isdecimal() else "a URL whose port is text"
        )
        _refuse(name, shown, f"a port from 1 to 65535, and {_ENCODE}")
    return port


def _database(parts: SplitResult, options: dict[str, Any], name: str) -> int:
    wanted: int | None = options.pop("db", None)
    if parts.scheme == "unix":
        return wanted or 0
    path = parts.path.strip("/")
    if not path:
        return wanted or 0
    if not path.isdecimal():
        _refuse(name, f"a URL with the database {path[:40]!r}", "a whole number, such as /0")
    if wanted is not None and wanted != int(path):
        _refuse(name, f"a URL with the databases {path} and db={wanted}", "one of the two")
    return int(path)
