"""The output file of a run: results, and one object for each input without a result.

A line is a result, `{"not_read": {"place", "error"}}` or `{"rejected": {...}}`. The objects of the
second and third kind have one member, so that readers of results can leave them out.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from fanmill.cli.sources import UnreadablePath

NOT_READ: Final = "not_read"
REJECTED: Final = "rejected"


@dataclass(slots=True)
class Finished:
    """The inputs that an interrupted run has finished."""

    events: set[str] = field(default_factory=set)
    """Ids of the events that have a result or a rejection."""
    places: set[str] = field(default_factory=set)
    """Places that could not be read."""
    verdicts: dict[str, int] = field(default_factory=dict)
    """Number of results by verdict."""
    rejected: int = 0

    @property
    def results(self) -> int:
        """Number of results in the file."""
        return sum(self.verdicts.values())


def read_finished(path: Path) -> Finished:
    """Return what an output file holds, and cut off a last line that is not whole.

    A file that does not exist holds nothing.

    Raises:
        UnreadablePath: A line is not from a run, so that the file is not an output to go on with.
    """
    finished = Finished()
    if not path.exists():
        return finished
    with path.open("r+b") as stream:
        whole = 0
        for number, line in enumerate(iter(stream.readline, b""), 1):
            if not line.endswith(b"\n"):
                break
            try:
                _note(json.loads(line), finished)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                raise UnreadablePath(
                    f"{path}:{number} is no result of fanmill run; "
                    "give the --output of the interrupted run, or leave out --resume"
                ) from None
            whole += len(line)
        stream.truncate(whole)
    return finished


def _note(entry: dict[str, Any], finished: Finished) -> None:
    if NOT_READ in entry:
        finished.places.add(entry[NOT_READ]["place"])
    elif REJECTED in entry:
        finished.events.add(entry[REJECTED]["event_id"])
        finished.rejected += 1
    else:
        finished.events.add(entry["event"]["id"])
        verdict = entry["deduplication"]["verdict"]
        finished.verdicts[verdict] = finished.verdicts.get(verdict, 0) + 1


class ResultsFile:
    """Writes the lines of a run to a file, to stdout, or to both."""

    def __init__(self, file: IO[str] | None, to_stdout: Callable[[str], object] | None) -> None:
        self._file = file
        self._to_stdout = to_stdout

    def write(self, value: Any) -> None:
        """Write one line."""
        if self._file is None and self._to_stdout is None:
            return
        from fanmill.cli.console import json_text

        written = json_text(value) + "\n"
        if self._file is not None:
            self._file.write(written)
        if self._to_stdout is not None:
            self._to_stdout(written)

    def flush(self) -> None:
        """Hand all lines to the operating system: a killed run keeps them."""
        if self._file is not None:
            self._file.flush()
