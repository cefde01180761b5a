"""`fanmill duplicates ID --diff`: a document beside its original."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from fanmill.cli.console import counted, display, fail, json_line, remark
from fanmill.cli.exits import Exit

if TYPE_CHECKING:
    from rich.table import Table

    from fanmill.core.dedup.spans import SharedSpans
    from fanmill.core.document import Document
    from fanmill.wiring import Wiring

_MAX_SPANS: Final = 100_000
_MAX_PIECES: Final = 200
"""Maximum number of pieces in the table; --json gives all spans."""
_SHOWN: Final = 400
"""Code points of a shared piece that are shown: half from its beginning, half from its end."""
_MARKS: Final = {
    "shared": ("=", "dim"),
    "moved": ("~", "dim"),
    "own": ("+", "green"),
    "other": ("-", "red"),
}


def show_diff(
    wiring: Wiring,
    document_id: str,
    original_id: str,
    *,
    paths: Sequence[str],
    original_path: str | None,
    as_json: bool,
) -> None:
    """Print what a document shares with its original; a missing text ends the command."""
    from fanmill.core.shared_text import shared_sentences

    document, original = _texts(wiring, document_id, original_id, paths, original_path)
    for each in (document, original):
        _check(wiring, each)
    found = shared_sentences(document, original, maximum=_MAX_SPANS)
    if as_json:
        json_line(_facts(document_id, original_id, found))
        return
    display(_table(document.text, original.text, found))
    shared = sum(each.end - each.start for each in found.spans)
    share = shared / len(document.text) if document.text else 0.0
    remark(
        f"{document_id} shares {found.shared_sentences:,} of "
        f"{counted(found.sentences, 'sentence')} ({share:.0%} of its text) with {original_id}, "
        f"which has {found.other_sentences:,}"
    )
    remark("= in both  ~ in both, moved  + only in the duplicate  - only in the original", "")


def _texts(
    wiring: Wiring,
    document_id: str,
    original_id: str,
    paths: Sequence[str],
    original_path: str | None,
) -> tuple[Document, Document]:
    from fanmill.cli.texts import document_of, texts_in
    from fanmill.ops.kept_texts import kept_event

    wanted = {document_id, original_id}
    found = texts_in(paths, wanted, only=document_id) if paths else {}
    if original_path is not None:
        given = texts_in([original_path], {original_id}, only=original_id)
        if not given:
            fail(Exit.USAGE, f"{original_path!r} holds no document {original_id!r}")
        found |= given
    for each in wanted - found.keys():
        event = kept_event(wiring.redis, wiring.keys, each)
        if event is not None:
            found[each] = document_of(event)
    missing = [each for each in (document_id, original_id) if each not in found]
    if missing:
        fail(
            Exit.FAILURE,
            f"no text of {' and '.join(map(repr, missing))}: a text is kept until its document is "
            "complete; name the files that were processed with --text PATH"
            + ("" if document_id in missing else " or --original FILE"),
        )
    return found[document_id], found[original_id]


def _check(wiring: Wiring, document: Document) -> None:
    """Warn of a text that differs from the one that was judged."""
    stored = wiring.records.get(document.document_id)
    if stored is None or stored.result is None:
        return
    digest = sha256(document.text.encode(errors="surrogatepass")).hexdigest()
    if digest != stored.result.text_sha256:
        remark(
            f"this is not the text of {document.document_id} that was judged: "
            "its digest differs from the record's",
            "warning:",
        )


def _facts(document_id: str, original_id: str, found: SharedSpans) -> dict[str, object]:
    return {
        "document_id": document_id,
        "original": original_id,
        "sentences": found.sentences,
        "original_sentences": found.other_sentences,
        "shared_sentences": found.shared_sentences,
        "spans": [
            {
                "start": each.start,
                "end": each.end,
                "original_start": each.other_start,
                "original_end": each.other_end,
                "sentences": each.sentences,
            }
            for each in found.spans
        ],
        "left_out": found.left_out,
    }


def _table(text: str, original: str, found: SharedSpans) -> Table:
    from rich.table import Table

    from fanmill.cli.tables import cell
    from fanmill.core.shared_text import pieces

    table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    parts = pieces(text, original, found)
    for piece in parts[:_MAX_PIECES]:
        mark, style = _MARKS[piece.kind]
        source = original if piece.kind == "other" else text
        part = source[piece.start : piece.end]
        if piece.sentences:
            part = _shortened(part, piece.sentences)
        table.add_row(cell(mark, style), cell(part, style))
    if len(parts) > _MAX_PIECES:
        table.add_row("", cell(f"({len(parts) - _MAX_PIECES:,} more parts; all spans: --json)"))
    return table


def _shortened(part: str, sentences: int) -> str:
    if len(part) <= _SHOWN:
        return part
    half = _SHOWN // 2
    number = counted(sentences, "sentence")
    return f"{part[:half].rstrip()} […]\n({number})\n[…] {part[-half:].lstrip()}"
