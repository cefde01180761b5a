"""The two channels of a command: results on stdout, remarks on stderr; how errors end it.

Every text that a producer may have written passes through `core.text.escapes` here or in
`tables`, and rich gets no markup at all: no title, id or error can draw on the terminal.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, NoReturn, ParamSpec, TypeVar

import typer

from fanmill.cli.exits import Exit, exit_of
from fanmill.cli.partitions import current, one_of_several
from fanmill.core.text.escapes import escape_controls, escape_json

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from fanmill.settings import Settings
    from fanmill.wiring import Wiring

_PIPE_WIDTH: Final = 100
"""Columns of a table in a pipe or a file, which have no width of their own."""

P = ParamSpec("P")
R = TypeVar("R")


def stdout() -> Console:
    """Return the console for results, as wide as the terminal or COLUMNS says."""
    from rich.console import Console

    wide = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(highlight=False, markup=False, emoji=False, width=None if wide else _PIPE_WIDTH)


def stderr() -> Console:
    """Return the console for progress and remarks."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def display(result: RenderableType) -> None:
    """Write a table or another result for people to stdout."""
    stdout().print(result)


def line(text: str) -> None:
    """Write one line to stdout, control characters as escapes."""
    sys.stdout.write(escape_controls(text) + "\n")


def json_text(value: Any) -> str:
    """Return a value, model, dataclass, or list or dict of them as JSON on one line.

    Control characters that JSON leaves as they are appear as JSON's own escapes: the line can be
    shown on a terminal, and reading it gives the exact values.
    """
    import json

    from pydantic_core import to_jsonable_python

    plain = to_jsonable_python(value, inf_nan_mode="null")
    return escape_json(json.dumps(plain, ensure_ascii=False, separators=(",", ":")))


def json_line(value: Any) -> None:
    """Write a value as one line of JSON to stdout.

    Objects of one partition among several say which in `ledger_partition`.
    """
    text = json_text(value)
    number = one_of_several()
    if number is not None and text.startswith("{") and text != "{}":
        text = f'{{"ledger_partition":{number},{text[1:]}'
    sys.stdout.write(text + "\n")


def remark(
    text: str, label: str = "", style: str = "yellow", *, keep_line_breaks: bool = False
) -> None:
    """Write a remark to stderr, the label before it in color on a terminal.

    Control characters are shown as escapes. Line breaks stay on request: text of a producer
    must not forge a line.
    """
    held = _held.get()
    if held is not None:
        held.add(text, label, style, keep_line_breaks=keep_line_breaks)
        return
    shown = escape_controls(text, keep_line_breaks=keep_line_breaks)
    if not sys.stderr.isatty():
        sys.stderr.write(f"{label} {shown}\n" if label else f"{shown}\n")
        return
    from rich.text import Text

    message = Text(label, style=style)
    message.append(f" {shown}" if label else shown, style="default")
    stderr().print(message, soft_wrap=True)


class HeldRemarks:
    """Remarks that are kept until it is known whether they matter."""

    def __init__(self) -> None:
        self._remarks: list[Callable[[], None]] = []

    def add(self, text: str, label: str, style: str, *, keep_line_breaks: bool) -> None:
        """Keep a remark."""
        self._remarks.append(
            functools.partial(remark, text, label, style, keep_line_breaks=keep_line_breaks)
        )

    def show(self) -> None:
        """Write the remarks to stderr after all."""
        before = _held.set(None)
        try:
            for each in self._remarks:
                each()
        finally:
            _held.reset(before)


_held: ContextVar[HeldRemarks | None] = ContextVar("held", default=None)


@contextmanager
def held_remarks() -> Iterator[HeldRemarks]:
    """Keep remarks instead of writing them."""
    held = HeldRemarks()
    before = _held.set(held)
    try:
        yield held
    finally:
        _held.reset(before)


def fail(code: Exit, message: str, *, keep_line_breaks: bool = False) -> NoReturn:
    """Write the reason to stderr and end the command with an exit code."""
    remark(message, "fanmill:", "bold red", keep_line_breaks=keep_line_breaks)
    raise typer.Exit(code)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 document`, `2 documents`, `1,200 documents`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the errors that a user can act on into a message and an exit code."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except KeyboardInterrupt:
            remark("interrupted")
            raise typer.Exit(Exit.INTERRUPTED) from None
        except BrokenPipeError:
            # `fanmill results | head`: the reader has had enough. The rest of the buffer must not
            # fail again when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(Exit.DONE) from None
        except OSError as error:
            _fail_by(error, _os_message(error))
        except Exception as error:
            if exit_of(error) is None:
                raise
            _fail_by(error, str(error))

    return run


def _fail_by(error: Exception, message: str) -> NoReturn:
    code = exit_of(error)
    if code is None:
        # The file of an argument cannot be opened; or a disk is full, a pipe is broken.
        code = Exit.USAGE if getattr(error, "filename", None) else Exit.FAILURE
    modules = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
    if "redis" in modules:
        from fanmill.stores.redis.connection import is_refusal, refused

        if is_refusal(error):
            fail(code, str(refused(error)))
    if modules & {"redis", "kombu"}:
        fail(code, f"server: {message}; {_server_advice(error)}")
    # The messages of a local server quote several lines of its log.
    fail(code, message, keep_line_breaks=code is Exit.SERVER)


def _server_advice(error: Exception) -> str:
    from redis.exceptions import BusyLoadingError, ResponseError

    from fanmill_contracts.connections import chain

    causes = chain(error)
    if not any(isinstance(cause, ResponseError | BusyLoadingError) for cause in causes):
        return "is it running? (--redis-url or FANMILL_REDIS_URL; fanmill doctor tells more)"

    from fanmill.ops.doctor.server_state import judge_state

    states = [state for cause in causes if (state := judge_state(cause))]
    if states:
        return f"{states[0].seen}: {states[0].advice}"
    return "the cause and the remedy: fanmill doctor"


def _os_message(error: OSError) -> str:
    place = error.filename
    if isinstance(place, bytes):
        place = os.fsdecode(place)
    return f"{place!r}: {error.strerror}" if place else (error.strerror or str(error))


def load_settings(redis_url: str | None = None, **overrides: object) -> Settings:
    """Return the settings of the environment, overridden by those of the command line.

    Wrong settings end the command with `Exit.USAGE` and a message that names each of them.
    """
    from pydantic import ValidationError

    from fanmill.settings import Settings

    given = {name: value for name, value in overrides.items() if value is not None}
    if redis_url is not None:
        given["redis_url"] = redis_url
    try:
        settings = Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in detail['loc']) or 'settings'}: {detail['msg']}"
            for detail in error.errors(include_url=False)
        )
        fail(Exit.USAGE, f"settings: {problems} (variables FANMILL_..., see fanmill config)")
    if redis_url is not None:
        return settings
    return _at_partition(settings)


def _at_partition(settings: Settings) -> Settings:
    """Return the settings of the partition that the command addresses."""
    number = settings.partition if current() is None else current()
    count = len(settings.ledger_partitions)
    if number is None:
        return settings.with_shared_index()
    if number >= count:
        known = f"0 to {count - 1}" if count else "none; FANMILL_PARTITIONS is empty"
        fail(Exit.USAGE, f"there is no partition {number}; known: {known} (--partition)")
    return settings.at_partition(number)


def load_wiring(redis_url: str | None, **overrides: object) -> Wiring:
    """Return the wiring of a command that asks the server: few retries, a person waits."""
    settings = load_settings(redis_url, **overrides)

    from fanmill.wiring import CLI_RETRY_SECONDS, Wiring

    return Wiring(settings, retry_seconds=CLI_RETRY_SECONDS)
