"""Every Redis key of the index, in one place.

    <namespace>:dedup:parts                       set: names of the parts there are
    <namespace>:dedup:{<part>}:current            parameters of the part's index, JSON
    <namespace>:dedup:{<part>}:<digest>:state     hash: counters, generations
    <namespace>:dedup:{<part>}:<digest>:p<n>      page n of look-up entries
    <namespace>:dedup:{<part>}:<digest>:r<n>      records of 209 documents
    <namespace>:dedup:{<part>}:<digest>:i<n>      their ids (list)
    <namespace>:dedup:{<part>}:<digest>:m<n>      heads of the clusters they lead (hash)
    <namespace>:dedup:{<part>}:<digest>:v<n>      verdicts of replaced revisions (hash)
    <namespace>:dedup:{<part>}:<digest>:b0 to b2  line tables

The braces are Redis Cluster's hash tag: a part lives on one node, whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_NAME: Final = re.compile(r"[A-Za-z0-9_.@:-]{1,128}")


def parts_key(namespace: str) -> str:
    """Set: the names of the parts there are; on a cluster it has a node of its own."""
    return f"{namespace}:dedup:parts"


@dataclass(frozen=True, slots=True)
class IndexKeys:
    """Keys of one part of an index.

    Raises:
        ValueError: A name is empty, too long or has other characters than
            letters, digits and ``_.@:-`` (a brace would change the hash tag).

    """

    namespace: str
    part: str
    """A tenant, a language or both, e.g. ``acme:en``: documents of two parts are
    never compared."""
    digest: str

    def __post_init__(self) -> None:
        """Check the names."""
        for field in ("namespace", "part"):
            if not _NAME.fullmatch(getattr(self, field)):
                raise ValueError(
                    f"index {field} {getattr(self, field)!r} "
                    "must be 1 to 128 of A-Z a-z 0-9 _ . @ : -"
                )

    @property
    def current(self) -> str:
        """Key of the parameters now in use."""
        return f"{self.namespace}:dedup:{{{self.part}}}:current"

    @property
    def state(self) -> str:
        """Key every script is called with; the others are derived from it."""
        return f"{self.namespace}:dedup:{{{self.part}}}:{self.digest}:state"

    def of_digest(self, digest: str) -> IndexKeys:
        """Keys of the same part under other parameters."""
        return IndexKeys(self.namespace, self.part, digest)
