"""A search of rejections for one that names a document or an event.

Only a rejection by a stage is known by the document: an invalid event may claim any id, so
nothing is kept under what it claims.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic_core import to_json
from redis import Redis

from fanmill.ports import RejectedEntry
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.redis.rejections import RedisRejections
from fanmill.stores.script import load

SEARCHED: Final = 200
"""Rejections that are searched from each end, unless all are."""

_SLICE_BYTES: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a search.

    Attributes:
        entry: The newest rejection among those that were searched; None if none has the id.
        searched: Rejections that were looked at.
        all: Whether these are all there are.
    """

    entry: RejectedEntry | None
    searched: int
    all: bool


class RejectionSearch:
    """Searches the rejected stream, the newest first, in slices.

    Args:
        redis: A client of the server.
        keys: The keys of the namespace.
        source: Source of the event; None for any.
    """

    def __init__(self, redis: Redis, keys: Keys, source: str | None) -> None:
        self._redis = redis
        self._keys = keys
        self._source = source
        self._rejections = RedisRejections(redis, keys)

    def of_entry(self, entry_id: str) -> Found:
        """Return the rejection of an entry of the ledger, from a search of all."""
        marks = [f'"id":"{entry_id}"']
        return self._look("XREVRANGE", marks, lambda found: found.event.id == entry_id, None)

    def naming(self, wanted: str, *, whole: bool) -> Found:
        """Return a rejection whose document or event has an id.

        Args:
            wanted: The id.
            whole: Whether to search all rejections, instead of `SEARCHED` from each end.
        """

        def names(entry: RejectedEntry) -> bool:
            data = entry.event.data
            if data.document_id == wanted:
                return True
            return data.event_id == wanted and self._source in (None, data.source)

        name = to_json(wanted).decode()
        marks = [f'"document_id":{name}', f'"event_id":{name}']
        newest = self._look("XREVRANGE", marks, names, None if whole else SEARCHED)
        if whole or newest.entry is not None or newest.all:
            return newest
        oldest = self._look("XRANGE", marks, names, SEARCHED)
        return Found(oldest.entry, newest.searched + oldest.searched, all=False)

    def _look(
        self,
        command: Literal["XRANGE", "XREVRANGE"],
        marks: list[str],
        wanted: Callable[[RejectedEntry], bool],
        limit: int | None,
    ) -> Found:
        at, stop = ("-", "+") if command == "XRANGE" else ("+", "-")
        searched = 0
        while limit is None or searched < limit:
            count = SEARCHED if limit is None else limit - searched
            answer: Any = load("redis", "search_rejections").run(
                self._redis, [self._keys.rejected], [command, at, stop, count, _SLICE_BYTES, *marks]
            )
            rejected_id, last, seen = text(answer[0]), text(answer[1]), int(answer[2])
            searched += seen
            if seen == 0:
                return Found(None, searched, all=True)
            at = f"({last}"
            entry = self._rejections.get(rejected_id) if rejected_id else None
            if entry is not None and wanted(entry):
                return Found(entry, searched, all=True)
        return Found(None, searched, all=False)
