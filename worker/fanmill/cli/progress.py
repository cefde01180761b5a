"""Progress on a terminal: documents, rate and time left; bytes of a file; rows of a store."""

from __future__ import annotations

from types import TracebackType
from typing import Final, Self

from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

from fanmill.cli.console import stderr

_SHOWN_BYTES: Final = 1_000_000


class _Shown:
    """A bar on stderr while a block lasts; nothing if stderr is no terminal."""

    def __init__(self, *columns: ProgressColumn) -> None:
        console = stderr()
        self._bar = Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal
        )

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()


class RunProgress(_Shown):
    """Shows the progress of a run; nothing if stderr is no terminal.

    The number of documents is estimated from the share of bytes read until all are read.

    Args:
        total_bytes: Size of the input; None if unknown.
    """

    def __init__(self, total_bytes: int | None) -> None:
        self._total_bytes = total_bytes
        super().__init__(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            _Count(),
            _Rate(),
            TimeElapsedColumn(),
            _Left(compact=True),
        )
        self._task = self._bar.add_task("starting", total=None)

    def update(self, finished: int, published: int, bytes_read: int, *, all_read: bool) -> None:
        """Show the number of finished documents, and of how many they are."""
        self._bar.update(
            self._task,
            description="processing" if finished else "starting",
            completed=finished,
            total=estimated_total(published, bytes_read, self._total_bytes, all_read=all_read),
            estimated=not all_read,
        )


def estimated_total(
    published: int, bytes_read: int, total_bytes: int | None, *, all_read: bool
) -> int | None:
    """Return the number of all documents, judged by the bytes read; None if nothing is known.

    Never below the number of documents published so far.
    """
    if all_read:
        return published
    if not total_bytes or not bytes_read or not published:
        return None
    return max(published, round(published * total_bytes / bytes_read))


class _Count(ProgressColumn):
    def render(self, task: Task) -> Text:
        if task.total is None:
            return Text(f"{task.completed:,.0f}")
        about = "about " if task.fields.get("estimated") else ""
        return Text(f"{task.completed:,.0f} of {about}{task.total:,.0f}")


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f} documents/s")


class _Left(TimeRemainingColumn):
    def render(self, task: Task) -> Text:
        if task.total is None or not task.completed:
            return Text()
        return Text.assemble(super().render(task), " left")


class ReadingProgress(_Shown):
    """Shows how much of a file was read; nothing if stderr is no terminal."""

    def __init__(self) -> None:
        super().__init__(
            SpinnerColumn(),
            TextColumn("reading"),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeElapsedColumn(),
        )
        self._task = self._bar.add_task("reading", total=None)
        self._pending = 0

    def add(self, read_bytes: int) -> None:
        """Count bytes; they appear a megabyte at a time."""
        self._pending += read_bytes
        if self._pending >= _SHOWN_BYTES:
            self._bar.advance(self._task, self._pending)
            self._pending = 0


class ShareProgress(_Shown):
    """Shows how many of how many rows are done; nothing if stderr is no terminal."""

    def __init__(self, work: str) -> None:
        super().__init__(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            _Count(),
            TimeElapsedColumn(),
            _Left(compact=True),
        )
        self._task = self._bar.add_task(work, total=None)

    def update(self, done: int, total: int) -> None:
        """Show the number of rows that are done."""
        self._bar.update(self._task, completed=done, total=total)
