"""Declarations, time limits and problems: the frame that taggers and statistics share.

A plugin that fails costs only its own results: the record lists a problem, everything else
remains. The limits come from outside (`fanmill.plugins.time_limit`), because core knows no clock.
"""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, Protocol, TypeVar

from fanmill_contracts.results import Problem
from fanmill_contracts.terms import Stage

NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")
"""Names of plugins and namespaces of tags."""

_VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,31}")

MAX_ERROR_LENGTH: Final = 500
"""Maximum number of code points in a problem's text."""

Answer = TypeVar("Answer")


class PluginError(Exception):
    """A plugin or its configuration is invalid; the message names the plugin and the fault."""


class Overrun(BaseException):
    """A plugin exceeded its time limit.

    It is no `Exception`, so a plugin that catches all exceptions does not catch it.
    """


class Limit(Protocol):
    """Makes the contexts in which plugins run; each raises `Overrun` after its time."""

    def __call__(self, seconds: float | None = None, /) -> AbstractContextManager[Any]:
        """Return a context with a plugin's own limit; None for the general limit."""


def no_limit(seconds: float | None = None, /) -> AbstractContextManager[Any]:
    """Return a context without a time limit."""
    del seconds
    return nullcontext()


def check_declaration(kind: str, name: str, version: str) -> None:
    """Check the name and version of a plugin.

    Args:
        kind: Kind of plugin, for the message: `tagger` or `statistics`.
        name: Name: lower case, up to 64 letters, digits, `_` or `-`.
        version: Version: up to 32 letters, digits, `.`, `_`, `+` or `-`.

    Raises:
        PluginError: Name or version is invalid.
    """
    if not NAME.fullmatch(name):
        raise PluginError(f"{kind} name is {name!r}; expected lower case, such as 'invoice'")
    if not _VERSION.fullmatch(version):
        raise PluginError(f"{kind} {name!r} has version {version!r}; expected such as '1'")


def run_plugin(
    stage: Stage,
    producer: str,
    function: Callable[[], Answer],
    limit: Limit,
    seconds: float | None = None,
) -> Answer | Problem:
    """Return the result of a plugin, or the problem if it fails or exceeds its time limit.

    Args:
        stage: Stage in which it runs.
        producer: Name of the plugin in the record.
        function: Call of the plugin.
        limit: Time limits of this process.
        seconds: The plugin's own limit; None for the general limit.
    """
    try:
        with limit(seconds):
            return function()
    except Overrun as overrun:
        return problem_of(stage, producer, overrun)
    except (Exception, SystemExit) as error:  # noqa: BLE001  any error costs only this plugin
        return problem_of(stage, producer, error)


def problem_of(stage: Stage, producer: str, error: BaseException | str) -> Problem:
    """Return a problem of a plugin for the record, with up to `MAX_ERROR_LENGTH` code points."""
    is_plain = isinstance(error, str | PluginError | Overrun)
    text = str(error) if is_plain else f"{type(error).__name__}: {error}"
    return Problem(stage=stage, producer=producer, error=text[:MAX_ERROR_LENGTH])
