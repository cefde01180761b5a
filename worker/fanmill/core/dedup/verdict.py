"""Verdict of the index as a member of the record."""

from typing import Final

from fanmill.core.dedup.judgement import Judgement
from fanmill.core.dedup.parameters import DedupParameters
from fanmill_contracts.results import Deduplication

ALGORITHM: Final = "minhash"
"""Shingles, MinHash and one-bit signatures. The record adds the revision of the index."""


def verdict(judgement: Judgement, parameters: DedupParameters, partition: str) -> Deduplication:
    """Return the member `deduplication` of a record.

    Similarity, containment and compared text are None for a unique document.
    """
    unique = judgement.verdict == "unique"
    return Deduplication(
        verdict=judgement.verdict,
        duplicate_of=judgement.original_id,
        similarity=None if unique else judgement.jaccard,
        containment=None if unique else judgement.containment,
        decided_by=judgement.decided_by,
        compared_text=None if unique else judgement.view,
        algorithm=f"{ALGORITHM}-{judgement.revision}",
        threshold=parameters.jaccard_threshold,
        partition=partition,
    )
