"""A stand-in for redis-cli, for machines without one: `-h`, `-p`, one command, raw replies.

It talks to a real server. `test_other_languages.py` compares its output with the output of
the real program if it is installed. An example starts it for each command, so it imports no
client: that takes ten times as long as a command.
"""

import socket
import sys
from typing import BinaryIO


class ServerAway(Exception):
    """The connection ended within a reply."""


def request(arguments: list[str]) -> bytes:
    """Write a command in the protocol of Redis, RESP 2."""
    words = [each.encode() for each in arguments]
    return b"*%d\r\n" % len(words) + b"".join(
        b"$%d\r\n%s\r\n" % (len(word), word) for word in words
    )


def raw(replies: BinaryIO) -> bytes:
    """Read a reply; write it as redis-cli does when its output is no terminal."""
    line = replies.readline()
    if not line.endswith(b"\r\n"):
        raise ServerAway("the server closed the connection")
    kind, rest = line[:1], line[1:-2]
    if kind == b"-":
        return rest + b"\n"
    if kind == b"*":
        return b"\n".join(raw(replies) for _ in range(int(rest)))
    if kind == b"$":
        size = int(rest)
        return b"" if size < 0 else replies.read(size + 2)[:size]
    return rest


def main(arguments: list[str]) -> int:
    host, port = "localhost", 6379
    while arguments[:1] in (["-h"], ["-p"]):
        option, value, *arguments = arguments
        host, port = (value, port) if option == "-h" else (host, int(value))
    try:
        with socket.create_connection((host, port)) as server, server.makefile("rb") as replies:
            server.sendall(request(arguments))
            reply = raw(replies)
    except (OSError, ServerAway) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.buffer.write(reply + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
