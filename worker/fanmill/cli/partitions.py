"""Commands over several partitions: each in turn, or the one that knows an id.

A command addresses one partition: `load_wiring` gives it the one of `current`. The decorators here
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
    from fanmill.wiring import Wiring

VARIABLE: Final = "FANMILL_PARTITIONS"

P = ParamSpec("P")
R = TypeVar("R")

_current: ContextVar[int | None] = ContextVar("partition", default=None)
_several: ContextVar[bool] = ContextVar("several", default=False)


def current() -> int | None:
    """Return the number of the partition that the command addresses; None without partitions."""
    return _current.get()


def one_of_several() -> int | None:
    """Return the number of the partition whose output is written beside the output of others."""
    return _current.get() if _several.get() else None


def choose(number: int | None) -> None:
    """Address this partition in all that follows; None for all of them."""
    _current.set(number)


def each_partition(command: Callable[P, R]) -> Callable[P, R | None]:
    """Call a command for each partition, under a heading; its exit code is the highest."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R | None:
        numbers = [] if _is_of_subcommand(kwargs) else _numbers(kwargs)
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


def any_partition(
    command: Callable[P, R] | None = None, *, document: str = ""
) -> Callable[..., Any]:
    """Call a command for one partition after the other until it succeeds.

    For commands that look for an id and fail with `Exit.FAILURE` when they do not know it. Only
    the last failure is shown.

    Args:
        command: The command.
        document: Parameter that has a document id: its partition comes first. It holds the
            document unless partitions were added since.
    """
    if command is None:
        return functools.partial(any_partition, document=document)
    decorated = command

    @functools.wraps(decorated)
    def run(*args: P.args, **kwargs: P.kwargs) -> R | None:
        numbers = [number for number, _ in _numbers(kwargs)]
        if not numbers:
            return decorated(*args, **kwargs)
        from fanmill.cli.console import held_remarks

        if document:
            from fanmill_contracts import partition_of

            own = partition_of(str(kwargs[document]), len(numbers))
            numbers.sort(key=lambda number: number != own)
        for number in numbers[:-1]:
            with _at(number), held_remarks() as held:
                code = _exit_code(decorated, *args, **kwargs)
                if code != Exit.FAILURE:
                    held.show()
                    raise typer.Exit(code)
        with _at(numbers[-1]):
            return decorated(*args, **kwargs)

    return run


def _is_of_subcommand(arguments: dict[str, Any]) -> bool:
    """Tell whether the callback of a group was called only on the way to a command of it."""
    return getattr(arguments.get("context"), "invoked_subcommand", None) is not None


def spread_ids(
    parameter: str, known: Callable[[Wiring, str], bool]
) -> Callable[[Callable[P, R]], Callable[P, R | None]]:
    """Call a command for each partition with those of its ids that the partition knows.

    Without ids it is called for each partition. Ids that none knows go to the last call.

    Args:
        parameter: Parameter of the command that has a list of ids.
        known: Tells whether a partition knows an id.
    """

    def decorate(command: Callable[P, R]) -> Callable[P, R | None]:
        everywhere = each_partition(command)

        @functools.wraps(command)
        def run(*args: P.args, **kwargs: P.kwargs) -> R | None:
            ids: list[str] = list(kwargs.get(parameter) or ())  # type: ignore[call-overload]
            numbers = _numbers(kwargs) if ids else []
            if not numbers:
                return everywhere(*args, **kwargs)
            shares = _shares(ids, numbers, known)
            worst = 0
            for number, share in shares.items():
                with _at(number):
                    chosen: Any = {**kwargs, parameter: share}
                    worst = max(worst, _exit_code(command, *args, **chosen))
            if worst:
                raise typer.Exit(worst)
            return None

        return run

    return decorate


def _shares(
    ids: list[str], numbers: list[tuple[int, str]], known: Callable[[Wiring, str], bool]
) -> dict[int, list[str]]:
    """Return the ids that each partition knows; ids without one belong to the last."""
    from fanmill.cli.console import fail, guarded, load_wiring

    shares: dict[int, list[str]] = {}
    found: dict[str, int] = {}
    for number, _ in numbers:
        with _at(number):
            wiring = load_wiring(None)
            mine = guarded(lambda wiring=wiring: [each for each in ids if known(wiring, each)])()
        for each in mine:
            if each in found:
                fail(
                    Exit.USAGE,
                    f"{each!r} is in the partitions {found[each]} and {number}; "
                    "choose one: fanmill --partition N ...",
                )
            found[each] = number
            shares.setdefault(number, []).append(each)
    if unknown := [each for each in ids if each not in found]:
        shares.setdefault(numbers[-1][0], []).extend(unknown)
    return shares


def partition_settings(redis_url: str | None = None) -> list[Settings]:
    """Return the settings of each partition that a command covers: all, or the chosen one."""
    from fanmill.cli.console import load_settings

    found = []
    for number, _ in _numbers({"redis_url": redis_url}):
        with _at(number):
            found.append(load_settings())
    return found or [load_settings(redis_url)]


def of_one_partition(settings: Settings) -> Settings:
    """Return the settings of a process that serves one partition; end the command without one."""
    from fanmill.cli.console import fail

    if settings.ledger_partitions and settings.partition is None:
        last = len(settings.ledger_partitions) - 1
        fail(
            Exit.USAGE,
            f"{VARIABLE} names {last + 1} partitions, and this process serves one: "
            f"set FANMILL_PARTITION, or call fanmill --partition N with 0 to {last}",
        )
    return settings


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
