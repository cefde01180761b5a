"""The sentences that two documents share, from their texts or else from their extracts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from fanmill.ops.kept_texts import kept_event
from fanmill.screens.reading import Reader
from fanmill.screens.records import Record, partitions_for

if TYPE_CHECKING:
    from fanmill.core.dedup.spans import SharedSpans, Span
    from fanmill.core.document import Document
    from fanmill.core.shared_text import PieceKind

_MAX_CHARACTERS: Final = 400_000
"""Length of both texts up to which a page compares them; its time was not measured."""
_MAX_PIECES: Final = 400


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a comparison: its kind (see `core.shared_text.Piece`) and its text."""

    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two documents side by side.

    Attributes:
        first: Id of the first document.
        second: Id of the document that it is compared with.
        basis: Whether texts or extracts were compared; `nothing` if neither was possible.
        parts: Both in the order of the first.
        shared: Sentences in both.
        first_sentences: Sentences of the first.
        second_sentences: Sentences of the second.
        note: Reason for the basis, and what to do.
    """

    first: str
    second: str
    basis: Literal["texts", "extracts", "nothing"]
    parts: Sequence[Part] = ()
    shared: int = 0
    first_sentences: int = 0
    second_sentences: int = 0
    note: str = ""


def compare(
    reader: Reader,
    first: str,
    second: str,
    first_record: Record | None,
    second_record: Record | None,
) -> Comparison:
    """Return what two documents share.

    Args:
        reader: The reader.
        first: Id of a document.
        second: Id of another one, such as its original.
        first_record: Record of the first.
        second_record: Record of the second.
    """
    command = f"fanmill duplicates {first} --diff --text PATH compares the texts in your files."
    one, other = _kept(reader, first), _kept(reader, second)
    if one is not None and other is not None:
        if len(one.text) + len(other.text) <= _MAX_CHARACTERS:
            return _of_texts(one, other)
        return Comparison(first, second, "nothing", note=f"The texts are too long here. {command}")
    sentences, others = _sentences(first_record), _sentences(second_record)
    missing = "Texts are kept until a document is complete."
    if not sentences or not others:
        lacking = first if not sentences else second
        return Comparison(
            first, second, "nothing",
            note=f"{missing} There is no extract of {lacking} to compare instead. {command}",
        )  # fmt: skip
    return _of_extracts(
        first, second, sentences, others, f"{missing} These are the extracts. {command}"
    )


def _kept(reader: Reader, document_id: str) -> Document | None:
    from fanmill.core.document import Document  # noqa: PLC0415  its users are few

    for partition in partitions_for(reader, document_id):
        event = kept_event(partition.redis, partition.keys, document_id)
        if event is not None:
            data = event.data
            return Document(data.document_id, data.text, title=data.title, language=data.language)
    return None


def _of_texts(one: Document, other: Document) -> Comparison:
    from fanmill.core.shared_text import shared_sentences  # noqa: PLC0415  loads the analysis

    found = shared_sentences(one, other)
    return _comparison(
        (one.document_id, other.document_id), "texts", (one.text, other.text), found, ""
    )


def _sentences(record: Record | None) -> list[str]:
    summary = (record or {}).get("summary") or {}
    return [each["text"] for each in summary.get("sentences") or ()]


def _of_extracts(
    first: str, second: str, sentences: Sequence[str], others: Sequence[str], note: str
) -> Comparison:
    from fanmill.core.dedup.spans import shared_spans  # noqa: PLC0415  loads numpy

    text, spans = _joined(sentences)
    other, other_spans = _joined(others)
    found = shared_spans(text, other, spans, other_spans)
    return _comparison((first, second), "extracts", (text, other), found, note)


def _joined(sentences: Sequence[str]) -> tuple[str, list[Span]]:
    spans, at = [], 0
    for each in sentences:
        spans.append((at, at + len(each)))
        at += len(each) + 1
    return "\n".join(sentences), spans


def _comparison(
    ids: tuple[str, str],
    basis: Literal["texts", "extracts"],
    texts: tuple[str, str],
    found: SharedSpans,
    note: str,
) -> Comparison:
    from fanmill.core.shared_text import pieces  # noqa: PLC0415  loads the analysis

    parts = pieces(*texts, found)
    if len(parts) > _MAX_PIECES:
        note = f"{note} {len(parts) - _MAX_PIECES:,} more parts are not shown.".strip()
    return Comparison(
        *ids, basis,
        [
            Part(each.kind, (texts[1] if each.kind == "other" else texts[0])[each.start : each.end])
            for each in parts[:_MAX_PIECES]
        ],
        found.shared_sentences, found.sentences, found.other_sentences, note,
    )  # fmt: skip
