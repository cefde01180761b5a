"""A shard of a back-fill: its parts, done by one or more processes that share nothing.

Each process reads the inputs itself and does every n-th part, so that nothing is sent between
processes. A part that is done is passed over, so a shard that was killed goes on where it was.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from time import sleep
from typing import Any, Final

from fanmill.backfill.inputs import InputFile
from fanmill.backfill.parts import Folders, PartDone, PartWriter, write_whole
from fanmill.backfill.rows import Part, parts_of
from fanmill.backfill.work import Reading
from fanmill.batch.line_files import READ_ERRORS
from fanmill.batch.mill import Mill

_POLL_SECONDS: Final = 0.2
_MAX_DEATHS: Final = 3
"""Number of deaths of one process after which the shard gives up."""

_ORPHANED: Final = 3


@dataclass(frozen=True, slots=True)
class Shard:
    """Shard `number` of `count`, from 0."""

    number: int = 0
    count: int = 1

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Return the shard that a text such as `0/8` names.

        Raises:
            ValueError: It names none.
        """
        number, _, count = text.partition("/")
        if number.isdecimal() and count.isdecimal() and int(number) < int(count):
            return cls(int(number), int(count))
        raise ValueError(f"shard is {text!r}; expected 0/N to N-1/N, such as 0/8 to 7/8")

    def worker(self, number: int, workers: int) -> Shard:
        """Return the share of a process among the `workers` of this shard."""
        return Shard(self.number * workers + number, self.count * workers)


@dataclass(slots=True)
class ShardDone:
    """Counts of a shard."""

    parts: int = 0
    parts_done_before: int = 0
    documents: int = 0
    rejected: int = 0
    unreadable: int = 0
    """Number of files that could not be read to their end."""

    def add(self, done: PartDone) -> None:
        """Add the counts of a part."""
        self.parts += 1
        self.documents += done.documents
        self.rejected += done.rejected
        self.unreadable += bool(done.unreadable)


class WorkerDied(Exception):
    """A process of the shard died again and again; the text says what to do."""


def parts_for(
    files: Sequence[InputFile], share: Shard, folders: Folders, part_bytes: int
) -> Iterator[tuple[InputFile, Part | PartDone | str]]:
    """Yield the parts of a share with their files; of those that are done only the counts.

    A packed file is read whole by one process if there are enough of them, since a process must
    unpack all parts before its own. A text says why a file cannot be opened.
    """
    whole = sum(each.kind == "packed" for each in files) >= share.count
    for file in files:
        by_file = file.kind == "packed" and whole
        if by_file and file.number % share.count != share.number:
            continue
        wanted = _Wanted(file, None if by_file else share, folders)
        known = [wanted(number) for number in range(folders.parts_in(file))]
        if known and not any(known):
            yield from ((file, done) for done in wanted.done)
            continue
        wanted = _Wanted(file, None if by_file else share, folders)
        try:
            for part in parts_of(file, wanted, part_bytes):
                yield file, part
        except READ_ERRORS as error:
            yield file, f"cannot be read: {getattr(error, 'strerror', None) or error}"
        else:
            write_whole(folders.end_of(file), str(wanted.asked))
        yield from ((file, done) for done in wanted.done)


class _Wanted:
    """Tells which parts of a file are to be done, and collects the counts of those that are.

    Args:
        file: The file.
        share: The share; None for all parts.
        folders: Folders of the results.
    """

    def __init__(self, file: InputFile, share: Shard | None, folders: Folders) -> None:
        self._file = file
        self._share = share
        self._folders = folders
        self.asked = 0
        self.done: list[PartDone] = []

    def __call__(self, number: int) -> bool:
        self.asked = max(self.asked, number + 1)
        share = self._share
        if share is not None and (self._file.number + number) % share.count != share.number:
            return False
        done = self._folders.done(self._file, number)
        if done is None or done.unreadable:
            return True
        self.done.append(done)
        return False


def do_share(
    files: Sequence[InputFile],
    share: Shard,
    writer: PartWriter,
    folders: Folders,
    part_bytes: int,
) -> ShardDone:
    """Do the parts of a share; pass over those that are done."""
    total = ShardDone()
    for file, part in parts_for(files, share, folders, part_bytes):
        if isinstance(part, str):
            total.unreadable += 1
            total.rejected += 1
            writer.write_unreadable(file, part)
        elif isinstance(part, PartDone):
            total.add(part)
            total.parts_done_before += 1
        else:
            total.add(writer.write(file, part))
    return total


class ShardWorkers:
    """The processes of a shard.

    Args:
        files: All inputs.
        shard: The shard.
        workers: Number of processes; one is this process itself.
        mill: The stages; loaded before processes are forked.
        reading: How rows become events.
        folders: Folders of the results.
    """

    def __init__(
        self,
        files: Sequence[InputFile],
        shard: Shard,
        workers: int,
        *,
        mill: Mill,
        reading: Reading,
        folders: Folders,
    ) -> None:
        self._files = files
        self._shard = shard
        self._workers = workers
        self._mill = mill
        self._reading = reading
        self._folders = folders

    def run(self, on_documents: Callable[[int], object]) -> ShardDone:
        """Do the shard; `on_documents` is told of the number of documents done so far.

        Raises:
            WorkerDied: A process died three times.
        """
        self._mill.load()
        if self._workers == 1:
            count = 0

            def one(number: int) -> None:
                nonlocal count
                count += number
                on_documents(count)

            writer = PartWriter(self._mill, self._reading, self._folders, one)
            return do_share(
                self._files, self._shard, writer, self._folders, self._reading.part_bytes
            )
        return self._run_processes(on_documents)

    def _run_processes(self, on_documents: Callable[[int], object]) -> ShardDone:
        # A fork shares the loaded functions; elsewhere each process loads them anew.
        context: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        report = _Report(context.Array("q", self._workers, lock=False), context.SimpleQueue())
        running = {
            number: self._started(context, number, report) for number in range(self._workers)
        }
        deaths = [0] * self._workers
        total = ShardDone()
        try:
            while running:
                sleep(_POLL_SECONDS)
                report.drain(total)
                for number in [each for each in running if not running[each].is_alive()]:
                    ended = running.pop(number)
                    ended.join()
                    if ended.exitcode:
                        deaths[number] += 1
                        _check(ended.exitcode, deaths[number])
                        running[number] = self._started(context, number, report)
                on_documents(sum(report.counts))
        finally:
            for process in running.values():
                process.terminate()
            for process in running.values():
                process.join()
        report.drain(total)
        return total

    def _started(self, context: Any, number: int, report: _Report) -> Any:
        share = self._shard.worker(number, self._workers)
        process = context.Process(
            target=_worker, args=(self, share, number, report), kwargs={"parent": os.getpid()}
        )
        process.daemon = True
        process.start()
        return process

    def work(self, share: Shard, count: Callable[[int], object]) -> ShardDone:
        """Do a share in this process."""
        writer = PartWriter(self._mill, self._reading, self._folders, count)
        return do_share(self._files, share, writer, self._folders, self._reading.part_bytes)


@dataclass(frozen=True, slots=True)
class _Report:
    """Reports of processes to their parent."""

    counts: Any
    """Number of documents of each process so far."""
    totals: Any
    """Queue of `ShardDone`, or of texts of errors."""

    def drain(self, total: ShardDone) -> None:
        """Add what has come to a total.

        Raises:
            WorkerDied: A process has failed.
        """
        while not self.totals.empty():
            found = self.totals.get()
            if isinstance(found, str):
                raise WorkerDied(f"a process failed: {found}")
            for each in fields(ShardDone):
                setattr(total, each.name, getattr(total, each.name) + getattr(found, each.name))


def _worker(
    shard: ShardWorkers, share: Shard, number: int, report: _Report, *, parent: int
) -> None:
    report.counts[number] = 0

    def count(documents: int) -> None:
        report.counts[number] += documents
        if os.getppid() != parent:
            # The shard was killed; whoever started it may do so again.
            os._exit(_ORPHANED)

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it reaches the parent, which ends this one
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        report.totals.put(shard.work(share, count))
    except Exception as error:  # noqa: BLE001  the parent says it
        report.totals.put(f"{type(error).__name__}: {error}")


def _check(code: int, deaths: int) -> None:
    if code > 0 or deaths >= _MAX_DEATHS:
        cause = f"signal {-code}" if code < 0 else f"exit code {code}"
        raise WorkerDied(
            f"a process ended with {cause}, {deaths} times; parts that are done are kept, and "
            "the same command goes on. If memory ran out, give fewer --workers"
        )
