"""The repair of the counts of failure groups, in a thread of each intake."""

from threading import Event
from typing import Final

import structlog
from redis import Redis
from redis.exceptions import RedisError

from fanmill.stores.keys import Keys
from fanmill.stores.redis.group_counts import recount, uncounted

log = structlog.get_logger("fanmill.intake")

LOOK_SECONDS: Final = 30.0
"""Pause between two looks, and so the time for which the counts may be wrong."""


class GroupRepair:
    """Counts the failure groups anew when the length of the rejected stream does not fit them."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys
        self._known = 0
        """Entries of other programs, which belong to no group."""

    def run(self, stop: Event) -> None:
        """Look every 30 s until `stop` is set; a server that is away is asked again."""
        while not stop.wait(LOOK_SECONDS):
            try:
                self.look()
            except RedisError as error:
                log.debug("failure groups not looked at", error=str(error))

    def look(self) -> bool:
        """Recount if it is needed; return whether the counts are right now."""
        difference = uncounted(self._redis, self._keys)
        if difference == self._known:
            return True
        corrected = recount(self._redis, self._keys)
        if corrected is None:
            return False
        self._known = uncounted(self._redis, self._keys)
        if corrected:
            removed = max(0, self._known - difference)
            log.warning(
                "failure groups recounted: another program removed rejections",
                groups=corrected,
                rejections=removed,
            )
        return True
