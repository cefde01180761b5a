"""The orders of operators, as one worker obeys them."""

from collections.abc import Callable, Sequence
from typing import Final, Literal

import structlog
from redis import Redis
from redis.exceptions import RedisError

from fanmill.stores.keys import Keys
from fanmill.stores.redis.controls import RedisControls
from fanmill_contracts.terms import Stage

log = structlog.get_logger("fanmill.worker")

State = Literal["active", "quiet", "stopping"]

_SAME: Final[frozenset[Stage]] = frozenset()


class ControlWatch:
    """Reads the orders that concern a worker; the worker's main loop carries them out.

    Args:
        redis: A client that no other thread uses for long.
        keys: The keys of the namespace.
        name: Name of the worker in the process registry.
        stages: Stages that the worker serves.
    """

    def __init__(self, redis: Redis, keys: Keys, name: str, stages: Sequence[Stage]) -> None:
        self._controls = RedisControls(redis, keys)
        self._name = name
        self._stages = frozenset(stages)
        self._paused = _SAME
        self.state: State = "active"

    @property
    def paused(self) -> frozenset[Stage]:
        """Stages of the worker that are paused."""
        return self._paused

    @property
    def wanted(self) -> frozenset[Stage]:
        """Stages from whose queues the worker takes messages now."""
        return self._stages - self._paused if self.state == "active" else _SAME

    def look(self) -> None:
        """Read the orders and log each change.

        Raises:
            RedisError: The server does not answer; the last orders stay valid.
        """
        orders = self._controls.read()
        paused = frozenset(stage for stage in self._stages if stage in orders.pauses)
        for stage in sorted(paused - self._paused):
            log.warning("paused", target=stage, by=orders.pauses[stage].by)
        for stage in sorted(self._paused - paused):
            log.warning("resumed", target=stage)
        self._paused = paused
        request = orders.requests.get(self._name)
        before = self.state
        if request is not None and request.order == "stop":
            self.state = "stopping"
        elif before != "stopping":
            self.state = "active" if request is None else "quiet"
        if self.state != before:
            by = None if request is None else request.by
            log.warning("worker ordered", state=self.state, by=by)

    def look_or(self, on_error: Callable[[Exception], None]) -> None:
        """Read the orders; a server that does not answer is reported and changes nothing."""
        try:
            self.look()
        except RedisError as error:
            on_error(error)
