"""What a fingerprint is made with: the parameters, their limits and their digest.

Two fingerprints compare only if they were made with the same parameters, so a
short digest of them is part of every key of the index. Thresholds are in the
digest too: they decide who became a original. Horizon and sizes are not: they may
change while an index lives.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Final, Self

ALGORITHM_REVISION: Final = 2
"""Raised whenever the same text and parameters give another fingerprint."""

SIGNATURE_BITS: Final = 512
"""Bits of the verification signature (64 bytes)."""

_SIGNING: Final = (
    "shingle_tokens", "min_shingles", "bands", "wide_bands", "rows", "seed", "boilerplate",
    "boilerplate_documents", "boilerplate_keep", "boilerplate_labels",
)  # fmt: skip
_NOT_IN_DIGEST: Final = ("horizon_days", "generations", "max_documents")


class InvalidDedupParameters(ValueError):
    """A parameter is out of its range; the text names it, its value and the range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DedupParameters:
    """The parameters of near-duplicate detection; defaults as measured in tests/bench/README.md.

    Raises:
        InvalidDedupParameters: A value is out of its range.

    """

    shingle_tokens: int = 5
    """Tokens of one shingle, 1 to 16."""

    min_shingles: int = 20
    """Texts of fewer distinct shingles are judged by their digest alone."""

    bands: int = 8
    """Groups of slots that are looked up, 1 to 32; each costs 5.7 bytes a document."""

    wide_bands: int = 3
    """How many of the bands have one slot only, 0 to `bands`. They find what
    shares a half or less of its shingles; only the newest 8 documents of a value
    are remembered there, as common phrases are no sign of a copy."""

    rows: int = 2
    """Slots that must agree inside the other bands, 1 to 8. A pair of similarity s is
    looked at with probability 1 - (1 - s**rows)**(bands - wide_bands) *
    (1 - s)**wide_bands: .999 at .7, .993 at .6, .97 at .5."""

    seed: int = 42
    """Seed of the hash functions, 0 to 2**32 - 1."""

    jaccard_threshold: float = 0.7
    """Least estimated Jaccard similarity of a near duplicate, .3 to 1. Below .5 texts
    of more than 300 shingles may be missed: 512 bits do not show so large a difference."""

    containment: bool = True
    """Whether a text that is contained in another counts as near."""

    containment_threshold: float = 0.7
    """Least estimated containment (share of the smaller shingle set that the
    larger has) of a near duplicate, .5 to 1. For texts of equal size .7 is a
    Jaccard similarity of .54, see `containment_size_ratio`."""

    containment_size_ratio: float = 0.92
    """Containment decides only if the smaller set is at most this share of the
    larger, 0 to 1: texts of one length are judged by Jaccard alone."""

    containment_least_jaccard: float = 0.35
    """Containment decides only from this Jaccard similarity, .3 to 1: below it the
    estimate is too rough. .35 is a text inside one almost three times as long."""

    boilerplate: bool = True
    """Whether lines seen in several earlier documents are left out."""

    boilerplate_documents: int = 3
    """Earlier unique documents that make a line boilerplate, 1 to 3."""

    boilerplate_keep: float = 0.3
    """Share of the tokens that is kept whatever the lines are, 0 to 1."""

    boilerplate_labels: bool = True
    """Whether short lines that end no sentence (menu entries, dates, headings)
    are left out like boilerplate, seen or not: the first pages of a site would
    otherwise be compared by its menu."""

    horizon_days: float = 30.0
    """How long a document is remembered, at least; it is forgotten at most
    `horizon_days / generations` later."""

    generations: int = 8
    """Steps in which the horizon moves, 1 to 64."""

    max_documents: int = 16_000_000
    """Documents one part of the index holds, up to 16 000 000; above, the oldest
    generation goes early."""

    def __post_init__(self) -> None:
        """Check every range."""
        ranges: dict[str, tuple[float, float]] = {
            "shingle_tokens": (1, 16),
            "min_shingles": (1, 10_000),
            "bands": (1, 32),
            "wide_bands": (0, self.bands),
            "rows": (1, 8),
            "seed": (0, 2**32 - 1),
            "jaccard_threshold": (0.3, 1.0),
            "containment_threshold": (0.5, 1.0),
            "containment_size_ratio": (0.0, 1.0),
            "containment_least_jaccard": (0.3, 1.0),
            "boilerplate_documents": (1, 3),
            "boilerplate_keep": (0.0, 1.0),
            "horizon_days": (1e-6, 36_500),
            "generations": (1, 64),
            "max_documents": (1, 16_000_000),
        }
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise InvalidDedupParameters(
                    f"dedup parameter {name} is {value!r}; it must be {low:g} to {high:g}"
                )

    @property
    def digest(self) -> str:
        """Eight hex digits that differ whenever fingerprints or verdicts may differ."""
        return hashlib.blake2b(self.canonical_json().encode(), digest_size=4).hexdigest()

    @property
    def signing_digest(self) -> str:
        """Eight hex digits that differ whenever fingerprints may: thresholds do not count."""
        values = [getattr(self, name) for name in _SIGNING]
        text = json.dumps([*values, ALGORITHM_REVISION, SIGNATURE_BITS])
        return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()

    def canonical_json(self) -> str:
        """The parameters of the digest as JSON with sorted keys, the revision included."""
        values = {k: v for k, v in asdict(self).items() if k not in _NOT_IN_DIGEST}
        values["revision"] = ALGORITHM_REVISION
        values["bits"] = SIGNATURE_BITS
        return json.dumps(values, sort_keys=True, separators=(",", ":"))

    @classmethod
    def of_json(cls, text: str) -> Self:
        """Return what `canonical_json` was made of; horizon and sizes are the defaults.

        Raises:
            InvalidDedupParameters: They are of another revision of the algorithm.

        """
        values = json.loads(text)
        made_by = tuple(values.pop(name, None) for name in ("revision", "bits"))
        known = {field.name for field in fields(cls)}
        if made_by != (ALGORITHM_REVISION, SIGNATURE_BITS) or not known >= set(values):
            raise InvalidDedupParameters(
                f"parameters {text} are of another revision than {ALGORITHM_REVISION}"
            )
        return cls(**values)
