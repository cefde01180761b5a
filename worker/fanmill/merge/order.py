"""The order of judgement: a k-way merge of run files, with a bounded number of them open.

A file is opened when its first key is due, so files of disjoint ranges are read one after the
other. If too many overlap, groups of them are merged to larger files first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush, heapreplace
from pathlib import Path
from typing import Final

from fanmill.batch.run_file import SUFFIX, RunEntry, RunFile, RunKey, RunWriter

MAX_OPEN: Final = 200
"""Maximum number of files that are open at once: below the usual limit of 256 or more."""


def merged(runs: Sequence[RunFile], after: RunKey | None = None) -> Iterator[RunEntry]:
    """Yield the documents of all files in order; only those behind a key if it is given."""
    waiting = sorted(
        (run for run in runs if run.last is not None and (after is None or run.last > after)),
        key=_first,
        reverse=True,
    )
    opened: list[tuple[RunKey, int, RunEntry, Iterator[RunEntry]]] = []
    number = 0
    while waiting or opened:
        while waiting and (not opened or _first(waiting[-1]) <= opened[0][0]):
            entries = waiting.pop().entries(after)
            entry = next(entries, None)
            if entry is not None:
                number += 1
                heappush(opened, (entry.key, number, entry, entries))
        if not opened:
            return
        _, place, entry, entries = opened[0]
        yield entry
        following = next(entries, None)
        if following is None:
            heappop(opened)
        else:
            heapreplace(opened, (following.key, place, following, entries))


def overlap(runs: Sequence[RunFile]) -> int:
    """Return the maximum number of files that are open at once in `merged`."""
    edges = [(run.first, 0) for run in runs if run.first is not None]
    edges += [(run.last, 1) for run in runs if run.last is not None]
    most = now = 0
    for _, ends in sorted(edges):
        now += -1 if ends else 1
        most = max(most, now)
    return most


def reduced(
    runs: Sequence[RunFile],
    folder: Path,
    *,
    max_open: int = MAX_OPEN,
    on_file: Callable[[int], object] = lambda _: None,
) -> list[RunFile]:
    """Return files of the same documents of which at most `max_open` overlap.

    Args:
        runs: Files, with their sources.
        folder: Folder for larger files; those of an interrupted merge are used again.
        max_open: Maximum number of open files, at least 2.
        on_file: Told of the number of documents of each file that was written.
    """
    current = sorted((run for run in runs if run.first is not None), key=_first)
    level = 0
    while overlap(current) > max_open:
        level += 1
        folder.mkdir(parents=True, exist_ok=True)
        larger = []
        for number, at in enumerate(range(0, len(current), max_open)):
            path = folder / f"{level}-{number:06d}{SUFFIX}"
            if not path.exists():
                with RunWriter(path, current[0].signing) as writer:
                    for entry in merged(current[at : at + max_open]):
                        writer.add(entry)
                on_file(writer.documents)
            larger.append(RunFile(path))
        current = larger
    return current


def _first(run: RunFile) -> RunKey:
    assert run.first is not None  # noqa: S101  empty files are left out before
    return run.first
