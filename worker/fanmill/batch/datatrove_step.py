"""FanmillStep: the stages as a step of a datatrove pipeline (extra `datatrove`).

    pipeline = [
        JsonlReader("corpus"),
        FanmillStep("fingerprints"),
        JsonlWriter("records"),
    ]
    LocalPipelineExecutor(pipeline, tasks=8, workers=8).run()

Each task writes the fingerprints of its documents to run files for `fanmill index merge`, and
passes the documents on with their records in the metadata. datatrove repeats a task that failed
from its start; its files are replaced then.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from datatrove.io import DataFolderLike, get_datafolder
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.writers.disk_base import DiskWriter

from fanmill.batch.mill import Mill
from fanmill.batch.outcomes import Rejected
from fanmill.batch.run_file import SUFFIX, RunEntry, RunKey, RunWriter

RECORD: Final = "fanmill"
"""Name in a document's metadata of its record without a verdict."""

_RUN_DOCUMENTS: Final = 8192
_TASK_SHIFT: Final = 40


class FanmillStep(PipelineStep):  # type: ignore[misc]
    """Analyses documents; drops those that are rejected.

    Args:
        fingerprints: Folder of the run files, anything that datatrove takes for a folder.
        mill: The Mill; one of the environment's settings by default.
        exclusion_writer: Writer of rejected documents, with `reason` and `error` in their metadata.
    """

    name = "fanmill"
    type = "analysis"

    def __init__(
        self,
        fingerprints: DataFolderLike,
        mill: Mill | None = None,
        exclusion_writer: DiskWriter | None = None,
    ) -> None:
        super().__init__()
        self.fingerprints = get_datafolder(fingerprints)
        self.mill = mill or Mill()
        self.exclusion_writer = exclusion_writer

    def run(self, data: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """Yield the documents of a task with their records."""
        del world_size
        with tempfile.TemporaryDirectory() as folder:
            runs = _Runs(Path(folder), self.mill.parameters.signing_digest, rank)
            waiting: deque[Any] = deque()
            for number, outcome in enumerate(self.mill.process(_fields(data, waiting))):
                document = waiting.popleft()
                if isinstance(outcome, Rejected):
                    self._exclude(document, outcome, rank)
                    continue
                runs.add(
                    RunEntry(
                        RunKey(outcome.partition, 0, 0, rank << _TASK_SHIFT | number),
                        outcome.document_id,
                        outcome.fingerprint,
                    )
                )
                document.metadata[RECORD] = outcome.record
                self.stat_update("records")
                self.update_doc_stats(document)
                yield document
            for path in runs.finish():
                with path.open("rb") as source, self.fingerprints.open(path.name, "wb") as target:
                    shutil.copyfileobj(source, target)
        if self.exclusion_writer is not None:
            self.exclusion_writer.close()

    def _exclude(self, document: Any, rejected: Rejected, rank: int) -> None:
        self.stat_update("rejected")
        if self.exclusion_writer is not None:
            document.metadata |= {"reason": rejected.reason, "error": rejected.error}
            self.exclusion_writer.write(document, rank)


class _Runs:
    """Run files of a task, each sorted."""

    def __init__(self, folder: Path, signing: str, rank: int) -> None:
        self._folder = folder
        self._signing = signing
        self._rank = rank
        self._entries: list[RunEntry] = []
        self._paths: list[Path] = []

    def add(self, entry: RunEntry) -> None:
        self._entries.append(entry)
        if len(self._entries) == _RUN_DOCUMENTS:
            self._write()

    def finish(self) -> list[Path]:
        """Return all files."""
        if self._entries:
            self._write()
        return self._paths

    def _write(self) -> None:
        path = self._folder / f"{self._rank:05d}-{len(self._paths):05d}{SUFFIX}"
        with RunWriter(path, self._signing) as writer:
            for entry in sorted(self._entries, key=lambda entry: entry.key):
                writer.add(entry)
        self._paths.append(path)
        self._entries = []


def _fields(data: Iterable[Any], waiting: deque[Any]) -> Iterator[dict[str, Any]]:
    """Yield the fields of documents, which wait for their outcomes."""
    for document in data:
        waiting.append(document)
        yield {**document.metadata, "id": document.id, "text": document.text}
