"""The fingerprint index on Redis or Valkey >= 7.0, shared by any number of workers.

Every change is one script call, so judgements of all workers have one order.
Layout, sizes and limits: README.md of this folder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal

from redis.exceptions import OutOfMemoryError, ResponseError

from fanmill.core.dedup.judgement import Candidate, Cluster, Generation, IndexInfo, Judgement
from fanmill.core.dedup.parameters import (
    ALGORITHM_REVISION,
    DedupParameters,
    InvalidDedupParameters,
)
from fanmill.ports.index import TOMBSTONE_DAYS
from fanmill.stores.index.errors import IndexFull, IndexParametersDiffer
from fanmill.stores.index.keys import IndexKeys, partitions_key
from fanmill.stores.index.wire import (
    decode,
    encode,
    entry_bytes,
    head,
    id_bytes,
    id_key,
    line_cells,
)
from fanmill.stores.script import load

if TYPE_CHECKING:
    from fanmill.core.dedup.boilerplate import Lines

_DAY_MS: Final = 86_400_000
_DROP_STEP: Final = 2_000
_CHUNK: Final = 209
_CHUNKS_A_CALL: Final = 500
_INFO_SAMPLE: Final = 200
_REFUSED_MS: Final = TOMBSTONE_DAYS * _DAY_MS


OnOther = Literal["refuse", "rebuild", "adopt"]
"""Action for an index with other parameters: refuse it, delete it, or continue with them."""


class RedisIndexPartition:
    """A partition of an index.

    `client` is a `redis.Redis` or `redis.RedisCluster` with `decode_responses`
    off; it is the caller's to close. `clock_ms` gives the time in ms since 1970;
    without it the server's clock counts, which is one clock for all workers.

    Raises:
        IndexParametersDiffer: The partition has an index of other parameters, and
            `on_other_parameters` is "refuse". With "rebuild" that index is
            deleted and the partition starts empty: feed it the stored documents.

    """

    def __init__(
        self,
        client: Any,
        parameters: DedupParameters,
        *,
        namespace: str = "fanmill",
        partition: str = "default",
        on_other_parameters: OnOther = "refuse",
        clock_ms: Callable[[], int] | None = None,
    ) -> None:
        """Open the partition; writes its parameters if it is new."""
        self._client = client
        self._clock_ms = clock_ms
        self.keys = IndexKeys(namespace, partition, parameters.digest)
        self.parameters = parameters = self._claim(parameters, on_other_parameters)
        self._limits = (
            round(parameters.horizon_days * _DAY_MS),
            parameters.generations,
            parameters.max_documents,
        )
        self._head = head(parameters, *self._limits)

    def _claim(self, parameters: DedupParameters, on_other: OnOther) -> DedupParameters:
        wanted = f"{parameters.digest} {parameters.canonical_json()}"
        # A partition that exists is opened without a write: by users who may only read, and on
        # a full server.
        found = self._client.get(self.keys.current)
        if found is None:
            try:
                self._client.sadd(partitions_key(self.keys.namespace), self.keys.partition)
                found = self._client.set(self.keys.current, wanted, nx=True, get=True)
            except OutOfMemoryError as error:
                raise IndexFull(self.keys.partition, str(error)) from error
        if found is None or found.decode() == wanted:
            return parameters
        if on_other == "adopt":
            return self._adopt(parameters, found)
        if on_other == "refuse":
            raise self._other_parameters(found, parameters)
        # First the name, so that no other worker goes on with the old index.
        self._client.set(self.keys.current, wanted)
        self._drop(self.keys.of_digest(found.decode().split(" ", 1)[0]))
        return parameters

    def _adopt(self, wanted: DedupParameters, found: bytes) -> DedupParameters:
        digest, _, text = found.decode().partition(" ")
        try:
            theirs = DedupParameters.of_json(text)
        except InvalidDedupParameters:
            raise self._other_parameters(found, wanted) from None
        self.keys = self.keys.of_digest(digest)
        return replace(
            theirs,
            horizon_days=wanted.horizon_days,
            generations=wanted.generations,
            max_documents=wanted.max_documents,
        )

    def _other_parameters(self, found: bytes, wanted: DedupParameters) -> IndexParametersDiffer:
        return IndexParametersDiffer(
            self.keys.partition, found.decode().split(" ", 1)[-1], wanted.canonical_json()
        )

    def lines_seen(self, lines: Sequence[Lines]) -> list[Sequence[int]]:
        """Return the number of earlier unique documents, 0 to 3, with each line of each text."""
        if not any(len(each.hashes) for each in lines):
            return [b"" for _ in lines]
        cells = [line_cells(each.hashes.astype(">u8").tobytes()) for each in lines]
        answers: list[Sequence[int]] = self._run("lines", *cells)
        return answers

    def judge(self, batch: Sequence[Candidate]) -> list[Judgement]:
        """Judge a batch and insert it: one call, atomic, in order.

        The batch is judged up to the first candidate whose lines are no longer as its
        fingerprint took them; `core.dedup.sequence` makes the fingerprints of the rest anew.
        A candidate whose document and event are known gets the stored verdict.
        An empty batch gives [] without a call.

        Raises:
            IndexFull: The server is out of memory; nothing was stored.
            IndexParametersDiffer: The partition was rebuilt with other parameters since
                it was opened; nothing was stored.
            UnusableDocumentId: An id is empty or too long; nothing was stored.

        """
        if not batch:
            return []
        blobs = [encode(candidate) for candidate in batch]
        try:
            answers = self._run("judge", self._head, self._now(), *blobs)
        except OutOfMemoryError as error:
            raise IndexFull(self.keys.partition, str(error)) from error
        except ResponseError as error:
            if "OOM" in str(error):
                raise IndexFull(self.keys.partition, str(error)) from error
            if "PARAMETERS" in str(error):
                found = self._client.get(self.keys.current) or b""
                raise self._other_parameters(found, self.parameters) from error
            raise
        digest = self.keys.digest
        return [
            decode(candidate.document_id, answer, digest)
            for candidate, answer in zip(batch, answers, strict=False)
        ]

    def forget(
        self, document_id: str, entry_id: str | None = None, before_ms: int | None = None
    ) -> bool:
        """Remove a document: its id, fingerprint and verdicts; whether it was known.

        With `entry_id` only if that ledger entry put it there. With `before_ms` only what earlier
        entries put there; those are refused for 30 days.

        If it led a cluster, its duplicates stay without a original, and the next
        copy is unique. Works on a full server.
        """
        data = id_bytes(document_id)
        entry = b"" if entry_id is None else entry_bytes(entry_id)
        edge = b"" if before_ms is None else entry_bytes(f"{before_ms}-0")
        return bool(self._run("forget", data, _key_bytes(data), entry, edge, _REFUSED_MS))

    def cluster(self, document_id: str, most: int = 1000) -> Cluster | None:
        """Return the cluster of a document (alone, if it is unique); None for an unknown document.

        At most `most` members are listed, the newest ones.
        """
        data = id_bytes(document_id)
        answer = self._run("cluster", data, _key_bytes(data), most)
        if answer is None:
            return None
        original, size, members = answer
        return Cluster(
            original_id=_text(original) or None,
            size=int(size) + (1 if original else 0),
            member_ids=tuple(_text(member) for member in members),
        )

    def largest_clusters(self, top: int = 10) -> list[Cluster]:
        """Return the largest clusters of at least two documents, largest first, without members.

        Reads the heads of all clusters, in steps; not a snapshot.
        """
        info = self._raw_info(1)
        first, last = int(info[1]) // _CHUNK, int(info[0]) // _CHUNK
        best: list[Cluster] = []
        for start in range(first, last + 1, _CHUNKS_A_CALL):
            stop = min(start + _CHUNKS_A_CALL - 1, last)
            found = self._run("clusters", start, stop, top)
            best += [
                Cluster(original_id=_text(original) or None, size=int(size), member_ids=())
                for size, original in zip(found[::2], found[1::2], strict=True)
            ]
            best = sorted(best, key=lambda cluster: -cluster.size)[:top]
        return best

    def info(self) -> IndexInfo:
        """Return counts, memory (from a sample of 200 pages), generations and parameters."""
        accepted, oldest, dead, evicted, _, _, spans, _, size, lines = self._raw_info(_INFO_SAMPLE)
        generations = tuple(
            Generation(*(int(part) for part in span.split(":"))) for span in _text(spans).split()
        )
        return IndexInfo(
            documents=max(0, accepted - oldest - dead),
            accepted=accepted,
            evicted=evicted,
            bytes=size,
            line_table_bytes=lines,
            generations=generations,
            parameters=self.keys.digest,
            revision=ALGORITHM_REVISION,
        )

    def at(self, clock_ms: Callable[[], int]) -> RedisIndexPartition:
        """Return the same partition under another clock: for documents of another time."""
        other = copy(self)
        other._clock_ms = clock_ms  # noqa: SLF001  of our own kind
        return other

    def expire(self) -> None:
        """Expire, and free what is older than the horizon in 64 pages: one short call."""
        self._maintain(64)

    def _maintain(self, pages: int) -> bool:
        horizon, generations, most = self._limits
        return bool(self._run("maintain", horizon, generations, most, self._now(), pages))

    def maintain(self) -> None:
        """Expire and free what is older than the horizon, in steps, until all is freed.

        Judging does this by itself, some at each call; this is for an index
        that no documents come to.
        """
        pages = int(self._raw_info(1)[5])
        more, swept = True, 0
        while more or swept < pages:
            more = self._maintain(500)
            swept += 500

    def clear(self) -> None:
        """Remove the partition: every key of these parameters; in steps, so not atomic."""
        self._drop(self.keys)

    def _drop(self, keys: IndexKeys) -> None:
        at = 0
        while at >= 0:
            at = int(load("index", "drop").run(self._client, [keys.state], [at, _DROP_STEP]))

    def _raw_info(self, sample: int) -> list[Any]:
        answer: list[Any] = self._run("info", sample)
        return answer

    def _run(self, name: str, *arguments: bytes | str | int) -> Any:
        return load("index", name).run(self._client, [self.keys.state], arguments)

    def _now(self) -> str:
        return "" if self._clock_ms is None else str(self._clock_ms())


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


def _key_bytes(data: bytes) -> bytes:
    return id_key(data).to_bytes(4)
