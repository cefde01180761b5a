"""The mark of an edited event that is replayed: `replay_of` in its metadata. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from fanmill.core.entry_ids import is_entry_id

REPLAY_OF: Final = "replay_of"
"""Key of the metadata that names the rejection whose edited event this is."""


def replay_of(event: Mapping[str, Any]) -> str | None:
    """Return the id of the rejection that an event names; None if it names none."""
    mark = (event["data"].get("metadata") or {}).get(REPLAY_OF)
    return mark if isinstance(mark, str) and is_entry_id(mark) else None
