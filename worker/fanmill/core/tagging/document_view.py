"""The document as taggers see it: its text and lazy views of it."""

from fanmill.core.analysis import Analysis
from fanmill.core.document import Document
from fanmill.core.language.shares import LanguageViews, language_views
from fanmill.core.pii.detect import find
from fanmill.core.pii.items import Item
from fanmill.core.statistics.compute import statistics
from fanmill.core.tagging.tag import Tag
from fanmill.core.text.characters import Integers
from fanmill.core.text.normal_words import NORMAL_WORDS, NormalWords
from fanmill.core.text.segmentation import well_formed
from fanmill.core.views import view_property
from fanmill_contracts.statistics import Statistics


class DocumentView(Analysis):
    """A document with lazy views; each is computed at first use and kept.

    Views of `Analysis`: `text`, `language`, `layout`, `tokens`, `words`, `word_spans`,
    `sentences`. The attribute `document` holds the producer's fields, such as `title`.
    """

    def __init__(self, document: Document, items: tuple[Item, ...] | None = None) -> None:
        """Take a document; `items` are those of its text before redaction, if it was redacted."""
        super().__init__(document)
        self._items = items
        self._said: dict[str, tuple[Tag, ...]] = {}

    @view_property
    def folded(self) -> str:
        """The text in lower case, code point for code point, so that offsets remain valid.

        The few letters whose lower case is longer (`İ`) are kept. Lone surrogates, which have
        no UTF-8 form, become U+FFFD.
        """
        text = well_formed(self.text)
        lowered = text.lower()
        if len(lowered) == len(text):
            return lowered
        return "".join(one if len(one.lower()) != 1 else one.lower() for one in text)

    @view_property
    def normal_words(self) -> list[str]:
        """`words` in the form in which terms are compared: folded, without possessives."""
        plain = self.plain_tokens
        words = self.tokens if plain is None else plain.words()
        return list(filter(None, map(NORMAL_WORDS.__getitem__, words)))

    @view_property
    def normal_numbers(self) -> Integers:
        """Numbers of the normal words of the first 200,000 `tokens`; 0 for separators."""
        return self.lexicon.made("normal words", NormalWords).column.of(self.numbers)

    @view_property
    def languages(self) -> LanguageViews:
        """Shares of languages, script, and whether the declared language was right."""
        return language_views(self.text, self.detection, self.document.language)

    @view_property
    def items(self) -> tuple[Item, ...]:
        """Personal data and identifiers of the text before redaction, in text order."""
        return tuple(find(self.text)) if self._items is None else self._items

    @view_property
    def statistics(self) -> Statistics:
        """Statistics of the text, as in the record."""
        return statistics(self)

    def tags_of(self, name: str) -> tuple[Tag, ...]:
        """Return the tags of a tagger named in `needs`; empty if it made none."""
        return self._said.get(name, ())

    def add_tags(self, name: str, tags: tuple[Tag, ...]) -> None:
        """Keep the tags of a tagger for the taggers that need them; called by the runner."""
        self._said[name] = tags
