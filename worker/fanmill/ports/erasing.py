"""The erasure of documents: an action of the kind `forget`, slice by slice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from fanmill.ports.actions import Action


@dataclass(frozen=True, slots=True)
class Erasure:
    """Documents that a sink is to erase in its store, and who ordered that."""

    document_ids: tuple[str, ...]
    at_ms: int
    """Time of the erasure in ms since 1970: outcomes of earlier events are refused from then on."""
    actor: str
    note: str


class Erasing(Protocol):
    """The execution of actions that forget documents."""

    def advance(self, action: Action, owner: str, lease_seconds: float) -> bool:
        """Perform the next slice of an action and move its cursor.

        A slice can be repeated: a process that is killed between both loses and doubles nothing.
        False if the action has ended, or another process has claimed it.
        """


class Searched(Protocol):
    """The part of a store of record that proves an erasure."""

    def every_row(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Yield each row of each table: the table, and its values as text by column.

        Numbers, fingerprints and nulls are left out; a record is its JSON.
        """

    def orphaned(
        self, document_ids: Sequence[str], phrases: Sequence[tuple[str, str]]
    ) -> list[str]:
        """Return documents of which the search index still has tokens without a record.

        `phrases` are pairs of a document and a part of its text.
        """
