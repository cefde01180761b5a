"""The corpus view in memory."""

from datetime import date

from fanmill.core.corpus.aggregate import Aggregate, GroupKey, merge_data_points
from fanmill.core.corpus.data_point import DataPoint
from fanmill.testing.server import MemoryServer


class MemoryCorpus:
    """`fanmill.ports.Corpus` in memory; nothing expires."""

    def __init__(self, server: MemoryServer) -> None:
        self._server = server

    def fold(self, at_least: int = 1) -> int:
        """Work data points into aggregates; see the port."""
        waiting = self._server.data_points
        if len(waiting) < max(1, at_least):
            return 0
        groups = _restored(self._server.aggregates)
        merge_data_points(groups, map(DataPoint.from_json, waiting))
        self._server.aggregates = {group: each.to_bytes() for group, each in groups.items()}
        self._server.data_points = []
        return len(waiting)

    def aggregates(self, since: date | None = None) -> dict[GroupKey, Aggregate]:
        """Return all aggregates by group; see the port."""
        groups = _restored(self._server.aggregates)
        merge_data_points(groups, map(DataPoint.from_json, self._server.data_points))
        first = "" if since is None else since.isoformat()
        return {group: each for group, each in groups.items() if group.day >= first}


def _restored(written: dict[GroupKey, bytes]) -> dict[GroupKey, Aggregate]:
    return {group: Aggregate.from_bytes(each) for group, each in written.items()}
