"""Measures vowels: their number, and their share of all characters."""

from fanmill.plugins import DocumentView, Measure, statistics

MEASURES = (
    Measure("count", "integer", "letters", "Number of the vowels a, e, i, o and u.", low=0),
    Measure("share", "number", "share of characters", "Share of these vowels.", low=0, high=1),
)


@statistics("vowels", "1", MEASURES, time_limit_seconds=0.05)
def vowels(doc: DocumentView) -> dict[str, int | float | None]:
    """Return number and share; a text without characters has no share."""
    count = sum(map(doc.folded.count, "aeiou"))
    return {"count": count, "share": count / len(doc.text) if doc.text else None}
