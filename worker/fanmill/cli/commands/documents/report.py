"""The report of a run: rows for the table, counts for the end, remarks as they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fanmill.cli.console import counted, display, remark, stdout
from fanmill.cli.results_file import NOT_READ, REJECTED, Finished, ResultsFile
from fanmill.cli.sources import InputError
from fanmill_contracts import DocumentIngested, DocumentRejected, DocumentResult


class Report:
    """Counts outcomes, writes each to the results file, and prints the end.

    Args:
        rows: Maximum number of documents in the table.
        results: Takes one line for each input.
        finished: Inputs that an earlier run has finished.
    """

    def __init__(self, *, rows: int, results: ResultsFile, finished: Finished) -> None:
        self._rows = rows
        self._results = results
        self._finished = finished
        self._order: dict[str, int] = {}
        self._shown: dict[str, DocumentResult] = {}
        self._metadata: dict[str, dict[str, Any]] = {}
        self._verdicts = Counter(finished.verdicts)
        self._rejected = finished.rejected
        self._not_read = 0
        self._new = 0

    @property
    def failed(self) -> bool:
        """Whether a document was rejected or a named input could not be read."""
        return bool(self._rejected or self._not_read)

    @property
    def total(self) -> int:
        """Number of results, those of an earlier run included."""
        return sum(self._verdicts.values())

    def read(self, documents: Iterator[DocumentIngested]) -> Iterator[DocumentIngested]:
        """Pass documents on that are not finished; note order and metadata."""
        for event in documents:
            if event.id in self._finished.events:
                continue
            if len(self._order) < self._rows:
                self._order.setdefault(event.data.document_id, len(self._order))
            if event.data.metadata:
                self._metadata[event.id] = event.data.metadata
            yield event

    def not_read(self, error: InputError) -> None:
        """Report an input that could not be read."""
        self._not_read += 1
        remark(f"{error.place} {error.error}", "not read:")
        self.passed_over(error)

    def passed_over(self, error: InputError) -> None:
        """Write a file that was not read for its kind, without a remark of its own."""
        if error.place not in self._finished.places:
            self._results.write({NOT_READ: {"place": error.place, "error": error.error}})

    def rejection(self, event: DocumentRejected) -> None:
        """Report a rejected document."""
        self._rejected += 1
        data = event.data
        self._metadata.pop(data.event_id or "", None)
        self._results.write({REJECTED: data})
        remark(
            f"{data.document_id or '?'} {data.reason} in {data.stage}: {data.error}",
            "rejected:",
            "red",
        )

    def result(self, result: DocumentResult) -> None:
        """Write a result, with the metadata of its document, and keep it for the table."""
        self._new += 1
        self._verdicts[result.deduplication.verdict] += 1
        metadata = self._metadata.pop(result.event.id, None)
        record = result.model_dump(mode="json", exclude_defaults=True)
        if metadata is not None:
            record["metadata"] = metadata
        self._results.write(record)
        if result.document_id in self._order:
            self._shown[result.document_id] = result

    def flush(self) -> None:
        """Keep all results so far, whatever ends the run."""
        self._results.flush()

    def close(self, seconds: float, output: Path | None) -> None:
        """Print the table, the totals and the rate."""
        if self._shown:
            from fanmill.cli.tables import results_table

            shown = sorted(self._shown.values(), key=lambda each: self._order[each.document_id])
            display(results_table(shown, stdout().width))
        if self._new > len(self._shown) and self._rows:
            remark(
                f"{self._new - len(self._shown):,} more; all of them with: "
                "--output results.jsonl, or --rows"
            )
        unique = self._verdicts["unique"]
        remark(
            f"{counted(self.total, 'document')} in {seconds:.1f} s "
            f"({self._new / max(seconds, 0.001):,.0f} documents/s): {unique:,} unique, "
            f"{counted(self.total - unique, 'duplicate')}, {self._rejected:,} rejected"
            + (f", {self._not_read:,} not read" if self._not_read else "")
        )
        if output is not None:
            remark(f"results: {output}")
