"""A partition of the index as a file: saved from one server, loaded into another of any version.

The file holds every key of the partition with its type and value, compressed. It needs no command
that depends on the version of a server, as DUMP and RESTORE do.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

import msgpack
import zstandard

if TYPE_CHECKING:
    from fanmill.stores.index import RedisFingerprintIndex
    from fanmill.stores.index.redis_partition import RedisIndexPartition

SUFFIX: Final = ".index"
_KEYS_AT_ONCE: Final = 500
_STATE: Final = "state"


class NotEmpty(Exception):
    """The live index holds documents that a load would remove; the text says what to do."""

    def __init__(self, partition: str, documents: int) -> None:
        """Take the partition and the number of its documents."""
        super().__init__(partition, documents)
        self.partition, self.documents = partition, documents

    def __str__(self) -> str:
        """Say what to do."""
        return (
            f"index partition {self.partition!r} holds {self.documents:,} documents; load into an "
            "empty index, before the service starts, or give --replace to remove them"
        )


class DamagedIndexFile(Exception):
    """A file is no saved index, or it is cut or of other parameters; the text says which."""


def save(client: Any, partition: RedisIndexPartition, path: Path) -> None:
    """Write a partition to a file, which appears under its name when it is complete."""
    prefix = partition.keys.state.removesuffix(_STATE)
    unfinished = path.with_name(f"{path.name}.tmp")
    with unfinished.open("wb") as raw:
        with zstandard.ZstdCompressor(level=1).stream_writer(raw, closefd=False) as stream:
            head = {
                "partition": partition.keys.partition,
                "parameters": partition.parameters.canonical_json(),
            }
            stream.write(msgpack.packb(head))
            # Nothing else writes to this server: a scan sees each key at least once.
            written: set[bytes] = set()
            for keys in _scanned(client, prefix):
                fresh = [key for key in keys if key not in written]
                written.update(fresh)
                for key, kind, value in _values(client, fresh):
                    ending = key.decode().removeprefix(prefix)
                    stream.write(msgpack.packb((ending, kind, value)))
            stream.write(msgpack.packb(None))
        raw.flush()
        os.fsync(raw.fileno())
    unfinished.replace(path)


def load_all(
    client: Any, index: RedisFingerprintIndex, paths: Sequence[Path], *, replace: bool
) -> int:
    """Load the partitions of a merge; return the number of their documents.

    Nothing is written if a partition is refused. Those that an interrupted load has finished stay
    as they are.

    Raises:
        NotEmpty, IndexParametersDiffer, DamagedIndexFile: See `load`.
    """
    loaded = 0
    missing = []
    for path in paths:
        documents = 0 if replace else _documents_of(client, index, path)
        loaded += documents
        if not documents:
            missing.append(path)
    return loaded + sum(load(client, index, path, replace=replace) for path in missing)


def _documents_of(client: Any, index: RedisFingerprintIndex, path: Path) -> int:
    """Return the number of documents of the live partition, which are those of the file or none.

    Raises:
        NotEmpty: It has others.
    """
    with path.open("rb") as raw:
        records = _records(raw, path)
        partition = index.opened(next(records)["partition"], "refuse")
        documents = partition.info().documents
        if not documents:
            return 0
        state = next((value for ending, _, value in records if ending == _STATE), None)
    if client.hgetall(partition.keys.state) != state:
        raise NotEmpty(partition.keys.partition, documents)
    return documents


def load(client: Any, index: RedisFingerprintIndex, path: Path, *, replace: bool) -> int:
    """Load a partition from a file; return the number of its documents.

    Its state is written last: until then the live partition is empty.

    Raises:
        NotEmpty: The live partition holds documents, and `replace` is false.
        IndexParametersDiffer: The live partition has other parameters, and `replace` is false.
        DamagedIndexFile: The file is damaged, or has other parameters than the index.
    """
    with path.open("rb") as raw:
        records = _records(raw, path)
        head: Any = next(records)
        if head["parameters"] != index.parameters.canonical_json():
            raise DamagedIndexFile(
                f"{path} has parameters {head['parameters']}; wanted "
                f"{index.parameters.canonical_json()}: merge again with the settings of the service"
            )
        partition = index.opened(head["partition"], "rebuild" if replace else "refuse")
        documents = partition.info().documents
        if documents and not replace:
            raise NotEmpty(head["partition"], documents)
        partition.clear()
        prefix = partition.keys.state.removesuffix(_STATE)
        # A load that was interrupted has written keys, but no state.
        for keys in _scanned(client, prefix):
            client.unlink(*keys)
        state: dict[bytes, bytes] = {}
        waiting: list[tuple[str, bytes, Any]] = []
        for ending, kind, value in records:
            if ending == _STATE:
                state = value
                continue
            waiting.append((prefix + ending, kind, value))
            if len(waiting) == _KEYS_AT_ONCE:
                _write(client, waiting)
                waiting = []
        _write(client, waiting)
        if client.exists(partition.keys.state):
            raise NotEmpty(head["partition"], partition.info().documents)
        if state:
            client.hset(partition.keys.state, mapping=state)
        return partition.info().documents


def _scanned(client: Any, prefix: str) -> Iterator[list[bytes]]:
    keys: list[bytes] = []
    # A partition's name has no sign of a pattern; see `keys.IndexKeys`.
    for key in client.scan_iter(match=f"{prefix}*", count=2000):
        keys.append(key)
        if len(keys) == _KEYS_AT_ONCE:
            yield keys
            keys = []
    if keys:
        yield keys


def _values(client: Any, keys: list[bytes]) -> Iterator[tuple[bytes, bytes, Any]]:
    with client.pipeline(transaction=False) as pipe:
        for key in keys:
            pipe.type(key)
        kinds = pipe.execute()
        for key, kind in zip(keys, kinds, strict=True):
            if kind == b"string":
                pipe.get(key)
            elif kind == b"list":
                pipe.lrange(key, 0, -1)
            else:
                pipe.hgetall(key)
        yield from zip(keys, kinds, pipe.execute(), strict=True)


def _write(client: Any, values: list[tuple[str, bytes, Any]]) -> None:
    if not values:
        return
    with client.pipeline(transaction=False) as pipe:
        for key, kind, value in values:
            # Pages are sparse strings: SET keeps their free space as it was.
            if kind == b"string":
                pipe.set(key, value)
            elif kind == b"list":
                pipe.rpush(key, *value)
            else:
                pipe.hset(key, mapping=value)
        pipe.execute()


def _records(raw: IO[bytes], path: Path) -> Iterator[Any]:
    """Yield the head and the keys of a file.

    Raises:
        DamagedIndexFile: It ends too early.
    """
    stream = zstandard.ZstdDecompressor().stream_reader(raw, closefd=False)
    unpacker = msgpack.Unpacker(
        cast("Any", stream), raw=False, strict_map_key=False, max_buffer_size=1 << 31
    )
    try:
        for record in unpacker:
            if record is None:
                return
            yield record
    except (ValueError, zstandard.ZstdError) as error:
        raise DamagedIndexFile(f"{path} is damaged: {error}") from None
    raise DamagedIndexFile(f"{path} ends too early; the copy is not complete")
