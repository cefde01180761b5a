"""Signals that end a process of the service."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any


@contextmanager
def stopping() -> Iterator[Event]:
    """Yield an event that SIGTERM and SIGINT set; the second signal ends the process."""
    stop = Event()

    def handle(number: int, _: Any) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()

    before = {sign: signal.signal(sign, handle) for sign in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
