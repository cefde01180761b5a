"""The corpus view in memory."""

from datetime import date

from fanmill.core.corpus.aggregate import Aggregate, Cell, work_in
from fanmill.core.corpus.observation import Observation
from fanmill.testing.server import MemoryServer


class MemoryCorpus:
    """`fanmill.ports.Corpus` in memory; nothing expires."""

    def __init__(self, server: MemoryServer) -> None:
        self._server = server

    def fold(self, at_least: int = 1) -> int:
        """Work observations into aggregates; see the port."""
        waiting = self._server.observations
        if len(waiting) < max(1, at_least):
            return 0
        cells = _restored(self._server.aggregates)
        work_in(cells, map(Observation.from_json, waiting))
        self._server.aggregates = {cell: each.to_bytes() for cell, each in cells.items()}
        self._server.observations = []
        return len(waiting)

    def aggregates(self, since: date | None = None) -> dict[Cell, Aggregate]:
        """Return all aggregates by cell; see the port."""
        cells = _restored(self._server.aggregates)
        work_in(cells, map(Observation.from_json, self._server.observations))
        first = "" if since is None else since.isoformat()
        return {cell: each for cell, each in cells.items() if cell.day >= first}


def _restored(written: dict[Cell, bytes]) -> dict[Cell, Aggregate]:
    return {cell: Aggregate.from_bytes(each) for cell, each in written.items()}
