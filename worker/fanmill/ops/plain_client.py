"""A client of Redis for two commands, which loads in a few milliseconds.

The health check of a container runs every few seconds, and redis-py takes longer to load than
the check itself. This one speaks the second version of the protocol, without TLS.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from io import BufferedReader
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from fanmill_contracts.addresses import ServerAddress

MAX_BULK_BYTES: Final = 16 * 1024 * 1024
"""Largest value that is read; an answer of the process registry has some kilobytes."""


class ServerFailed(Exception):
    """The server was not reached, refused, or sent an answer that is not understood."""


def ask(address: ServerAddress, seconds: float, commands: Sequence[Sequence[str]]) -> list[Any]:
    """Return the answers to commands: integers, bytes, None and lists of those.

    Args:
        address: A server without TLS.
        seconds: Maximum wait for the connection and for each answer.
        commands: Commands with their arguments.

    Raises:
        ServerFailed: An answer is missing or an error.
    """
    before: list[Sequence[str]] = []
    if address.password is not None:
        before.append(("AUTH", address.username or "default", address.password))
    if address.db:
        before.append(("SELECT", str(address.db)))
    try:
        with _connection(address, seconds) as connection:
            connection.sendall(b"".join(map(_encoded, (*before, *commands))))
            with connection.makefile("rb") as reader:
                answers = [_answer(reader) for _ in (*before, *commands)]
    except (OSError, ValueError) as error:
        raise ServerFailed(str(error) or type(error).__name__) from error
    return answers[len(before) :]


def _connection(address: ServerAddress, seconds: float) -> socket.socket:
    if address.path:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(seconds)
        try:
            connection.connect(address.path)
        except OSError:
            connection.close()
            raise
        return connection
    # As bytes: the tables for names of other scripts take long to load.
    host: Any = address.host.encode() if address.host.isascii() else address.host
    return socket.create_connection((host, address.port), timeout=seconds)


def _encoded(command: Sequence[str]) -> bytes:
    parts = [part.encode() for part in command]
    return b"*%d\r\n" % len(parts) + b"".join(
        b"$%d\r\n%b\r\n" % (len(each), each) for each in parts
    )


def _answer(reader: BufferedReader) -> Any:
    line = reader.readline(64 * 1024)
    if not line.endswith(b"\r\n"):
        raise ServerFailed("the server closed the connection")
    kind, rest = line[:1], line[1:-2]
    if kind == b"+":
        return rest
    if kind == b"-":
        raise ServerFailed(rest.decode(errors="replace"))
    number = int(rest)
    if kind == b":":
        return number
    if number < 0:
        return None
    if kind == b"*":
        return [_answer(reader) for _ in range(number)]
    if kind != b"$" or number > MAX_BULK_BYTES:
        raise ServerFailed("the server does not speak the protocol of Redis")
    body = reader.read(number + 2)
    if len(body) != number + 2:
        raise ServerFailed("the server closed the connection")
    return body[:-2]
