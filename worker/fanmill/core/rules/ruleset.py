"""Rulesets: tag rules, indexed for matching.

A rule is checked only if its rarest required word is in the text, so 100,000 rules take little more
time than 1,000. Regexes are matched by RE2, in time linear in the text.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import re2
from ahocorasick_rs import AhoCorasick

from fanmill.core.rules.field_view import FieldView
from fanmill.core.rules.percolator import Percolator
from fanmill.core.rules.rule import Rule, regex_options
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.tagging.tag import Tag
from fanmill.core.text.segmentation import well_formed
from fanmill.core.text.word_frequencies import UNKNOWN, reference_frequencies


class Ruleset:
    """Rules ready for matching; documents may share them, threads may not."""

    def __init__(self, rules: Sequence[Rule], version: str) -> None:
        self.version = version
        self.size = len(rules)
        by_fields: dict[tuple[str, ...], list[Rule]] = {}
        for rule in rules:
            by_fields.setdefault(rule.fields, []).append(rule)
        self._indexes = tuple(_Index(fields, each) for fields, each in by_fields.items())

    def match(self, doc: DocumentView) -> list[Tag]:
        """Return a tag for each rule that holds; of a group, only for the highest priority."""
        held: list[tuple[Rule, FieldView]] = []
        for index in self._indexes:
            view = FieldView(doc, index.fields)
            rules = list(index.holding(view))
            view.look_for(rules)
            held += [(rule, view) for rule in rules]
        if not held:
            return []
        held.sort(key=lambda pair: (-pair[0].priority, pair[0].number))
        tags: dict[tuple[str, str], Tag] = {}
        groups: set[str] = set()
        for rule, view in held:
            if rule.group is not None:
                if rule.group in groups:
                    continue
                groups.add(rule.group)
            if (rule.namespace, rule.value) not in tags:
                tags[rule.namespace, rule.value] = Tag(
                    rule.namespace,
                    rule.value,
                    rule.score,
                    "rule",
                    view.spans(rule),
                    rule.reason,
                )
        return list(tags.values())


class _Index:
    """Rules on a set of fields, by their rarest required word."""

    def __init__(self, fields: tuple[str, ...], rules: Sequence[Rule]) -> None:
        self.fields = fields
        self._always: list[Rule] = []
        by_word: dict[str, list[tuple[frozenset[str], Rule]]] = {}
        inverse_frequencies = reference_frequencies().inverse_frequencies("en")
        unbounded: dict[str, int] = {}
        patterns: dict[str, list[Rule]] = {}
        for rule in rules:
            for term in rule.terms():
                if term.key.startswith("\0"):
                    unbounded.setdefault(term.key, len(unbounded))
            keys = _keys_of(rule, inverse_frequencies)
            if not keys and not rule.regexes:
                self._always.append(rule)
            for key in keys:
                by_word.setdefault(key, []).append((rule.required, rule))
            for pattern in rule.regexes:
                patterns.setdefault(pattern, []).append(rule)
        self._candidates = Percolator(by_word)
        self._unbounded = list(unbounded)
        self._search = AhoCorasick([key[1:] for key in unbounded]) if unbounded else None
        self._patterns = list(patterns.items())
        self._set = None
        if patterns:
            self._set = re2.Set.SearchSet(regex_options())
            for pattern in patterns:
                self._set.Add(pattern)
            self._set.Compile()

    def holding(self, view: FieldView) -> Iterator[Rule]:
        """Yield the rules that hold, each once."""
        present: set[str] | frozenset[str] = view.words
        if self._search is not None:
            present = present | {
                self._unbounded[index]
                for text in view.folded
                for index, _, _ in self._search.find_matches_as_indexes(text, overlapping=True)
            }
        seen: set[int] = set()
        for rule in self._candidates.among(present):
            if rule.number not in seen and (rule.is_plain or view.holds(rule, present)):
                seen.add(rule.number)
                yield rule
        for rule in self._always:
            if view.holds(rule, present):
                yield rule
        if self._set is not None:
            yield from self._by_regex(view, present)

    def _by_regex(self, view: FieldView, present: set[str] | frozenset[str]) -> Iterator[Rule]:
        assert self._set is not None  # noqa: S101  for the type checker
        matched: set[str] = set()
        for text in view.texts:
            matched |= self._matching(well_formed(text))
        seen: set[int] = set()
        for pattern, rules in self._patterns:
            if pattern not in matched:
                continue
            for rule in rules:
                if (
                    rule.number not in seen
                    and rule.required <= present
                    and matched.issuperset(rule.regexes)
                    and view.holds(rule, present)
                ):
                    seen.add(rule.number)
                    yield rule

    def _matching(self, text: str) -> set[str]:
        assert self._set is not None  # noqa: S101  for the type checker
        found = self._set.Match(text)
        if found is None:
            # RE2 may exceed its memory limit for all patterns together, but not for each alone.
            return {
                pattern
                for pattern, _ in self._patterns
                if re2.search(pattern, text, regex_options()) is not None
            }
        return {self._patterns[index][0] for index in found}


def _keys_of(rule: Rule, inverse_frequencies: Mapping[str, float]) -> Iterable[str]:
    """Return the words for the index: the rule is checked if any of them is present."""
    if rule.regexes:
        return ()
    if rule.required:
        return (_rarest(rule.required, inverse_frequencies),)
    return {_rarest(term.words or (term.key,), inverse_frequencies) for term in rule.any}


def _rarest(words: Iterable[str], inverse_frequencies: Mapping[str, float]) -> str:
    return max(
        words,
        key=lambda word: (inverse_frequencies.get(word.lstrip("\0"), UNKNOWN), len(word), word),
    )
