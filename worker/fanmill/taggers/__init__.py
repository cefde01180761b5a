"""Taggers beyond the pure core: what an author imports, where others are found, their time limit.

    from fanmill.taggers import Doc, Tag, tagger

    @tagger("invoice", "1", languages=["en"])
    def invoice(doc: Doc) -> Iterator[Tag]:
        if "invoice" in doc.folded:
            yield Tag("kind", "invoice", 0.9)

`deploy/examples/fanmill-tagger-invoice/` is a whole package of this kind.
"""

from fanmill.core.tagging.tagger import Doc, Tag, Tagger, TaggerError, tagger
from fanmill.core.text.layout import Span

__all__ = ["Doc", "Span", "Tag", "Tagger", "TaggerError", "tagger"]
