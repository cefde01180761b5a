"""The merge of a back-fill, step by step; each step of an interrupted merge goes on where it was.

OUT/merge.json     inputs and parameters; a merge of others is refused
OUT/verdicts/      the verdicts in the order of judgement, JSON lines
OUT/index/         a file for each partition of the index
OUT/records/       whole records, if unjudged ones were given
OUT/work/          files in between; removed at the end
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any, Final

from fanmill.batch.run_file import RunFile
from fanmill.local.server import EmbeddedServer
from fanmill.merge.index_file import SUFFIX, save
from fanmill.merge.judging import Clock, Judging
from fanmill.merge.order import merged, reduced
from fanmill.merge.verdicts import Verdicts
from fanmill.stores.index import RedisFingerprintIndex, connect_index

if TYPE_CHECKING:
    from fanmill.core.dedup.parameters import DedupParameters

_PROGRESS: Final = "merge:progress"
"""Key on the embedded server: what the index knows of."""

_RETRY_SECONDS: Final = 10.0

OnProgress = Callable[[str, int], object]
"""Told of a step and of the number of its documents so far."""


class OtherMerge(Exception):
    """A folder holds a merge of other files or parameters; the text says what to do."""


class UnusableRuns(Exception):
    """Run files that cannot be merged together; the text says why."""


@dataclass(slots=True)
class Merged:
    """Result of the judgement."""

    documents: int = 0
    verdicts: dict[str, int] = field(default_factory=dict)
    """Number of documents by verdict."""
    remade: int = 0
    """Fingerprints that were made anew, because lines had become boilerplate."""


class Merge:
    """A merge in a folder.

    Args:
        runs: The run files, each with the number of its back-fill.
        out: Folder of the results; made if missing.
        parameters: Parameters of the fingerprints.
        server_binary: See `fanmill.local.server.find_binary`.

    Raises:
        OtherMerge: The folder holds a merge of other files or parameters.
        UnusableRuns: A file has other parameters, or only some have times of arrival.
    """

    def __init__(
        self,
        runs: Sequence[RunFile],
        out: Path,
        parameters: DedupParameters,
        *,
        server_binary: str = "",
    ) -> None:
        self._runs = runs
        self._out = out
        self._parameters = parameters
        self._server_binary = server_binary
        _check(runs, parameters)
        out.mkdir(parents=True, exist_ok=True)
        self._plan = self._opened()
        self.started_ms: int = self._plan["started_ms"]
        """Time of arrival of documents without one, in ms since 1970."""

    @property
    def documents(self) -> int:
        """Number of documents in all files."""
        return sum(run.documents for run in self._runs)

    @property
    def index_files(self) -> list[Path]:
        """The partitions of the index, after `judge`."""
        return sorted((self._out / "index").glob(f"*{SUFFIX}"))

    def judge(self, on_progress: OnProgress) -> Merged:
        """Judge all documents and save the index; at once if that was done before."""
        if "merged" in self._plan:
            return Merged(**self._plan["merged"])
        work = self._out / "work"
        (self._out / "index").mkdir(exist_ok=True)
        runs = reduced(self._runs, work / "runs", on_file=lambda n: on_progress("sorting", n))
        server = EmbeddedServer(work / "server", durable=True, binary=self._server_binary)
        with server, connect_index(server.url, _RETRY_SECONDS) as client:
            found = self._judge(client, runs, on_progress)
        self._plan["merged"] = asdict(found)
        self._write_plan()
        shutil.rmtree(work)
        return found

    def _judge(self, client: Any, runs: Sequence[RunFile], on_progress: OnProgress) -> Merged:
        known = json.loads(client.get(_PROGRESS) or "{}")
        found = Merged(**known)
        log = Verdicts(self._out / "verdicts", at_most=found.documents)
        clock = Clock()
        index = RedisFingerprintIndex(client, "merge", self._parameters, clock_ms=clock)
        judging = Judging(client, index, clock, self.started_ms)
        judging.verdicts.update(found.verdicts)
        remade = found.remade
        for name, batches in judging.partitions(merged(runs, log.last), log.position):
            self._save_others(client, index, name)
            for batch, members in batches:
                log.append(batch, members)
                found = Merged(log.position, dict(judging.verdicts), remade + judging.remade)
                client.set(_PROGRESS, json.dumps(asdict(found)))
                on_progress("judging", found.documents)
        self._save_others(client, index, None)
        log.finish()
        return found

    def _save_others(self, client: Any, index: RedisFingerprintIndex, name: str | None) -> None:
        """Save the partitions before this one, and free their memory."""
        for other in index.partitions():
            path = self._out / "index" / f"{other}{SUFFIX}"
            if other == name:
                continue
            partition = index.partition(other)
            if not path.exists():
                save(client, partition, path)
            partition.clear()

    def _opened(self) -> dict[str, Any]:
        path = self._out / "merge.json"
        wanted = {
            "parameters": self._parameters.canonical_json(),
            "horizon_days": self._parameters.horizon_days,
            "runs": [[run.path.name, run.documents, run.first, run.last] for run in self._runs],
        }
        wanted = json.loads(json.dumps(wanted))
        if not path.exists():
            self._plan = {"started_ms": round(time() * 1000), **wanted}
            self._write_plan()
            return self._plan
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        differing = [name for name, value in wanted.items() if found.get(name) != value]
        if differing:
            raise OtherMerge(
                f"{self._out} holds a merge of other {' and '.join(differing)}; give another "
                "--out, or remove the folder"
            )
        return found

    def _write_plan(self) -> None:
        path = self._out / "merge.json"
        unfinished = path.with_suffix(".tmp")
        unfinished.write_text(json.dumps(self._plan), encoding="utf-8")
        unfinished.replace(path)


def _check(runs: Sequence[RunFile], parameters: DedupParameters) -> None:
    for run in runs:
        if run.signing != parameters.signing_digest:
            raise UnusableRuns(
                f"{run.path} has fingerprints of parameters {run.signing}; the settings ask for "
                f"{parameters.signing_digest} (FANMILL_DEDUP_BOILERPLATE, or another release)"
            )
    timed = [run for run in runs if run.last is not None and run.last.arrival_ms]
    untimed = [run for run in runs if run.first is not None and not run.first.arrival_ms]
    if timed and untimed:
        raise UnusableRuns(
            f"{timed[0].path} has times of arrival and {untimed[0].path} has none; their order "
            "is not known: back-fill both with --arrival-field, or neither"
        )
