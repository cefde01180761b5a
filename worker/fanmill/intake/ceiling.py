"""The numbers of rejections and of outcomes without a store at which intake stops reading."""

import structlog

from fanmill.ports import Rejections
from fanmill.ports.outbox import Sinks

log = structlog.get_logger("fanmill.intake")


class RejectionCeiling:
    """Stops a bad release of fanmill from emptying the ledger into the rejected stream.

    Rejections by stages count. Invalid events do not: they are their producer's fault, and
    the events of other producers must go on.

    Args:
        limit: None for no limit.
    """

    def __init__(self, rejections: Rejections, limit: int | None) -> None:
        self._rejections = rejections
        self._limit = limit
        self.reached = False

    def check(self) -> None:
        """Count again; log when reading stops and when it goes on."""
        if self._limit is None:
            return
        count = self._rejections.count_failed()
        reached = count >= self._limit
        if reached and not self.reached:
            log.error(
                "too many rejections, reading stopped", rejected=count, max_rejected=self._limit
            )
        if self.reached and not reached:
            log.info("reading again", rejected=count, max_rejected=self._limit)
        self.reached = reached


class UnstoredCeiling:
    """Stops intake while a store is away for long, before the outbox fills the server.

    Args:
        sinks: The registered sinks; None where there are none.
        limit: None for no limit.
    """

    def __init__(self, sinks: Sinks | None, limit: int | None) -> None:
        self._sinks = sinks
        self._limit = limit
        self.reached = False

    def check(self) -> None:
        """Count again; log when reading stops and when it goes on."""
        if self._limit is None or self._sinks is None:
            return
        count = self._sinks.unstored()
        reached = count >= self._limit
        if reached and not self.reached:
            log.error(
                "too many outcomes are not stored, reading stopped",
                unstored=count,
                max_unstored=self._limit,
            )
        if self.reached and not reached:
            log.info("reading again", unstored=count, max_unstored=self._limit)
        self.reached = reached
