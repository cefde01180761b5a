"""Time limit of plugins: an interval timer of the process.

The timer raises `Overrun` in the main thread, in which a worker's child runs its tasks. In other
threads nothing is interrupted; the time is checked when the plugin returns. Native code is
interrupted when it returns to Python; a call that never returns ends with the limit of the task.
"""

import signal
import threading
from contextlib import AbstractContextManager
from importlib import import_module
from time import monotonic
from types import FrameType, TracebackType
from typing import Any, Final

from fanmill.core.plugin import Limit, Overrun

_handle: Final[Any] = import_module("_signal").signal
"""`signal.signal` without its conversion of handlers to an enum, which takes twenty times as long:
a function is no member, so each conversion raises and catches an exception."""

_SOON_SECONDS: Final = 0.001
"""Time after which a timer that is overdue ends its process: 0 would switch it off."""

_AGAIN_SECONDS: Final = 0.1
"""Interval of the timer: Python ignores an exception that is raised in a finalizer."""


def time_limit(max_seconds: float) -> Limit:
    """Return the limits of this process; a plugin's own limit may only be shorter."""

    def limit(seconds: float | None = None, /) -> AbstractContextManager[None]:
        if seconds is None or seconds >= max_seconds:
            return _Limited(max_seconds, "FANMILL_TAGGER_TIME_LIMIT_SECONDS")
        return _Limited(seconds, "declared by the plugin")

    return limit


class _Limited:
    """Raises `Overrun` after a number of seconds, also if the code in the context returned.

    In the main thread the code is interrupted, and again at intervals.
    """

    __slots__ = ("_before", "_is_main", "_origin", "_outer", "_seconds", "_started")

    def __init__(self, seconds: float, origin: str) -> None:
        self._seconds = seconds
        self._origin = origin

    def __enter__(self) -> None:
        self._is_main = threading.current_thread() is threading.main_thread()
        if self._is_main:
            # The timer of a stage may run already; it goes on afterwards.
            self._outer, _ = signal.setitimer(signal.ITIMER_REAL, 0.0)
            self._before = _handle(signal.SIGALRM, self._stop)
        self._started = monotonic()
        if self._is_main:
            try:
                signal.setitimer(signal.ITIMER_REAL, self._seconds, _AGAIN_SECONDS)
            except Overrun:  # a time so short that it is over already
                self._restore()
                raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._is_main:
            self._restore()
        if kind is None and monotonic() - self._started > self._seconds:
            raise Overrun(self._message())

    def _restore(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        _handle(signal.SIGALRM, self._before)
        if self._outer:
            left = self._outer - (monotonic() - self._started)
            signal.setitimer(signal.ITIMER_REAL, max(left, _SOON_SECONDS))

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        raise Overrun(self._message())

    def _message(self) -> str:
        return f"took longer than {self._seconds:g} s ({self._origin})"
