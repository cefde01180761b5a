"""Every Redis key of the index, in one place.

    <namespace>:dedup:partitions                       set: names of the partitions there are
    <namespace>:dedup:{<partition>}:current            parameters of the partition's index, JSON
    <namespace>:dedup:{<partition>}:<digest>:state     hash: counters, generations
    <namespace>:dedup:{<partition>}:<digest>:p<n>      page n of look-up entries
    <namespace>:dedup:{<partition>}:<digest>:r<n>      records of 209 documents
    <namespace>:dedup:{<partition>}:<digest>:i<n>      their ids (list)
    <namespace>:dedup:{<partition>}:<digest>:m<n>      heads of the clusters they lead (hash)
    <namespace>:dedup:{<partition>}:<digest>:v<n>      verdicts of replaced revisions (hash)
    <namespace>:dedup:{<partition>}:<digest>:t<id>     tombstone: the first entry that counts
    <namespace>:dedup:{<partition>}:<digest>:b0 to b2  line tables

The braces are Redis Cluster's hash tag: a partition lives on one node, whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_NAME: Final = re.compile(r"[A-Za-z0-9_.@:-]{1,128}")


def partitions_key(namespace: str) -> str:
    """Set: the names of the partitions there are; on a cluster it has a node of its own."""
    return f"{namespace}:dedup:partitions"


@dataclass(frozen=True, slots=True)
class IndexKeys:
    """Keys of one partition of an index.

    Raises:
        ValueError: A name is empty, too long or has other characters than
            letters, digits and ``_.@:-`` (a brace would change the hash tag).

    """

    namespace: str
    partition: str
    """A tenant, a language or both, e.g. ``acme:en``: documents of two partitions are
    never compared."""
    digest: str

    def __post_init__(self) -> None:
        """Check the names."""
        for field in ("namespace", "partition"):
            if not _NAME.fullmatch(getattr(self, field)):
                raise ValueError(
                    f"index {field} {getattr(self, field)!r} "
                    "must be 1 to 128 of A-Z a-z 0-9 _ . @ : -"
                )

    @property
    def current(self) -> str:
        """Key of the parameters now in use."""
        return f"{self.namespace}:dedup:{{{self.partition}}}:current"

    @property
    def state(self) -> str:
        """Key every script is called with; the others are derived from it."""
        return f"{self.namespace}:dedup:{{{self.partition}}}:{self.digest}:state"

    def of_digest(self, digest: str) -> IndexKeys:
        """Return a pattern for the keys of the same partition under other parameters."""
        return IndexKeys(self.namespace, self.partition, digest)
