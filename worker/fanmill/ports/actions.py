"""Bulk actions: what an operator does to many rejections at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

ActionKind = Literal["replay", "edit", "drop", "forget"]
"""`replay`: put originals back on the ledger. `edit`: put edited events on the ledger and keep
the originals. `drop`: remove rejections for good. `forget`: erase documents from every place."""

ActionState = Literal["running", "done", "aborted"]

ActionOutcome = Literal[
    "replayed",
    "dropped",
    "gone",
    "no-original",
    "cut",
    "invalid-again",
    "invalid-edit",
    "forgotten",
    "traces",
]
"""The end of one rejection in an action. `replayed`, `dropped`: done. `gone`: replayed or dropped
by someone else before. `no-original`: no original event is kept. `cut`: only its beginning is
kept. `invalid-again`: intake would reject it again. `invalid-edit`: the edited event breaks the
contract. `forgotten`: documents that were erased. `traces`: entries of streams, and other places,
out of which they were taken."""

DONE_OUTCOMES: Final[frozenset[ActionOutcome]] = frozenset({"replayed", "dropped", "forgotten"})

MAX_ACTION_IDS: Final = 1000
"""Maximum number of rejections that an action can name one by one."""

MAX_ACTIONS: Final = 10_000
"""Number of ended actions that are kept; older ones go first."""

ACTION_RETENTION_DAYS: Final = 90
"""Time for which an action is kept after its end."""


@dataclass(frozen=True, slots=True)
class ActionOrder:
    """The wish of an operator, frozen when the action is created."""

    kind: ActionKind
    actor: str
    """Name of the operator, such as `ada@mill1`."""
    where: str = ""
    """Filter over rejections; empty for all. Ages count to the time of creation. For `forget` it
    says how the documents were selected, without values that are content."""
    ids: tuple[str, ...] = ()
    """Rejections named one by one; then there is no filter."""
    edits: Mapping[str, str] = field(default_factory=dict)
    """New values as JSON by dotted path into the event, such as `data.language`."""
    event: str = ""
    """The whole new event as JSON, for one rejection alone."""
    rate: float | None = None
    """Maximum number of rejections acted on per second; None for no limit."""
    first: bool = False
    """Whether intake reads the replayed events before the backlog."""
    note: str = ""
    """The reason for the action, in the words of the operator."""
    documents: int = 0
    """Number of documents that `forget` erases. Their ids are kept until the action has ended."""
    at_ms: int = 0
    """Time of a `forget` in ms since 1970: what the ledger took before it is erased."""


@dataclass(frozen=True, slots=True)
class Action:
    """An action and its progress."""

    id: str
    order: ActionOrder
    state: ActionState
    created_ms: int
    """Time of the server, in ms since 1970."""
    until: str
    """Id of the last rejection at the time of creation; later ones are left alone."""
    total: int
    """Number of rejections to look at, as counted at the time of creation."""
    examined: int = 0
    cursor: str = "0-0"
    """Id of the last rejection that was looked at."""
    outcomes: Mapping[ActionOutcome, int] = field(default_factory=dict)
    """Number of rejections by outcome; those that the filter leaves out are not in it."""
    finished_ms: int | None = None
    owner: str = ""
    """Name of the process that executes it now or did last; empty before the first slice."""
    aborting: bool = False
    """Whether a `forget` takes no further documents, and ends when those it took are erased."""


@dataclass(frozen=True, slots=True)
class ActionItem:
    """A rejection to act on in a slice."""

    rejected_id: str
    identity: tuple[str, str] | None = None
    """Source and id of the event, where a replay has to free them."""
    body: str = ""
    """The edited event as JSON; empty to take the original."""


@dataclass(frozen=True, slots=True)
class ActionSlice:
    """A part of an action: performed as a whole, or not at all."""

    cursor: str
    """Id of the last rejection that it looks at."""
    examined: int
    items: tuple[ActionItem, ...] = ()
    skipped: Mapping[ActionOutcome, int] = field(default_factory=dict)
    last: bool = False
    """Whether the action is done with it."""


class Actions(Protocol):
    """The bulk actions of a namespace, and their execution in slices.

    A slice is one atomic act that also moves the cursor of its action. Performed again, or by
    a second process, it finds the cursor moved and changes nothing.
    """

    def draft(self, order: ActionOrder) -> Action:
        """Return the action that `create` would make now, without id; nothing is created."""

    def create(self, order: ActionOrder) -> Action:
        """Create an action, with the rejections of now; return it."""

    def get(self, action_id: str) -> Action | None:
        """Return an action; None for an unknown one, or one that ended 90 days ago."""

    def newest(self, limit: int | None = None) -> Sequence[Action]:
        """Return actions, the newest first."""

    def running(self) -> int:
        """Return how many actions are neither done nor aborted."""

    def abort(self, action_id: str) -> bool:
        """End an action before its next slice; False if it is unknown or has ended.

        A `forget` ends when the documents that it has taken are erased everywhere.
        """

    def claim(self, owner: str, lease_seconds: float, only: str | None = None) -> Sequence[Action]:
        """Return the running actions that this process is to execute now, the oldest first.

        They are its own, or without owner, or their owner has been silent for the time of
        its lease. Actions that their rate holds back at the moment are left out. With `only`,
        all but the action of this id are left alone.
        """

    def perform(self, action: Action, part: ActionSlice, owner: str, lease_seconds: float) -> bool:
        """Perform a slice and move the cursor, in one atomic act.

        False, and nothing has changed: the action has ended, another process has claimed it,
        or the slice was performed before.
        """
