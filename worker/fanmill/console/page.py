"""Pages: what a screen of the web console registers, beside its acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fanmill.screens.acts import Act, Order, Refused
from fanmill.screens.reading import Reader
from fanmill.screens.tables import Role

Query = Mapping[str, str]
"""Parameters of the address; parts of a path like `/documents/{id}` are among them."""


class NotFound(Exception):
    """A page shows a thing that is not there; the text says what, and what to do."""


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


__all__ = ["Act", "NotFound", "Order", "Page", "Query", "Refused"]
