"""Proof of an erasure: a search of every key and every table for documents, by id and by text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic_core import from_json
from redis import Redis

from fanmill.core.claimed_ids import claimed_ids
from fanmill.ports import Store
from fanmill.stores.event_field import event_body
from fanmill.stores.index import RedisFingerprintIndex
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.redis.erasure_places import entries_of
from fanmill.stores.redis.records import RedisRecords
from fanmill_contracts import DocumentResult
from fanmill_contracts.stored_records import decompressed

Phrase = tuple[str, str]
"""A document, and a part of its text or title."""

_MENTION: Final = b'"duplicate_of":'
_TOMBSTONES: Final = "tombstones"
_MENTIONING: Final = frozenset({"duplicate_of", "original"})
"""Columns in which other documents and clusters name their original."""
_MIN_PHRASE: Final = 16
"""Characters of a phrase below which other documents may well have it by chance."""
_MAX_PHRASE: Final = 80


@dataclass(slots=True)
class Proof:
    """Result of a search."""

    traces: dict[str, list[str]] = field(default_factory=dict)
    """Keys and tables that hold a document beside its tombstone, by document id."""
    mentions: Counter[str] = field(default_factory=Counter)
    """Records of other documents that name a document as their original, by its id."""
    searched: Counter[str] = field(default_factory=Counter)
    """Number of keys by type, of entries of streams, and of rows."""
    same_text: int = 0
    """Values of other documents that hold a phrase, too."""


class _Needles:
    """Ids and phrases to search for, in all forms that they may have."""

    def __init__(self, document_ids: Sequence[str], phrases: Sequence[Phrase]) -> None:
        self.ids = {each: _forms(each, quotes=True) for each in document_ids}
        self._phrases = [(each, _forms(phrase, quotes=False)) for each, phrase in phrases]

    def look(self, proof: Proof, place: str, value: bytes, owner: str | None = None) -> None:
        """Note in the proof what a value holds; `owner` is the document that it belongs to."""
        for each, (whole, *quoted) in self.ids.items():
            if value == whole:
                _note(proof, each, place)
                continue
            for form in quoted:
                found = value.count(form)
                if found:
                    mentions = value.count(_MENTION + form)
                    proof.mentions[each] += mentions
                    if found > mentions:
                        _note(proof, each, place)
        for each, forms in self._phrases:
            if any(form in value for form in forms):
                holder = owner or _owner(value)
                if holder is not None and holder not in self.ids:
                    proof.same_text += 1
                else:
                    _note(proof, each, place)


def search_keys(
    redis: Redis,
    keys: Keys,
    document_ids: Sequence[str],
    phrases: Sequence[Phrase] = (),
) -> Proof:
    """Search all keys of a namespace but those of the index.

    Values of every type are read, compressed records too.

    An id counts where it is the whole of a name, a member or a value, or a text in JSON.
    """
    proof = Proof()
    needles = _Needles(document_ids, phrases)
    tombstones = {keys.forgotten(each).encode() for each in document_ids}
    documents = keys.document("").encode()
    index_keys = f"{keys.streams.namespace}:dedup:".encode()
    for key in redis.scan_iter(match=f"{keys.streams.namespace}:*", count=1000):
        if key in tombstones or key.startswith(index_keys):
            continue
        kind = text(redis.type(key))
        proof.searched[kind] += 1
        owner = text(key[len(documents) :]) if key.startswith(documents) else None
        for value in _values(redis, key, kind, proof):
            needles.look(proof, text(key), value, owner)
        for each in document_ids:
            if key.endswith(f":{each}".encode()):
                _note(proof, each, text(key))
    return proof


def search_index(index: RedisFingerprintIndex, document_ids: Sequence[str]) -> Proof:
    """Search all keys of the duplicate index, which may be on a server of its own."""
    proof = Proof()
    needles = _Needles(document_ids, ())
    for key in index.client.scan_iter(match=f"{index.namespace}:dedup:*", count=1000):
        proof.searched["keys of the index"] += 1
        for value in _values(index.client, key, text(index.client.type(key)), proof):
            needles.look(proof, text(key), value)
    for name in index.partitions():
        partition = index.opened(name, "adopt")
        for each in document_ids:
            if partition.cluster(each, 1) is not None:
                _note(proof, each, f"index partition {name}")
    return proof


def search_store(
    store: Store, document_ids: Sequence[str], phrases: Sequence[Phrase] = ()
) -> Proof:
    """Search every row of every table of a store, and its search index."""
    proof = Proof()
    needles = _Needles(document_ids, phrases)
    wanted = frozenset(document_ids)
    for table, row in store.every_row():
        proof.searched[f"rows of {table}"] += 1
        if table.endswith(_TOMBSTONES) and row.get("document_id") in wanted:
            continue
        owner = row.get("document_id")
        for column, value in row.items():
            if column in _MENTIONING:
                proof.mentions.update({value: 1} if value in wanted else {})
            else:
                needles.look(proof, f"table {table}", value.encode(), owner)
    for each in store.orphaned(document_ids, phrases):
        _note(proof, each, "search index of the store")
    proof.searched["search index"] = 1
    return proof


def phrases_of(
    partitions: Sequence[tuple[Redis, Keys]], store: Store | None, document_ids: Sequence[str]
) -> list[Phrase]:
    """Return phrases of documents that are still there, from texts, titles and summaries."""
    found: dict[Phrase, None] = {}
    wanted = frozenset(document_ids)
    for redis, keys in partitions:
        records = RedisRecords(redis, keys)
        for each in document_ids:
            known = records.get(each)
            if known is not None and known.result is not None:
                found.update(dict.fromkeys(_of_record(known.result)))
        for stream in (keys.ingested, keys.rejected):
            for _, fields in entries_of(redis, stream):
                named = {
                    name.decode(errors="replace").removeprefix("original:"): value
                    for name, value in fields.items()
                    if stream == keys.ingested or name.startswith(b"original:")
                }
                found.update(dict.fromkeys(_of_event(event_body(named) or b"", wanted)))
    if store is not None:
        for saved in store.get_many(document_ids).values():
            found.update(dict.fromkeys(_of_record(saved.result)))
    return list(found)


def _of_record(record: DocumentResult) -> Iterator[Phrase]:
    sentences = () if record.summary is None else record.summary.sentences
    for each in (record.title, *(sentence.text for sentence in sentences)):
        if each is not None and len(each) >= _MIN_PHRASE:
            yield record.document_id, each[:_MAX_PHRASE]


def _of_event(body: bytes, wanted: frozenset[str]) -> Iterator[Phrase]:
    document = claimed_ids(body).document_id
    if document is None or document not in wanted:
        return
    data = from_json(body.decode(errors="replace"), allow_partial=True).get("data")
    for name in ("title", "text"):
        each = data.get(name) if isinstance(data, dict) else None
        if isinstance(each, str) and len(each) >= _MIN_PHRASE:
            yield document, each[:_MAX_PHRASE]


def _owner(value: bytes) -> str | None:
    """Return the document that an event or a record is about; None for anything else."""
    found = claimed_ids(value).document_id
    if found is not None or not value.startswith(b"{"):
        return found
    try:
        content = from_json(value, allow_partial=True)
    except ValueError:
        return None
    named = content.get("document_id")
    return named if isinstance(named, str) else None


def _forms(wanted: str, *, quotes: bool) -> tuple[bytes, ...]:
    """Return a text as it is, and the forms it may have in JSON."""
    quoted = [json.dumps(wanted, ensure_ascii=False), json.dumps(wanted)]
    written = [each if quotes else each[1:-1] for each in quoted]
    return tuple(
        dict.fromkeys(each.encode("utf-8", "surrogatepass") for each in (wanted, *written))
    )


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
