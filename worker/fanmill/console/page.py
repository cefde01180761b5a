"""Pages and acts: what a screen of the console registers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fanmill.console.accounts import Viewer
from fanmill.screens.reading import Reader
from fanmill.screens.tables import Role

Query = Mapping[str, str]
"""Parameters of the address; parts of a path like `/documents/{id}` are among them."""


class NotFound(Exception):
    """A page shows a thing that is not there; the text says what, and what to do."""


class Refused(Exception):
    """An act that cannot be done; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Attributes:
        name: Name in code and of its templates: `NAME.html` is its contents.
        title: Heading.
        path: Address, with parameters such as `/documents/{id:path}`.
        view: Returns the values of its template; called in a thread.
        key: Letter after `g` that goes to it; empty for pages outside the navigation.
        live: Whether its contents are rendered anew each second while a viewer looks.
        role: Least role that may see it.
    """

    name: str
    title: str
    path: str
    view: Callable[[Reader, Query], dict[str, Any]]
    key: str = ""
    live: bool = False
    role: Role = "reader"


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


@dataclass(frozen=True, slots=True)
class Act:
    """The effect of a button.

    Attributes:
        table: Name of the table or page that has it.
        action: Name of the action.
        role: Least role that may do it.
        do: Does it, and returns what was done in a sentence; called in a thread. It may raise
            `Refused`.
    """

    table: str
    action: str
    role: Role
    do: Callable[[Reader, Order], str]
