"""A connection of its own to the server's address: which protocol answers there."""

import socket
import ssl
from dataclasses import dataclass
from typing import Final, Literal

from fanmill_contracts.addresses import ServerAddress

CONNECT_SECONDS: Final = 2.0
"""Time for each of: connecting, the first bytes of an answer, a TLS handshake."""

_FIRST_BYTES: Final = 64
_TLS_ALERT: Final = 0x15
_TLS_HANDSHAKE: Final = 0x16
_TLS_MAJOR: Final = 3

Protocol = Literal["redis", "tls", "http", "closed", "silent", "other"]
Obstacle = Literal[
    "host-unknown", "refused", "timeout", "unreachable", "no-socket-file", "socket-denied"
]


@dataclass(frozen=True, slots=True)
class Reach:
    """The result of a connection attempt: an obstacle, or the protocol that answered."""

    obstacle: Obstacle | None = None
    protocol: Protocol | None = None
    detail: str = ""
    """The system's message for an obstacle; else the first bytes of the answer, escaped."""


def reach(address: ServerAddress) -> Reach:
    """Connect, send an inline PING without TLS and name the protocol of the answer.

    A Redis server answers it at once, with or without a login. The call takes at
    most three times `CONNECT_SECONDS`, except for a slow look-up of the host name.
    """
    try:
        connection = _connection(address)
    except OSError as error:
        return Reach(obstacle=obstacle(error), detail=str(error))
    with connection:
        try:
            connection.sendall(b"PING\r\n")
            first = connection.recv(_FIRST_BYTES)
        except TimeoutError:
            return Reach(protocol="tls" if _speaks_tls(address) else "silent")
        except OSError:
            first = b""
    protocol = protocol_of(first)
    if protocol == "closed" and _speaks_tls(address):
        protocol = "tls"
    return Reach(protocol=protocol, detail=repr(first)[2:-1])


def protocol_of(first: bytes) -> Protocol:
    """Return the protocol of the first bytes that answered a PING; no bytes are "closed"."""
    if not first:
        return "closed"
    # Simple strings and errors of RESP; "-NOAUTH", "-LOADING", "-DENIED" are answers as well.
    if first[:1] in {b"+", b"-"}:
        return "redis"
    if first[0] in {_TLS_ALERT, _TLS_HANDSHAKE} and first[1:2] == bytes([_TLS_MAJOR]):
        return "tls"
    # Old HTTP servers answer a line that is no request with a page and no status line.
    if first.startswith(b"HTTP/") or first.lstrip()[:5].lower() in {b"<html", b"<!doc"}:
        return "http"
    return "other"


def obstacle(error: OSError) -> Obstacle:
    """Return the kind of a failure to connect; "unreachable" for any that has no name here."""
    if isinstance(error, socket.gaierror):
        return "host-unknown"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, FileNotFoundError):
        return "no-socket-file"
    if isinstance(error, PermissionError):
        return "socket-denied"
    return "unreachable"


def _connection(address: ServerAddress) -> socket.socket:
    if not address.path:
        return socket.create_connection((address.host, address.port), CONNECT_SECONDS)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(CONNECT_SECONDS)
    try:
        connection.connect(address.path)
    except OSError:
        connection.close()
        raise
    return connection


def _speaks_tls(address: ServerAddress) -> bool:
    # Any certificate will do: the question is the protocol, and nothing is sent.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with _connection(address) as plain, context.wrap_socket(plain):
            return True
    except ssl.SSLError as error:
        # A server that wants a client's certificate or another version says so by an alert.
        return "ALERT" in str(error).upper()
    except OSError:
        return False
