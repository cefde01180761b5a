"""A stand-in for redis-cli, for machines without one: `-h`, `-p`, one command, raw replies.

It talks to a real server. `test_other_languages.py` compares its output with the output of
the real program if it is installed.
"""

import sys
from typing import Any

from redis import Redis
from redis.exceptions import RedisError, ResponseError


def raw(reply: Any) -> bytes:
    """Write a reply as redis-cli does when its output is no terminal."""
    match reply:
        case None:
            return b""
        case list():
            return b"\n".join(raw(each) for each in reply)
        case bytes():
            return reply
        case _:
            return str(reply).encode()


def main(arguments: list[str]) -> int:
    host, port = "localhost", 6379
    while arguments[:1] in (["-h"], ["-p"]):
        option, value, *arguments = arguments
        host, port = (value, port) if option == "-h" else (host, int(value))
    client = Redis(host=host, port=port, protocol=2, retry=None)
    client.response_callbacks.clear()
    try:
        reply = raw(client.execute_command(*arguments))
    except ResponseError as error:
        reply = f"{error}\n".encode()
    except RedisError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.buffer.write(reply + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
