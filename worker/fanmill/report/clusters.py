"""The members of the largest clusters, collected in a second pass over the records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

MAX_CLUSTERS: Final = 10
MAX_MEMBERS: Final = 10
"""Maximum number of members of a cluster in a report."""


@dataclass(frozen=True, slots=True)
class Member:
    """A duplicate of a cluster."""

    document_id: str
    verdict: str
    similarity: float | None
    title: str


@dataclass(slots=True)
class ClusterMembers:
    """An original with its first duplicates."""

    original: str
    duplicates: int
    """Number of all its duplicates."""
    title: str = ""
    members: list[Member] = field(default_factory=list)


class ClusterSearch:
    """Looks for the members of known clusters.

    Args:
        originals: Originals with the number of their duplicates.
    """

    def __init__(self, originals: Iterable[tuple[str, int]]) -> None:
        self.clusters = {name: ClusterMembers(name, count) for name, count in originals}

    def add_record(self, record: Mapping[str, Any]) -> None:
        """Keep a record that is the original, or one of the first duplicates, of a cluster."""
        document_id, title = str(record.get("document_id")), str(record.get("title") or "")
        own = self.clusters.get(document_id)
        if own is not None:
            own.title = title
        judged = record["deduplication"]
        cluster = self.clusters.get(str(judged.get("duplicate_of")))
        if cluster is not None and len(cluster.members) < MAX_MEMBERS:
            similarity = judged.get("similarity")
            cluster.members.append(
                Member(
                    document_id,
                    str(judged["verdict"]),
                    float(similarity) if isinstance(similarity, int | float) else None,
                    title,
                )
            )
