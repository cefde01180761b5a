"""Container health: does a fanmill process of this container make progress?

Intake and workers send a heartbeat to Redis every five seconds while their main
loop makes progress, and count as dead after twenty. The exit code is 0 when a
process of this container is alive, else 1 with the reason on stderr. A Redis that
does not answer makes the container unhealthy too.
"""

import sys

from redis.exceptions import RedisError

from fanmill.ops.process_registry import GONE_SECONDS, own_container, running_processes
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import connect_briefly

_TIMEOUT_SECONDS = 5.0
"""Time-out of the server, below the time-out of the health check: its log shows the reason."""


def main() -> None:
    """Look once and exit."""
    settings = Settings()
    try:
        with connect_briefly(settings.redis_url.get_secret_value(), _TIMEOUT_SECONDS) as redis:
            processes = running_processes(redis, Keys(settings.streams))
    except RedisError as error:
        sys.exit(f"redis does not answer: {error}")
    if not any(process.container == own_container() for process in processes):
        sys.exit(f"no intake or worker of this container is alive (within {GONE_SECONDS:g} s)")


if __name__ == "__main__":
    main()
