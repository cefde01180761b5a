"""Waiting in tests: for a condition, with a deadline, never for a fixed time."""

from collections.abc import Callable
from time import monotonic, sleep
from typing import Any, Final

DEADLINE_SECONDS: Final = 60.0
"""Time for a process to start or to finish its work, on a machine that is busy."""
POLL_SECONDS: Final = 0.02


def until(
    condition: Callable[[], Any],
    seconds: float = DEADLINE_SECONDS,
    what: str | Callable[[], str] = "the condition holds",
) -> Any:
    """Return the first true answer of a condition, which is asked every 20 ms.

    Args:
        condition: Asked again until its answer is true.
        seconds: Time after which the test fails.
        what: Condition in words, or a function that describes the state at the deadline.

    Raises:
        AssertionError: No answer was true in time.
    """
    deadline = monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if monotonic() > deadline:
            text = what if isinstance(what, str) else what()
            raise AssertionError(f"not within {seconds:g} s: {text}")
        sleep(POLL_SECONDS)
