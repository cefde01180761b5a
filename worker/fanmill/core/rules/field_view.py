"""Views of a document's fields for tag rules: terms, their distances and their places."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

import re2

from fanmill.core.rules.rule import Near, Rule, Term, regex_options
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.text.normal_words import normal_words
from fanmill.core.text.segmentation import well_formed

MAX_SPANS: Final = 20
"""Maximum number of spans in a tag."""


class FieldView:
    """A document as rules on a set of fields see it."""

    def __init__(self, doc: DocumentView, fields: tuple[str, ...]) -> None:
        self._doc = doc
        self._fields = fields
        self._found: dict[str, bool] = {}
        self._spans: dict[str, list[tuple[int, int]]] = {}
        self._looked_for: defaultdict[str, list[int]] = defaultdict(list)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Texts of the fields, with the document's text first."""
        return tuple(
            text for name in sorted(self._fields, key="text".__ne__) if (text := self._text(name))
        )

    def _text(self, name: str) -> str:
        document = self._doc.document
        if name == "text":
            return self._doc.text
        if name.startswith("metadata."):
            value = document.metadata.get(name.removeprefix("metadata."))
            return "" if value is None else str(value)
        value = getattr(document, name)
        return value or ""

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The fields in lower case."""
        return tuple(
            self._doc.folded if text is self._doc.text else well_formed(text).lower()
            for text in self.texts
        )

    @cached_property
    def _word_lists(self) -> tuple[list[str], ...]:
        return tuple(
            self._doc.normal_words if text is self._doc.text else normal_words(text)
            for text in self.texts
        )

    @cached_property
    def words(self) -> frozenset[str]:
        """Distinct words of all fields."""
        return frozenset().union(*self._word_lists)

    @cached_property
    def _joined(self) -> str:
        return "\n".join(f" {' '.join(words)} " for words in self._word_lists)

    def holds(self, rule: Rule, present: set[str] | frozenset[str]) -> bool:
        """Tell whether all conditions of a rule hold, except its regexes."""
        # Loops are faster than generators; this runs for each candidate of 100,000 rules.
        has = self._has
        for term in rule.all:
            if not has(term, present):
                return False
        for term in rule.none:
            if has(term, present):
                return False
        for term in rule.any:
            if has(term, present):
                break
        else:
            if rule.any:
                return False
        return all(self._are_near(near, present) for near in rule.near) and all(
            comparison.holds(self._doc) for comparison in rule.where
        )

    def _has(self, term: Term, present: set[str] | frozenset[str]) -> bool:
        if term.case is not None:
            if term.case not in self._found:
                self._found[term.case] = self._stands_as_written(term)
            return self._found[term.case]
        if not term.words:
            return term.key in present
        if not present.issuperset(term.words):
            return False
        if term.key not in self._found:
            self._found[term.key] = f" {term.key} " in self._joined
        return self._found[term.key]

    def _stands_as_written(self, term: Term) -> bool:
        assert term.case is not None  # noqa: S101  for the type checker
        bounded = not term.key.startswith("\0")
        return any(
            True for text in self.texts for _ in _occurrences(text, term.case, bounded=bounded)
        )

    def _are_near(self, near: Near, present: set[str] | frozenset[str]) -> bool:
        if not all(self._has(term, present) for term in near.terms):
            return False
        for place in range(len(self.texts)):
            events = sorted(
                (at, number)
                for number, term in enumerate(near.terms)
                for at in self._places(term, place)
            )
            last: dict[int, int] = {}
            for at, number in events:
                last[number] = at
                if len(last) == len(near.terms) and at - min(last.values()) <= near.within:
                    return True
        return False

    def _places(self, term: Term, place: int) -> list[int]:
        """Return the word numbers of a term in a field; of an unbounded term, the offsets."""
        if term.key.startswith("\0"):
            return [start for start, _ in _occurrences(self.folded[place], term.key[1:])]
        words = self._word_lists[place]
        starts = self._positions[place].get(term.words[0] if term.words else term.key, [])
        if not term.words:
            return starts
        wanted, size = list(term.words), len(term.words)
        return [at for at in starts if words[at : at + size] == wanted]

    @cached_property
    def _positions(self) -> tuple[dict[str, list[int]], ...]:
        """Places of each word, by field; computed when the first rule holds."""
        tables: list[dict[str, list[int]]] = []
        for words in self._word_lists:
            table: defaultdict[str, list[int]] = defaultdict(list)
            for at, word in enumerate(words):
                table[word].append(at)
            tables.append(table)
        return tuple(tables)

    def look_for(self, rules: Iterable[Rule]) -> None:
        """Search the document's text once for the words of rules that hold."""
        wanted = {
            term.words[0] if term.words else term.key for rule in rules for term in rule.evidence()
        }
        if wanted and "text" in self._fields:
            for at, word in enumerate(self._doc.normal_words):
                if word in wanted:
                    self._looked_for[word].append(at)

    def spans(self, rule: Rule) -> tuple[tuple[int, int], ...]:
        """Return the spans of a rule's terms and regexes in the document's text."""
        if "text" not in self._fields or not self._doc.text:
            return ()
        spans: set[tuple[int, int]] = set()
        for term in (*rule.all, *rule.any, *(term for near in rule.near for term in near.terms)):
            spans.update(self._term_spans(term))
            if len(spans) >= MAX_SPANS:
                break
        for pattern in rule.regexes:
            for found in re2.finditer(pattern, well_formed(self._doc.text), regex_options()):
                if found.end() > found.start():
                    spans.add((found.start(), found.end()))
                if len(spans) >= MAX_SPANS:
                    break
        return tuple(sorted(spans)[:MAX_SPANS])

    def _term_spans(self, term: Term) -> list[tuple[int, int]]:
        """Return the spans of a term; they are kept, because rules share terms."""
        key = term.case or term.key
        if key not in self._spans:
            self._spans[key] = list(self._found_spans(term))
        return self._spans[key]

    def _found_spans(self, term: Term) -> Iterator[tuple[int, int]]:
        if term.case is not None or term.key.startswith("\0"):
            text = self._doc.text if term.case is not None else self._doc.folded
            wanted = term.case or term.key[1:]
            bounded = not term.key.startswith("\0")
            for number, span in enumerate(_occurrences(text, wanted, bounded=bounded)):
                if number == MAX_SPANS:
                    return
                yield span
            return
        word_spans, words = self._doc.word_spans, self._doc.normal_words
        phrase = list(term.words or (term.key,))
        size = len(phrase)
        found = 0
        for at in self._looked_for.get(phrase[0], []):
            if size == 1 or words[at : at + size] == phrase:
                yield word_spans[at][0], word_spans[at + size - 1][1]
                found += 1
                if found == MAX_SPANS:
                    return


def _occurrences(text: str, wanted: str, *, bounded: bool = False) -> Iterator[tuple[int, int]]:
    at = text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if not bounded or not (
            (at > 0 and text[at - 1].isalnum() and wanted[0].isalnum())
            or (text[end : end + 1].isalnum() and wanted[-1].isalnum())
        ):
            yield at, end
        at = text.find(wanted, end)
