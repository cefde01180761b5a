"""The execution of bulk actions: slice by slice, by one process at a time.

Each intake has an executor in a thread of its own. A command that creates an action for a few
rejections, or finds no intake running, executes it itself. The store lets one process
at a time have an action, and performs each slice once.
"""

from collections.abc import Callable
from threading import Event
from typing import Final

from fanmill.actions.slices import next_slice
from fanmill.ports import Action, Actions, Rejections
from fanmill.ports.erasing import Erasing

LEASE_SECONDS: Final = 5.0
"""Silence of an executor after which another one takes over its actions."""

_IDLE_SECONDS: Final = 0.5
"""Pause between two looks for actions: the maximum wait of a new one."""

_PACED_SECONDS: Final = 0.02
"""Pause while the rates of all actions hold them back."""

_FAILURE_SECONDS: Final = 1.0


class ActionExecutor:
    """Executes the running actions of a namespace, a slice of each in turn.

    Args:
        name: Name of the process, unique among all executors.
        failures: Errors of the server, which concern all actions.
        erasing: Executes actions that forget documents; None leaves them to others.
        on_end: Called with each action that has ended here.
        on_failure: Called with each error, after which `run` tries again.
    """

    def __init__(
        self,
        name: str,
        actions: Actions,
        rejections: Rejections,
        failures: tuple[type[Exception], ...] = (),
        *,
        erasing: Erasing | None = None,
        on_end: Callable[[Action], None] = lambda _: None,
        on_failure: Callable[[Exception], None] = lambda _: None,
    ) -> None:
        self._name = name
        self._actions = actions
        self._rejections = rejections
        self._failures = failures
        self._erasing = erasing
        self._on_end = on_end
        self._on_failure = on_failure

    def run(self, stop: Event) -> None:
        """Execute actions until `stop` is set; wait without limit for a server that is away.

        An action that fails is tried again each second, beside the others.
        """
        while not stop.is_set():
            try:
                pause = 0.0 if self.step() else _IDLE_SECONDS
                if pause and self._actions.running():
                    pause = _PACED_SECONDS
            except Exception as error:  # noqa: BLE001  the thread serves other actions, too
                self._on_failure(error)
                pause = _FAILURE_SECONDS
            stop.wait(pause)

    def step(self, only: str | None = None) -> int:
        """Perform one slice of each action that is due; return how many were performed.

        Args:
            only: Id of the only action to execute; None for all.

        Raises:
            Exception: An action failed; those behind it were performed.
        """
        performed = 0
        failed: Exception | None = None
        for action in self._actions.claim(self._name, LEASE_SECONDS, only):
            try:
                performed += self._advance(action)
            except self._failures:
                raise
            except Exception as error:  # noqa: BLE001  an action that cannot go on holds up none
                failed = error
        if failed is not None:
            raise failed
        return performed

    def _advance(self, action: Action) -> int:
        if action.order.kind == "forget":
            return self._erase(action)
        part = next_slice(action, self._rejections)
        if not self._actions.perform(action, part, self._name, LEASE_SECONDS):
            return 0
        if part.last:
            self._on_end(self._actions.get(action.id) or action)
        return 1

    def _erase(self, action: Action) -> int:
        if self._erasing is None or not self._erasing.advance(action, self._name, LEASE_SECONDS):
            return 0
        now = self._actions.get(action.id)
        if now is not None and now.state != "running":
            self._on_end(now)
        return 1
