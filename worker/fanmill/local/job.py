"""A job on this machine: a server and workers of its own process documents to results.

`fanmill run` uses it. Nothing of it is left when it ends, however it ends.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Any, Final, Self, cast

from redis import Redis

from fanmill.local.server import EmbeddedServer, ServerUnavailable
from fanmill.local.supervisor import ServiceProcess, Supervisor
from fanmill_contracts import (
    DocumentIngested,
    DocumentProcessed,
    DocumentRejected,
    Publisher,
    StreamNames,
)
from fanmill_contracts.streams import EVENT_FIELD

_BACKLOG: Final = 2000
"""Maximum number of unfinished events: enough for the workers, little enough for the memory."""

_CHUNK: Final = 256
_READ_MS: Final = 100
_RECORD_DAYS: Final = 300 / 86_400
"""Time for which records stay: five minutes, since the job reads results from the stream."""

_MAX_RESTARTS: Final = 6
"""Maximum number of restarts without a finished document in between: then no single document
causes them."""


class JobFailed(ServerUnavailable):
    """The processes of the job keep ending; the text holds the end of their log."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of a job so far."""

    published: int
    finished: int
    all_read: bool


class LocalJob:
    """Processes documents with a server, an intake and workers that live for this job alone.

    Args:
        namespace: First part of all keys.
        processes: Number of worker processes.
        server_binary: See `local.server.find_binary`.
    """

    def __init__(self, namespace: str, processes: int, *, server_binary: str = "") -> None:
        self._namespace = namespace
        self._processes = processes
        self._folder = Path(mkdtemp(prefix="fanmill-"))
        self._server = EmbeddedServer(self._folder / "server", durable=False, binary=server_binary)
        self._supervisor: Supervisor | None = None
        self._redis: Redis | None = None
        self.progress = Progress(0, 0, all_read=False)

    @property
    def url(self) -> str:
        """The URL of the job's server, once it has started."""
        return self._server.url

    @property
    def log_path(self) -> Path:
        """File of the logs of intake and workers; removed with the job."""
        return self._folder / "fanmill.log"

    def __enter__(self) -> Self:
        try:
            self._server.start()
            environment = _environment(self._namespace, self._server.url, self._processes)
            self._supervisor = Supervisor(
                ServiceProcess("intake", environment=environment, log_path=self.log_path),
                [ServiceProcess("worker", environment=environment, log_path=self.log_path)],
            )
            self._supervisor.start()
            self._redis = Redis.from_url(self._server.url, socket_timeout=30.0)
        except BaseException:
            self.close()
            raise
        return self

    def process(
        self, documents: Iterable[DocumentIngested]
    ) -> Iterator[DocumentProcessed | DocumentRejected | None]:
        """Yield the record or rejection of each document, in order of completion.

        None is yielded from time to time, so that the caller can show progress.

        Raises:
            JobFailed: The processes end again and again.
        """
        assert self._redis is not None and self._supervisor is not None  # noqa: S101, PT018
        streams = StreamNames(self._namespace)
        source = iter(documents)
        positions: dict[str, str] = {streams.processed: "0", streams.rejected: "0"}
        published = finished = restarts = 0
        all_read = False
        with Publisher(client=self._redis, namespace=streams.namespace) as publisher:
            while not all_read or finished < published:
                if not all_read and published - finished < _BACKLOG:
                    chunk = list(islice(source, _CHUNK))
                    published += publisher.publish_many(chunk)
                    all_read = len(chunk) < _CHUNK
                before = finished
                for name, events in self._read(positions, wait=published > finished):
                    for entry_id, fields in events:
                        finished += 1
                        yield _parsed(fields, rejected=name == streams.rejected)
                        positions[name] = entry_id
                    if name == streams.processed:
                        # This job is the only reader: what it has read may go.
                        self._redis.xtrim(name, minid=positions[name], approximate=True)
                self.progress = Progress(published, finished, all_read)
                yield None
                restarts = 0 if finished > before else restarts
                restarts += self._supervisor.restart_ended()
                if restarts > _MAX_RESTARTS or not self._server.alive():
                    raise JobFailed(f"the processes of this job keep ending:\n{self.log_end()}")

    def _read(
        self, positions: Mapping[str, str], *, wait: bool
    ) -> list[tuple[str, list[tuple[str, dict[bytes, bytes]]]]]:
        assert self._redis is not None  # noqa: S101
        answer: Any = self._redis.xread(
            cast("Any", dict(positions)), count=500, block=_READ_MS if wait else None
        )
        streams = answer.items() if isinstance(answer, dict) else answer or []
        return [
            (
                name.decode(),
                [(entry_id.decode(), fields) for entry_id, fields in _flat(entries)],
            )
            for name, entries in streams
        ]

    def log_end(self, lines: int = 10) -> str:
        """Return the last lines of the log of the processes."""
        if not self.log_path.exists():
            return ""
        return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-lines:])

    def close(self) -> None:
        """End all processes and remove the folder."""
        if self._redis is not None:
            self._redis.close()
        if self._supervisor is not None:
            # The results of what they still hold are not read: no reason to wait for them.
            self._supervisor.kill()
        self._server.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _environment(namespace: str, url: str, processes: int) -> dict[str, str]:
    return {
        "FANMILL_REDIS_URL": url,
        "FANMILL_INDEX_URL": "",
        "FANMILL_NAMESPACE": namespace,
        "FANMILL_WORKER_CONCURRENCY": str(processes),
        "FANMILL_RESULT_RETENTION_DAYS": str(_RECORD_DAYS),
        "FANMILL_IDEMPOTENCY_WINDOW_DAYS": str(_RECORD_DAYS),
        # The job reads each event, so none may be trimmed before.
        "FANMILL_PROCESSED_STREAM_MAXLEN": "",
        "FANMILL_MAX_REJECTED": "",
        "FANMILL_LOG_FORMAT": "json",
        "FANMILL_LOG_LEVEL": os.environ.get("FANMILL_LOG_LEVEL", "warning"),
    }


def _flat(entries: Any) -> Any:
    # RESP3 wraps the entries of a stream in one list more.
    return entries[0] if entries and isinstance(entries[0], list) else entries


def _parsed(fields: dict[bytes, bytes], *, rejected: bool) -> DocumentProcessed | DocumentRejected:
    body = fields[EVENT_FIELD.encode()]
    if rejected:
        return DocumentRejected.model_validate_json(body)
    return DocumentProcessed.model_validate_json(body)
