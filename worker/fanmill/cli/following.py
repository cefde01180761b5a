"""A command that waits for the end of a bulk action and shows its progress."""

from __future__ import annotations

import os
import sys
from time import sleep
from typing import TYPE_CHECKING, Final

import typer

from fanmill.actions.outcomes import left_out
from fanmill.cli.console import counted, remark
from fanmill.cli.exits import Exit

if TYPE_CHECKING:
    from fanmill.actions.executor import ActionExecutor
    from fanmill.ports import Action, ActionOutcome
    from fanmill.wiring import Wiring

_LOOK_SECONDS: Final = 0.1
_FEW_DOCUMENTS: Final = 100


def follow(wiring: Wiring, action: Action) -> Action:
    """Wait until an action ends; return it as it ended.

    The command executes an action itself that names its rejections or erases a few documents, or
    that finds no intake running. Ctrl-C ends the command and leaves the action running.
    """
    executor = _own_executor(wiring, action)
    try:
        while action.state == "running":
            performed = executor is not None and executor.step(action.id)
            action = wiring.actions.get(action.id) or action
            _show_progress(action)
            if action.state == "running":
                sleep(0.0 if performed and not action.order.rate else _LOOK_SECONDS)
    except KeyboardInterrupt:
        _end_progress()
        remark(
            f"the action goes on without this command: fanmill actions show {action.id}; "
            f"to end it: fanmill actions abort {action.id}"
        )
        raise typer.Exit(Exit.INTERRUPTED) from None
    _end_progress()
    return action


def _own_executor(wiring: Wiring, action: Action) -> ActionExecutor | None:
    from fanmill.ops.process_registry import running_processes

    order = action.order
    few = order.ids or 0 < order.documents <= _FEW_DOCUMENTS
    if not few and any(
        process.role == "intake" for process in running_processes(wiring.redis, wiring.keys)
    ):
        return None
    from fanmill.actions.executor import ActionExecutor

    name = f"command-{os.uname().nodename}-{os.getpid()}"
    from fanmill.stores.redis.erasing import RedisErasing

    erasing = RedisErasing(wiring.redis, wiring.keys, wiring.index)
    return ActionExecutor(name, wiring.actions, wiring.rejections, erasing=erasing)


def _show_progress(action: Action) -> None:
    if sys.stderr.isatty():
        share = 100 * action.examined // max(1, action.total)
        sys.stderr.write(
            f"\r{min(100, share):3d} %  {action.examined:,} of {action.total:,} looked at"
        )
        sys.stderr.flush()


def _end_progress() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")


def summary(outcomes: dict[ActionOutcome, int], verb: str, done: ActionOutcome) -> str:
    """Return outcomes in words: `replayed 12 rejections; not 7: 7 invalid and would fail again`.

    Args:
        outcomes: Numbers by outcome.
        verb: Verb of the sentence, such as `would replay`.
        done: Outcome of those that were, or would be, acted on.
    """
    text = f"{verb} {counted(outcomes.get(done, 0), 'rejection')}"
    number, reasons = left_out(outcomes)
    return f"{text}; not {number:,}: {reasons}" if number else text
