"""A rejection: its cause, its original event in readable form, its earlier replays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json, to_json

from fanmill.core.entry_ids import is_entry_id, order_of
from fanmill.core.text.escapes import escape_json_lines
from fanmill.ports import RejectedEntry
from fanmill.screens.reading import PartitionReader, Reader
from fanmill.stores.event_field import event_body, event_field

_MAX_EDITED_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class RejectionView:
    """A rejection as an operator sees it.

    Attributes:
        id: `PARTITION:ID`.
        link: Address of its screen.
        entry: The rejection.
        rejected_ms: Time of the rejection, in ms since 1970.
        event: The original event as JSON, indented; empty if it is none or is not kept.
        raw: Fields of the original that are no event in JSON, as texts.
        cut: The reason for which it cannot be replayed; empty if it can.
        partition: Its partition; None without partitions.
    """

    id: str
    link: str
    entry: RejectedEntry
    rejected_ms: int
    event: str
    raw: dict[str, str]
    cut: str
    partition: int | None

    @property
    def open(self) -> bool:
        """Whether it is neither replayed nor dropped."""
        return self.entry.replayed_as is None

    @property
    def editable(self) -> bool:
        """Whether it can be edited in a form."""
        small = len(self.event) <= _MAX_EDITED_BYTES
        return self.open and self.entry.cut_bytes is None and small and bool(self.entry.original)


def look_at(reader: Reader, number: str, rejected_id: str) -> RejectionView | None:
    """Return a rejection; None if there is none, any more."""
    if not is_entry_id(rejected_id):
        return None
    for partition in reader.partitions:
        if str(partition.number) == number:
            entry = partition.wiring.rejections.get(rejected_id)
            return _view(reader, partition, entry) if entry else None
    return None


def _view(reader: Reader, partition: PartitionReader, entry: RejectedEntry) -> RejectionView:
    event = _readable(event_body(entry.original))
    name = event_field(entry.original)
    raw = {
        key: value.decode(errors="backslashreplace")
        for key, value in entry.original.items()
        if not (event and key == name)
    }
    cut = ""
    if entry.cut_bytes is not None:
        cut = (
            f"Only the beginning of the event is kept; it had {entry.cut_bytes:,} bytes. "
            "It cannot be replayed: let its producer publish it again."
        )
    elif not entry.original and entry.replayed_as is None:
        cut = "No original event is kept. Let its producer publish it again."
    return RejectionView(
        id=f"{partition.number}:{entry.id}",
        link=f"rejections/{partition.number}/{entry.id}",
        entry=entry,
        rejected_ms=order_of(entry.id)[0],
        event=event,
        raw=raw,
        cut=cut,
        partition=partition.number if len(reader.partitions) > 1 else None,
    )


def _readable(body: bytes | None) -> str:
    if body is None:
        return ""
    try:
        content: Any = from_json(body)
    except ValueError:
        return ""
    if not isinstance(content, dict):
        return ""
    # As JSON writes them: what is copied or edited is the same event.
    return escape_json_lines(to_json(content, indent=2).decode())
