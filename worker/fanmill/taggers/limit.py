"""The time a tagger may take on one document.

An interval timer of the process raises `Overrun` in the main thread, which is
where a worker's child runs its tasks. Outside the main thread there is no limit
(the task's own limit still stands). Code in C is interrupted when it returns:
one call that never does is the task limit's concern.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType
from typing import Final

from fanmill.core.tagging.runner import Overrun

_AGAIN_SECONDS: Final = 0.1
"""The timer goes on, should the first `Overrun` be raised where Python ignores exceptions."""


def time_limit(seconds: float) -> Callable[[], AbstractContextManager[None]]:
    """Return what makes contexts that raise `Overrun` after so many seconds."""
    message = f"took longer than {seconds:g} s (FANMILL_TAGGER_TIME_LIMIT_SECONDS)"
    return lambda: interrupted(seconds, _AGAIN_SECONDS, lambda: Overrun(message))


@contextmanager
def interrupted(
    seconds: float, again_seconds: float, error: Callable[[], BaseException]
) -> Iterator[None]:
    """Raise `error` in the main thread after so many seconds, and again at each interval.

    Outside the main thread nothing is interrupted. For taggers and for the
    statistics of other packages alike.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise error()

    before = signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, again_seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
