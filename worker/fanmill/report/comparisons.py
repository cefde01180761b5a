"""A near duplicate beside its original, cut to what a page has room for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fanmill.core.document import Document

if TYPE_CHECKING:
    from fanmill.core.shared_text import PieceKind

_MAX_SPANS: Final = 100_000
_MAX_PIECES: Final = 12
_MAX_PIECE: Final = 300
"""Code points of a piece that are shown."""
_MAX_WORD: Final = 30


@dataclass(frozen=True, slots=True)
class ShownPiece:
    """The beginning of a piece; see `core.shared_text.Piece`."""

    kind: PieceKind
    text: str
    cut: bool
    """Whether the piece continues."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The shared and the other parts of a duplicate and its original."""

    document_id: str
    original: str
    sentences: int
    shared_sentences: int
    shared_characters: float
    """Share of the duplicate's text from 0 to 1."""
    pieces: list[ShownPiece]
    more: int
    """Number of pieces that are not shown."""


def compare(document: Document, original: Document) -> Comparison:
    """Return what a document shares with its original."""
    # Only some reports compare texts, and the analysis takes a third of a second to import.
    from fanmill.core.shared_text import pieces, shared_sentences  # noqa: PLC0415

    found = shared_sentences(document, original, maximum=_MAX_SPANS)
    parts = pieces(document.text, original.text, found)
    shown = []
    for piece in parts[:_MAX_PIECES]:
        text = (original if piece.kind == "other" else document).text[piece.start : piece.end]
        shown.append(ShownPiece(piece.kind, _beginning(text), len(text) > _MAX_PIECE))
    shared = sum(each.end - each.start for each in found.spans)
    return Comparison(
        document.document_id,
        original.document_id,
        found.sentences,
        found.shared_sentences,
        shared / len(document.text) if document.text else 0.0,
        shown,
        max(0, len(parts) - _MAX_PIECES),
    )


def _beginning(text: str) -> str:
    """Return the beginning of a piece, up to the end of a word if there is one near."""
    if len(text) <= _MAX_PIECE:
        return text
    space = text.rfind(" ", _MAX_PIECE - _MAX_WORD, _MAX_PIECE)
    return text[: space if space > 0 else _MAX_PIECE].rstrip()
