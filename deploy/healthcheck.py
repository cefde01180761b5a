"""Container health: has a fanmill process of this host been seen of late?

Intake and workers write themselves down in Redis every five seconds and count
as gone after twenty. Exit code 0 when one of this host is there, else 1 with the
reason on stderr. A Redis that does not answer makes the container unhealthy too.
"""

import socket
import sys

from redis import Redis
from redis.exceptions import RedisError

from fanmill.ops.presence import present
from fanmill.settings import Settings
from fanmill.stores.keys import Keys

_TIMEOUT_SECONDS = 5.0
"""Below the timeout of the health check, so that the reason gets into its log."""


def main() -> None:
    """Look once and exit."""
    settings = Settings()
    host = socket.gethostname()
    try:
        with Redis.from_url(
            settings.redis_url.get_secret_value(), socket_timeout=_TIMEOUT_SECONDS
        ) as redis:
            processes = present(redis, Keys(settings.streams))
    except RedisError as error:
        sys.exit(f"redis does not answer: {error}")
    if not any(process.host == host for process in processes):
        sys.exit(f"no intake or worker of host {host!r} has been seen in the last 20 seconds")


if __name__ == "__main__":
    main()
