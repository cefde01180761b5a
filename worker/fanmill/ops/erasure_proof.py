"""Proof of an erasure: a search of every key of a namespace for the id of a document."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from redis import Redis

from fanmill.ops.erasure import entries_of
from fanmill.stores.index import RedisFingerprintIndex
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import text
from fanmill_contracts.stored_records import decompressed

_MENTION: Final = b'"duplicate_of":'


@dataclass(slots=True)
class Proof:
    """Result of a search."""

    traces: dict[str, list[str]] = field(default_factory=dict)
    """Keys that hold an id beside its tombstone, by document id."""
    mentions: Counter[str] = field(default_factory=Counter)
    """Records of other documents that name a document as their original, by its id."""
    searched: Counter[str] = field(default_factory=Counter)
    """Number of keys by type, and of entries of streams."""


def search_keys(
    redis: Redis, keys: Keys, index: RedisFingerprintIndex, document_ids: list[str]
) -> Proof:
    """Search all keys of a namespace, values of every type and compressed records included.

    An id counts where it is the whole of a name, a member or a value, or a text in JSON.
    """
    proof = Proof()
    needles = {each: _forms(each) for each in document_ids}
    tombstones = {keys.forgotten(each).encode() for each in document_ids}
    for key in redis.scan_iter(match=f"{keys.streams.namespace}:*", count=1000):
        if key in tombstones:
            continue
        kind = text(redis.type(key))
        proof.searched[kind] += 1
        for value in _values(redis, key, kind, proof):
            _search(proof, needles, key, value)
        for each in document_ids:
            if key.endswith(f":{each}".encode()):
                _note(proof, each, text(key))
    for each in document_ids:
        for name in index.partitions():
            proof.searched["index partition"] += 1
            if index.opened(name, "adopt").cluster(each, 1) is not None:
                _note(proof, each, f"index partition {name}")
    return proof


def _search(proof: Proof, needles: dict[str, tuple[bytes, ...]], key: bytes, value: bytes) -> None:
    for each, (whole, *quoted) in needles.items():
        if value == whole:
            _note(proof, each, text(key))
            continue
        for form in quoted:
            found = value.count(form)
            if not found:
                continue
            mentions = value.count(_MENTION + form)
            proof.mentions[each] += mentions
            if found > mentions:
                _note(proof, each, text(key))


def _forms(document_id: str) -> tuple[bytes, ...]:
    """Return the id as it is, and the forms it may have in JSON."""
    plain = json.dumps(document_id, ensure_ascii=False).encode()
    return tuple(dict.fromkeys((document_id.encode(), plain, json.dumps(document_id).encode())))


def _note(proof: Proof, document_id: str, place: str) -> None:
    places = proof.traces.setdefault(document_id, [])
    if place not in places:
        places.append(place)


def _values(redis: Any, key: bytes, kind: str, proof: Proof) -> Iterator[bytes]:
    if kind == "string":
        yield redis.get(key) or b""
    elif kind == "list":
        for at in range(0, redis.llen(key), 500):
            yield from redis.lrange(key, at, at + 499)
    elif kind == "set":
        yield from redis.sscan_iter(key, count=500)
    elif kind == "zset":
        yield from (member for member, _ in redis.zscan_iter(key, count=500))
    else:
        for name, value in _pairs(redis, key, kind, proof):
            yield name
            yield value


def _pairs(redis: Any, key: bytes, kind: str, proof: Proof) -> Iterator[tuple[bytes, bytes]]:
    """Yield names and values of a hash, or of the entries of a stream."""
    if kind == "hash":
        for name, value in redis.hscan_iter(key, count=500):
            yield name, _opened(value)
    elif kind == "stream":
        for _, fields in entries_of(redis, text(key)):
            proof.searched["entries of streams"] += 1
            yield from fields.items()


def _opened(value: bytes) -> bytes:
    try:
        return decompressed(value)
    except ValueError:
        return value
