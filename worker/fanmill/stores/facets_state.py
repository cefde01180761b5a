"""The version of the facets of a store, and how far they are made anew.

Facets are made from the records of a store: the tokens, terms and columns by which it finds them.
A program with another rule for them finds too little in a store, so that it makes them anew first.
The table of facts of a store has two rows for that: the version of all facets, which is empty while
some are of another, and the place that the work has reached.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final, Literal

from pydantic_core import from_json, to_json

from fanmill.ports.store import FacetsProgress, StoreError

VERSION: Final = "facets"
"""Name of the row with the version of all facets."""
REBUILD: Final = "facets_rebuild"
"""Name of the row with a `FacetsCursor`; there is none unless facets are made anew."""

FacetsTable = Literal["records", "rejections"]


@dataclass(frozen=True, slots=True)
class FacetsCursor:
    """The place that the work has reached. It moves in the transaction of each slice."""

    version: str
    """Version of the facets that are made."""
    total: int
    """Number of records and rejections when it began."""
    table: FacetsTable = "records"
    after: int = 0
    """The facets of rows up to this position of the table are made."""
    done: int = 0

    @property
    def progress(self) -> FacetsProgress:
        """How many of how many are made."""
        return FacetsProgress(self.done, max(self.total, self.done))

    def moved(self, positions: list[int], limit: int) -> FacetsCursor | None:
        """Return the cursor behind a slice of up to `limit` rows; None behind the last one."""
        done = self.done + len(positions)
        if len(positions) == limit:
            return replace(self, after=positions[-1], done=done)
        if self.table == "records":
            return replace(self, table="rejections", after=0, done=done)
        return None

    @property
    def text(self) -> str:
        """The cursor as a value of its row."""
        return to_json(asdict(self)).decode()


def cursor_in(facts: Mapping[str, str]) -> FacetsCursor | None:
    """Return the cursor among the facts of a store."""
    written = facts.get(REBUILD)
    return None if written is None else FacetsCursor(**from_json(written))


def require_facets(facts: Mapping[str, str], wanted: str) -> None:
    """Check that all facets of a store are those of this program.

    Raises:
        StoreError: They are of another version, or being made anew: temporary.
    """
    version = facts.get(VERSION, "")
    if version == wanted:
        return
    cursor = cursor_in(facts)
    if cursor is not None and cursor.version == wanted:
        state = f"being made anew, {cursor.progress}; `fanmill store migrate` completes it"
    else:
        of = version or (cursor.version if cursor else "") or "none"
        state = f"of version {of}, this program needs {wanted}; run `fanmill store migrate`"
    raise StoreError(f"the search index of the store is {state}", temporary=True)
