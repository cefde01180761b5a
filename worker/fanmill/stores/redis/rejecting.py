"""The move of ledger entries to the rejected stream."""

from collections.abc import Sequence
from typing import Any, Final

from redis import Redis

from fanmill.ports import MAX_WHOLE_INVALID, ORIGINAL_BEGINNING_BYTES, Rejection
from fanmill.stores.keys import GROUP, Keys
from fanmill.stores.rejection_event import group_facts, group_of, rejection_objects
from fanmill.stores.script import load
from fanmill_contracts import limits

_LIMITS: Final = (limits.MAX_EVENT_BYTES, ORIGINAL_BEGINNING_BYTES, MAX_WHOLE_INVALID)


def reject(redis: Redis, keys: Keys, rejections: Sequence[Rejection]) -> list[bool]:
    """Move entries to the rejected stream in one atomic act; see `fanmill.ports.Ledger`."""
    names = [
        keys.ingested,
        keys.rejected,
        keys.counters,
        keys.history,
        keys.released,
        keys.admitted,
        keys.failed,
        keys.groups,
    ]
    arguments: list[Any] = [GROUP, *_LIMITS]
    for rejection in rejections:
        names += (keys.work(rejection.entry_id), *_identity(keys, rejection))
        arguments += (
            rejection.entry_id,
            "" if rejection.place == "intake" else rejection.place,
            rejection.attempts,
            rejection.reason,
            *rejection_objects(rejection),
            group_of(rejection),
            group_facts(rejection),
        )
    return [bool(answer) for answer in load("redis", "reject").run(redis, names, arguments)]


def _identity(keys: Keys, rejection: Rejection) -> tuple[str, str]:
    document, event, source = rejection.document_id, rejection.event_id, rejection.source
    nothing = keys.nothing
    # An event that is not valid must not change the state of the document it names.
    if document is None or rejection.unverified:
        return nothing, nothing
    known = event is not None and source is not None
    event_key = keys.event(source or "", event or "") if known else nothing
    return keys.document(document), event_key
