"""Sources of a report page: the results file of `fanmill run`, and the store of record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from fanmill.cli.console import remark
from fanmill.cli.reading import lines_of
from fanmill.cli.results_file import NOT_READ, REJECTED
from fanmill.cli.sources import UnreadablePath
from fanmill.report.tally import UnreadableRecord

if TYPE_CHECKING:
    from fanmill.core.filters import Filter
    from fanmill.ports import Store
    from fanmill.report.tally import Tally

OnRead = Callable[[int], None]
"""Told of the number of bytes that were read, unpacked."""


class ResultsFileSource:
    """The lines that `fanmill run --output` wrote, plain or packed.

    Args:
        path: The file.
        subject: Name of the corpus for people; the default is the name of the file.
        on_read: Told of progress.
    """

    def __init__(
        self, path: Path, *, subject: str | None = None, on_read: OnRead = lambda _: None
    ) -> None:
        self._path = path
        self._on_read = on_read
        self.subject = subject or path.name

    def fill(self, tally: Tally) -> None:
        """Count all lines.

        Raises:
            UnreadablePath: The file cannot be read, or a line is not from a run.
        """
        for number, line in enumerate(self._lines(), 1):
            try:
                self._add(tally, from_json(line))
            except (ValueError, AttributeError, UnreadableRecord):
                if not line.endswith(b"\n"):
                    # The run was interrupted while it wrote this line.
                    remark(f"{self._path}: the last line is not whole and was left out")
                    return
                raise UnreadablePath(
                    f"{self._path}:{number} is no result of fanmill run; give the --output of a run"
                ) from None

    def duplicates(self, originals: set[str]) -> Iterator[dict[str, Any]]:
        """Yield all duplicates, and records that name one of the originals."""
        names = [json.dumps(each, ensure_ascii=False).encode() for each in originals]
        for line in self._lines():
            if b'"duplicate_of"' in line or any(name in line for name in names):
                record = from_json(line) if line.endswith(b"\n") else {}
                if "deduplication" in record:
                    yield record

    def _add(self, tally: Tally, value: Any) -> None:
        if REJECTED in value:
            tally.add_rejection(value[REJECTED])
        elif NOT_READ in value:
            tally.add_not_read(str(value[NOT_READ]["place"]), str(value[NOT_READ]["error"]))
        else:
            tally.add_record(value)

    def _lines(self) -> Iterator[bytes]:
        for line in lines_of(self._path):
            self._on_read(len(line))
            if line.strip():
                yield line


class StoreSource:
    """The records of a store that match a filter; rejections too, if the filter has no term.

    Args:
        store: The store.
        wanted: Filter over records.
        subject: Name of the corpus for people.
        on_read: Told of progress.
    """

    def __init__(
        self, store: Store, wanted: Filter, subject: str, on_read: OnRead = lambda _: None
    ) -> None:
        self._store = store
        self._wanted = wanted
        self._on_read = on_read
        self.subject = f"{subject}: {wanted} (without rejections)" if wanted.terms else subject

    def fill(self, tally: Tally) -> None:
        """Count all records, and all rejections unless records are filtered.

        Raises:
            StoreError: The store cannot be read.
        """
        for saved in self._store.scan(self._wanted):
            self._on_read(len(saved.result_json))
            tally.add_record(from_json(saved.result_json))
        if not self._wanted.terms:
            for rejected in self._store.scan_rejections(self._wanted):
                self._on_read(len(rejected.event_json))
                tally.add_rejection(from_json(rejected.event_json)["data"])

    def duplicates(self, originals: set[str]) -> Iterator[dict[str, Any]]:
        """Yield the originals, and the newest duplicates of each that match the filter."""
        from fanmill.core.filters import Filter, equal_to
        from fanmill.report.clusters import MAX_MEMBERS

        for saved in self._store.get_many(sorted(originals)).values():
            yield from_json(saved.result_json)
        for original in sorted(originals):
            wanted = Filter((*self._wanted.terms, equal_to("duplicate-of", original)))
            for saved in self._store.search(wanted, limit=MAX_MEMBERS):
                yield from_json(saved.result_json)
