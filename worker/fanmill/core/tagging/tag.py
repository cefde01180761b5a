"""Tags: statements about a document, as taggers make them."""

from dataclasses import dataclass
from math import isfinite
from typing import Final

from fanmill.core.plugin import NAME
from fanmill.core.text.source_lines import Span
from fanmill_contracts.terms import ScoreKind

MAX_VALUE_LENGTH: Final = 500
"""Maximum number of code points in a tag's value: a phrase, not an extract."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A statement about a document.

    Attributes:
        namespace: Kind of statement, such as `keyphrase`: lower case, no spaces.
        value: The statement; 1 to 500 code points.
        score: 0.0 to 1.0.
        score_kind: Meaning of the score: a calibrated `probability`, a `rule` that matched, or
            a `heuristic` that only ranks.
        spans: Places of the evidence, in code points of the text.
        reason: Explanation for people.
        concept: The value in a public vocabulary, such as `medtop:15000000`.
    """

    namespace: str
    value: str
    score: float = 1.0
    score_kind: ScoreKind = "heuristic"
    spans: tuple[Span, ...] = ()
    reason: str | None = None
    concept: str | None = None


def fault_of(tag: object, size: int) -> str | None:  # noqa: PLR0911  a return for each fault
    """Return the fault of a tag for a text of `size` code points; None for a valid tag."""
    if not isinstance(tag, Tag):
        return f"{type(tag).__name__} where a Tag is expected"
    if not NAME.fullmatch(tag.namespace):
        return f"namespace {tag.namespace!r}; expected lower case without spaces"
    if not 0 < len(tag.value) <= MAX_VALUE_LENGTH:
        return f"a value of {len(tag.value)} code points; expected 1 to {MAX_VALUE_LENGTH}"
    if not (isfinite(tag.score) and 0.0 <= tag.score <= 1.0):
        return f"score {tag.score}; expected 0 to 1"
    if tag.score_kind not in {"probability", "rule", "heuristic"}:
        return f"score_kind {tag.score_kind!r}; expected probability, rule or heuristic"
    for start, end in tag.spans:
        if not 0 <= start < end <= size:
            return f"span {start} to {end} in a text of {size} code points"
    return None
