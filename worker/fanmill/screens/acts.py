"""Acts: what the buttons and keys of the consoles do, the same in a browser and a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fanmill.screens.reading import PartitionReader, Reader
from fanmill.screens.tables import Role


@dataclass(frozen=True, slots=True)
class Told:
    """The answer to an act that leads to another screen.

    Attributes:
        text: The result in a sentence; empty if the screen says it all.
        link: Address of the screen, such as `actions/5d1c0e77`.
    """

    text: str
    link: str


class Refused(Exception):
    """An act that cannot be done; the text says why, and what to do.

    Args:
        text: The reason.
        field: Name of the field of the form that has to change; empty if it is none.
    """

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text, field)
        self.field = field

    def __str__(self) -> str:
        """Return the reason."""
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person or program that asks."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Order:
    """A form that a viewer has sent."""

    viewer: Viewer
    ids: Sequence[str]
    values: Mapping[str, str]

    @property
    def note(self) -> str:
        """The reason that the viewer gave."""
        return self.values.get("note", "").strip()[:500]

    def check_word(self, word: str) -> None:
        """Check that the viewer typed the word that an act without return wants.

        Raises:
            Refused: The viewer did not.
        """
        if self.values.get("word", "").strip() != word:
            raise Refused(f"Nothing was done: type the word {word} to confirm.")


@dataclass(frozen=True, slots=True)
class Act:
    """The effect of a button.

    Attributes:
        table: Name of the table or page that has it.
        action: Name of the action.
        role: Least role that may do it.
        do: Does it, and returns what was done in a sentence, with a screen to go to if there is
            one; called in a thread. It may raise `Refused`.
    """

    table: str
    action: str
    role: Role
    do: Callable[[Reader, Order], str | Told]


def partition_at(reader: Reader, number: str) -> PartitionReader:
    """Return the partition of a number in the id of a row.

    Raises:
        Refused: There is none.
    """
    for partition in reader.partitions:
        if str(partition.number) == number:
            return partition
    raise Refused(f"There is no partition {number!r}.")
