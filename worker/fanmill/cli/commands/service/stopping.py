"""Signals that end a process of the service."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import structlog

log = structlog.get_logger("fanmill")


class StopNow(BaseException):
    """The main thread did not stop in time; no handler of errors may catch it."""


@contextmanager
def stopping(force_after_seconds: float | None = None) -> Iterator[Event]:
    """Yield an event that SIGTERM and SIGINT set; the second signal ends the process.

    Args:
        force_after_seconds: Time after the signal at which the block is left even if it
            waits for a server; None for no limit. The ledger redelivers what it held.
    """
    stop = Event()

    def handle(number: int, _: Any) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()
        if force_after_seconds is not None:
            signal.setitimer(signal.ITIMER_REAL, force_after_seconds)

    def force(_: int, __: Any) -> None:
        raise StopNow

    handlers: dict[int, Callable[[int, Any], None]] = {
        signal.SIGTERM: handle,
        signal.SIGINT: handle,
    }
    if force_after_seconds is not None:
        handlers[signal.SIGALRM] = force
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield stop
    except StopNow:
        log.warning("stopped without an answer from the server")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
