"""The result of one check."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "error"]

SERVER = "server"
"""Name of the check whether the server can be reached and answers."""

Outcome = Literal["fine", "failed", "no-server"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check: its level, an observation and, where needed, advice.

    `advice` is empty for the level "ok". It names a command to paste wherever one exists.
    """

    check: str
    level: Level
    seen: str
    advice: str = ""


def outcome(results: Iterable[CheckResult]) -> Outcome:
    """Return "no-server" if the server was not reached, "failed" if any check failed, else "fine".

    Warnings do not count. No results at all are "fine".
    """
    failed = {result.check for result in results if result.level == "error"}
    if SERVER in failed:
        return "no-server"
    return "failed" if failed else "fine"
