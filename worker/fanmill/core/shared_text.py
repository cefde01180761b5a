"""The sentences that two documents share."""

from dataclasses import dataclass
from typing import Literal

from fanmill.core.analysis import Analysis
from fanmill.core.dedup.spans import MAX_SPANS, SharedSpans, Span, shared_spans
from fanmill.core.document import Document
from fanmill.core.text.sentences import sentence_spans


def shared_sentences(
    document: Document, other: Document, *, maximum: int = MAX_SPANS
) -> SharedSpans:
    """Return the sentences that two documents share; see `core.dedup.spans.shared_spans`.

    The ends of sentences depend on the language. If the main languages of the documents differ,
    both are cut by the rules of each, and the result with more shared sentences is returned.

    Args:
        document: A document.
        other: The document to compare it with, such as its original.
        maximum: Maximum number of spans in the result.
    """
    first, second = Analysis(document), Analysis(other)
    return max(
        (
            shared_spans(
                document.text,
                other.text,
                sentence_spans(first.layout.prose, language),
                sentence_spans(second.layout.prose, language),
                maximum=maximum,
            )
            for language in sorted({first.language.code, second.language.code})
        ),
        key=lambda found: (found.shared_sentences, -found.sentences - found.other_sentences),
    )


PieceKind = Literal["shared", "moved", "own", "other"]
"""`shared`: in both texts. `moved`: in both, but in the other one before what precedes it here.
`own`: only in the first text. `other`: only in the other."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a comparison, for people."""

    kind: PieceKind
    start: int
    """Offset in the first text; for the kind `other` in the other one."""
    end: int
    sentences: int = 0
    """Number of sentences of a shared piece."""


def pieces(text: str, other: str, found: SharedSpans) -> list[Piece]:
    """Return two texts as pieces, in the order of the first text.

    The parts of the other text that are not shared appear before the shared piece that they
    precede there. Parts without a letter or digit are left out.
    """
    by_other = sorted(found.spans, key=lambda each: each.other_start)
    gap_before: dict[int, Span] = {}
    at = 0
    for each in by_other:
        gap_before[each.other_start] = (at, each.other_start)
        at = each.other_end
    tail = (at, len(other))
    parts: list[Piece] = []
    at = reached = 0
    for each in found.spans:
        _add(parts, "other", other, gap_before[each.other_start])
        _add(parts, "own", text, (at, each.start))
        kind: PieceKind = "shared" if each.other_start >= reached else "moved"
        parts.append(Piece(kind, each.start, each.end, each.sentences))
        at, reached = each.end, max(reached, each.other_end)
    _add(parts, "other", other, tail)
    _add(parts, "own", text, (at, len(text)))
    return parts


def _add(parts: list[Piece], kind: PieceKind, text: str, span: Span) -> None:
    part = text[span[0] : span[1]]
    if any(map(str.isalnum, part)):
        start = span[0] + len(part) - len(part.lstrip())
        parts.append(Piece(kind, start, span[0] + len(part.rstrip())))
