"""Public API for authors of taggers and statistics.

    from fanmill.plugins import DocumentView, Measure, Tag, statistics, tagger

    @tagger("invoice", "1", languages=["en"])
    def invoice(doc: DocumentView) -> Iterator[Tag]:
        if "invoice" in doc.folded:
            yield Tag("kind", "invoice", 0.9)

    @statistics("vowels", "1", [Measure("share", "number", "share of characters", low=0, high=1)])
    def vowels(doc: DocumentView) -> dict[str, float | None]:
        return {"share": sum(map(doc.folded.count, "aeiou")) / len(doc.text) if doc.text else None}

A package offers them under the entry point groups `fanmill.taggers` and `fanmill.statistics`;
`deploy/examples/` has an example of each. Everything else in `fanmill` may change without notice.
"""

from fanmill.core.document import Document
from fanmill.core.plugin import PluginError
from fanmill.core.statistics.plugin import Measure, StatisticSet, statistics
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.tagging.tag import Tag
from fanmill.core.tagging.tagger import Tagger, tagger
from fanmill.core.text.source_lines import Span

__all__ = [
    "Document",
    "DocumentView",
    "Measure",
    "PluginError",
    "Span",
    "StatisticSet",
    "Tag",
    "Tagger",
    "statistics",
    "tagger",
]
