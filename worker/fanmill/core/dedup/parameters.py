"""Parameters of fingerprints: their limits and their digest.

Fingerprints are comparable only if they have the same parameters, so a digest of the parameters is
part of every key of the index. The digest covers thresholds, too, because they decide which
documents are originals. It does not cover horizon and sizes, which may change.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, Self

ALGORITHM_REVISION: Final = 4
"""Revision of the algorithm; it rises if the same text and parameters give another fingerprint."""

KEY_MASK: Final = 0xFFFF0FFF
"""Bits of a look-up key: an entry stores the upper 16, and the lower 12 choose its first page. Two
keys are equal by chance once in 2**28."""

SIGNATURE_BITS: Final = 512
"""Number of bits in a signature (64 bytes)."""

_SIGNING: Final = attrgetter(
    "shingle_tokens", "min_shingles", "bands", "wide_bands", "rows", "seed", "boilerplate",
    "boilerplate_documents", "boilerplate_keep", "boilerplate_labels",
)  # fmt: skip
_NOT_IN_DIGEST: Final = ("horizon_days", "generations", "max_documents")


class InvalidDedupParameters(ValueError):
    """A parameter is out of range; the message names it, its value and its range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DedupParameters:
    """The parameters of near-duplicate detection; defaults as measured in tests/bench/README.md.

    Raises:
        InvalidDedupParameters: A value is out of range.

    """

    shingle_tokens: int = 5
    """Number of tokens in a shingle, 1 to 16."""

    min_shingles: int = 20
    """Minimum number of distinct shingles; only the digest judges shorter texts."""

    bands: int = 8
    """Number of bands to look up, 1 to 32; each takes 5.7 bytes per document."""

    wide_bands: int = 3
    """Number of bands with a single slot, 0 to `bands`. They find texts that share half of their
    shingles or less. A value keeps only its newest 8 documents, because common phrases are no
    sign of a copy."""

    rows: int = 2
    """Number of slots that must agree in each other band, 1 to 8. A pair with similarity s becomes
    a candidate with probability 1 - (1 - s**rows)**(bands - wide_bands) * (1 - s)**wide_bands: .999
    at .7, .993 at .6, .97 at .5."""

    seed: int = 42
    """Seed of the hash functions, 0 to 2**32 - 1."""

    jaccard_threshold: float = 0.7
    """Minimum estimated Jaccard similarity of a near duplicate, .3 to 1. Below .5, texts of more
    than 300 shingles may be missed, because 512 bits do not show so large a difference."""

    containment: bool = True
    """Treat a text that contains, or is contained in, another one as its near duplicate."""

    containment_threshold: float = 0.7
    """Minimum estimated containment of a near duplicate, .5 to 1: the share of the smaller shingle
    set that the larger one has. For texts of equal size, .7 is a Jaccard similarity of .54; see
    `containment_size_ratio`."""

    containment_size_ratio: float = 0.92
    """Maximum ratio of the sizes at which containment decides, 0 to 1. Only the Jaccard similarity
    judges texts of equal length."""

    containment_min_jaccard: float = 0.35
    """Minimum Jaccard similarity at which containment decides, .3 to 1; below it the estimate is
    too rough. .35 is a text inside another that is almost three times as long."""

    boilerplate: bool = True
    """Ignore lines already seen in several earlier documents."""

    boilerplate_documents: int = 3
    """Number of earlier unique documents that makes a line boilerplate, 1 to 3."""

    boilerplate_keep: float = 0.3
    """Minimum share of the tokens that is always kept, 0 to 1."""

    boilerplate_labels: bool = True
    """Ignore short lines that end no sentence (menu entries, dates, headings), even if unseen.
    Otherwise the menu would decide the comparison of a site's first pages."""

    horizon_days: float = 30.0
    """Minimum time for which a document is remembered; it is forgotten up to
    `horizon_days / generations` later."""

    generations: int = 8
    """Number of steps in which the horizon moves, 1 to 64."""

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
            "containment_min_jaccard": (0.3, 1.0),
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
        """Digest of eight hex digits; it differs if fingerprints or verdicts may differ."""
        return hashlib.blake2b(self.canonical_json().encode(), digest_size=4).hexdigest()

    @property
    def signing_digest(self) -> str:
        """Digest of eight hex digits; it differs if fingerprints may differ."""
        return _signing_digest(*_SIGNING(self))

    def canonical_json(self) -> str:
        """Return the parameters of the digest and the revision as JSON with sorted keys."""
        values = {k: v for k, v in asdict(self).items() if k not in _NOT_IN_DIGEST}
        values["revision"] = ALGORITHM_REVISION
        values["bits"] = SIGNATURE_BITS
        return json.dumps(values, sort_keys=True, separators=(",", ":"))

    @classmethod
    def of_json(cls, text: str) -> Self:
        """Return the parameters of a `canonical_json`, with default horizon and sizes.

        Raises:
            InvalidDedupParameters: The text is of another revision of the algorithm.


        """
        values = json.loads(text)
        made_by = tuple(values.pop(name, None) for name in ("revision", "bits"))
        known = {field.name for field in fields(cls)}
        if made_by != (ALGORITHM_REVISION, SIGNATURE_BITS) or not known >= set(values):
            raise InvalidDedupParameters(
                f"parameters {text} are of another revision than {ALGORITHM_REVISION}"
            )
        return cls(**values)


@lru_cache(maxsize=16)
def _signing_digest(*values: Any) -> str:
    # Each packed fingerprint has it.
    text = json.dumps([*values, ALGORITHM_REVISION, SIGNATURE_BITS])
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()
