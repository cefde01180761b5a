"""What is said of a document once it was judged. Judging belongs to the index."""

from typing import Final

from fanmill.core.dedup.fingerprint import Fingerprint
from fanmill.core.dedup.judgement import Judgement
from fanmill.core.dedup.packing import packed
from fanmill.core.dedup.parameters import DedupParameters
from fanmill_contracts import Deduplication

ALGORITHM: Final = "minhash"
"""Shingles, MinHash and one-bit signatures; the revision behind it is the engine's."""


def verdict(
    judgement: Judgement, fingerprint: Fingerprint, parameters: DedupParameters, partition: str
) -> Deduplication:
    """Return the verdict as it stands in the record: what, of which document, how sure, and why."""
    unique = judgement.verdict == "unique"
    return Deduplication(
        verdict=judgement.verdict,
        duplicate_of=judgement.original_id,
        similarity=None if unique else judgement.jaccard,
        containment=None if unique else judgement.containment,
        decided_by=judgement.decided_by,
        compared_text=judgement.view,
        algorithm=f"{ALGORITHM}-{judgement.revision}",
        parameters=judgement.parameters,
        threshold=parameters.jaccard_threshold,
        partition=partition,
        fingerprint=packed(fingerprint, parameters),
    )
