"""Commands over several partitions (`FANMILL_PARTITIONS`): each in turn, or the one that knows an id.

A command addresses one partition: `load_wiring` gives it that of `current`. The decorators here
call it again for the others. `fanmill --partition N` and `--redis-url` choose one.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

import typer

from fanmill.cli.exits import Exit

if TYPE_CHECKING:
    from fanmill.settings import Settings

VARIABLE: Final = "FANMILL_PARTITIONS"

P = ParamSpec("P")
R = TypeVar("R")

_current: ContextVar[int | None] = ContextVar("partition", default=None)
_several: ContextVar[bool] = ContextVar("several", default=False)


def current() -> int | None:
    """Return the number of the partition that the command addresses; None without partitions."""
    return _current.get()


def one_of_several() -> int | None:
    """Return the number of the partition whose output is written beside that of others."""
    return _current.get() if _several.get() else None


def choose(number: int | None) -> None:
    """Address this partition in all that follows."""
    if number is not None:
        _current.set(number)


def each_partition(command: Callable[P, R]) -> Callable[P, R | None]:
    """Call a command for each partition, under a heading; its exit code is the highest."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R | None:
        numbers = _numbers(kwargs)
        if not numbers:
            return command(*args, **kwargs)
        worst = 0
        for number, name in numbers:
            with _at(number):
                _heading(name, kwargs)
                worst = max(worst, _exit_code(command, *args, **kwargs))
        if worst:
            raise typer.Exit(worst)
        return None

    return run


def any_partition(command: Callable[P, R]) -> Callable[P, R | None]:
    """Call a command for one partition after the other until it succeeds.

    For commands that look for an id and fail with `Exit.FAILURE` when they do not know it. Only
    the last failure is shown.
    """

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R | None:
        numbers = _numbers(kwargs)
        if not numbers:
            return command(*args, **kwargs)
        from fanmill.cli.console import held_remarks

        for number, _ in numbers[:-1]:
            with _at(number), held_remarks() as held:
                code = _exit_code(command, *args, **kwargs)
                if code != Exit.FAILURE:
                    held.show()
                    raise typer.Exit(code)
        with _at(numbers[-1][0]):
            return command(*args, **kwargs)

    return run


def partition_settings() -> list[Settings]:
    """Return the settings of each partition that a command covers: all, or the chosen one."""
    from fanmill.cli.console import load_settings

    if _current.get() is not None:
        return [load_settings()]
    numbers = _numbers({})
    found = []
    for number, _ in numbers:
        with _at(number):
            found.append(load_settings())
    return found or [load_settings()]


def _numbers(arguments: dict[str, Any]) -> list[tuple[int, str]]:
    """Return number and name of the partitions to visit; none if one is addressed already."""
    text = os.environ.get(VARIABLE, "").strip()
    if not text or _current.get() is not None or arguments.get("redis_url"):
        return []
    if os.environ.get("FANMILL_PARTITION", "").strip():
        return []
    from fanmill.cli.console import fail
    from fanmill_contracts import InvalidArgument, parse_partitions

    try:
        found = parse_partitions(text, os.environ.get("FANMILL_NAMESPACE") or "fanmill")
    except InvalidArgument as error:
        fail(Exit.USAGE, f"{VARIABLE}: {error}")
    return [(each.number, str(each)) for each in found]


@contextmanager
def _at(number: int) -> Iterator[None]:
    before, several = _current.set(number), _several.set(True)
    try:
        yield
    finally:
        _current.reset(before)
        _several.reset(several)


def _heading(name: str, arguments: dict[str, Any]) -> None:
    if not arguments.get("as_json"):
        from fanmill.cli.console import line

        line(f"partition {name}")


def _exit_code(command: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> int:
    try:
        command(*args, **kwargs)
    except typer.Exit as ended:
        if ended.exit_code == Exit.INTERRUPTED:
            raise
        return int(ended.exit_code)
    return 0
