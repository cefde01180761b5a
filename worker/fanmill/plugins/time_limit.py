"""Time limit of plugins: an interval timer of the process.

The timer raises `Overrun` in the main thread, in which a worker's child runs its tasks. In other
threads nothing is interrupted; the time is checked when the plugin returns. Native code is
interrupted when it returns to Python; a call that never returns ends with the limit of the task.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from time import monotonic
from types import FrameType
from typing import Final

from fanmill.core.plugin import Limit, Overrun

_SOON_SECONDS: Final = 0.001
"""Time after which a timer that is overdue ends its process: 0 would switch it off."""

_AGAIN_SECONDS: Final = 0.1
"""Interval of the timer: Python ignores an exception that is raised in a finalizer."""


def time_limit(max_seconds: float) -> Limit:
    """Return the limits of this process; a plugin's own limit may only be shorter."""

    def limit(seconds: float | None = None, /) -> AbstractContextManager[None]:
        if seconds is None or seconds >= max_seconds:
            return _limited(max_seconds, "FANMILL_TAGGER_TIME_LIMIT_SECONDS")
        return _limited(seconds, "declared by the plugin")

    return limit


@contextmanager
def _limited(seconds: float, origin: str) -> Iterator[None]:
    """Raise `Overrun` after a number of seconds, also if the code in the context returned."""
    message = f"took longer than {seconds:g} s ({origin})"
    started = monotonic()
    if threading.current_thread() is threading.main_thread():
        with _interrupted(seconds, message):
            yield
    else:
        yield
    if monotonic() - started > seconds:
        raise Overrun(message)


@contextmanager
def _interrupted(seconds: float, message: str) -> Iterator[None]:
    """Raise `Overrun` in the main thread after a number of seconds, and again at intervals."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Overrun(message)

    # The timer of a stage may run already; it goes on afterwards.
    outer, _ = signal.setitimer(signal.ITIMER_REAL, 0.0)
    started = monotonic()
    before = signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_SECONDS)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
        if outer:
            left = outer - (monotonic() - started)
            signal.setitimer(signal.ITIMER_REAL, max(left, _SOON_SECONDS))
