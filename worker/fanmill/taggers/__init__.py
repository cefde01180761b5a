"""Taggers beyond the pure core: what an author imports, where others are found, their time limit.

    from fanmill.taggers import DocumentView, Tag, tagger

    @tagger("invoice", "1", languages=["en"])
    def invoice(doc: DocumentView) -> Iterator[Tag]:
        if "invoice" in doc.folded:
            yield Tag("kind", "invoice", 0.9)

`deploy/examples/fanmill-tagger-invoice/` is a whole package of this kind.
"""

from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.tagging.tag import Tag
from fanmill.core.tagging.tagger import Tagger, TaggerError, tagger
from fanmill.core.text.layout import Span

__all__ = ["DocumentView", "Span", "Tag", "Tagger", "TaggerError", "tagger"]
