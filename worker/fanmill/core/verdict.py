"""What is said of a document once its leader is known. Looking it up belongs to the index."""

from typing import Final

from fanmill_contracts import Deduplication

ALGORITHM: Final = "exact-1"
"""Equal digests of normalised text; the number changes with what counts as equal."""


def exact_verdict(leader: str | None) -> Deduplication:
    """Return the verdict on a document whose normalised text equals that of `leader`, if any."""
    if leader is None:
        return Deduplication(verdict="unique", algorithm=ALGORITHM)
    return Deduplication(verdict="exact", leader=leader, similarity=1.0, algorithm=ALGORITHM)
