"""An operator's rules: checked, indexed, and matched like a percolator.

A rule is looked at only when its rarest required word stands in the text, so
that 100,000 rules cost little more than 1,000. Regexes are RE2's, which is
linear in the text whatever the pattern.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import re2
from ahocorasick_rs import AhoCorasick

from fanmill.core.background import UNKNOWN, cold_start
from fanmill.core.comparisons import Comparison, InvalidComparison, parse_comparison
from fanmill.core.percolator import Percolator
from fanmill.core.tagger import Doc, Tag, normal_words, well_formed

DEFAULT_FIELDS: Final = ("text", "title")
FIELDS: Final = ("text", "title", "url", "source", "author", "publisher")
MOST_SPANS: Final = 20
"""Places of evidence in one tag."""

_KEYS: Final = frozenset(
    {"tag", "namespace", "all", "any", "not", "near", "regex", "where", "in", "bounded", "case"}
    | {"score", "priority", "group", "reason"}
)
_NEAR_KEYS: Final = frozenset({"terms", "within"})
_NAMESPACE: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
_WORD_SPACES: Final = re.compile(r"\s+")


class RuleError(Exception):
    """Something in a rules file is not as it must be; the text begins with file and line."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(file, line, message)
        self.file = file
        self.line = line
        self.message = message

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class RawRule:
    """A rule as the file has it, with the lines of its keys."""

    values: Mapping[str, Any]
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, key: str) -> int:
        """Return where a key stands; the rule's first line where that is not known."""
        return self.lines.get(key, self.line)


@dataclass(frozen=True, slots=True)
class Term:
    """What must stand in a field.

    Attributes:
        shown: As the file has it.
        key: What is looked up: a word, or the characters of an unbounded term behind NUL.
        words: Of a bounded phrase of several words, in order; else empty.
        case: The spelling that must stand there; None for any.
    """

    shown: str
    key: str
    words: tuple[str, ...] = ()
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """Terms of which an occurrence each stands within so many words (characters if unbounded)."""

    terms: tuple[Term, ...]
    within: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One checked rule."""

    number: int
    value: str
    namespace: str
    required: frozenset[str]
    all: tuple[Term, ...]
    any: tuple[Term, ...]
    none: tuple[Term, ...]
    near: tuple[Near, ...]
    regexes: tuple[str, ...]
    where: tuple[Comparison, ...]
    fields: tuple[str, ...]
    score: float
    priority: int
    group: str | None
    reason: str | None
    line: int
    is_plain: bool
    """Whether it holds as soon as its required words stand there."""


def parse_rule(raw: RawRule, number: int, file: str) -> Rule:
    """Check one rule.

    Raises:
        RuleError: With file and line.
    """
    return _Parser(raw, file).rule(number)


class _Parser:
    def __init__(self, raw: RawRule, file: str) -> None:
        self._raw = raw
        self._file = file
        self._values = raw.values

    def _fail(self, key: str, message: str) -> RuleError:
        return RuleError(self._file, self._raw.line_of(key), message)

    def rule(self, number: int) -> Rule:
        values = self._values
        unknown = sorted(set(values) - _KEYS)
        if unknown:
            raise self._fail(
                unknown[0], f"unknown key {unknown[0]!r}; known: {', '.join(sorted(_KEYS))}"
            )
        value = values.get("tag")
        if not isinstance(value, str) or not 0 < len(value) <= 500:  # noqa: PLR2004
            raise self._fail("tag", f"tag is {value!r}; expected a text of 1 to 500 characters")
        namespace = values.get("namespace", "rule")
        if not isinstance(namespace, str) or not _NAMESPACE.fullmatch(namespace):
            raise self._fail("namespace", f"namespace is {namespace!r}; expected such as 'topic'")
        bounded, case = self._flag("bounded", default=True), self._flag("case", default=False)
        all_terms = self._terms("all", bounded=bounded, case=case)
        near = self._near(bounded=bounded, case=case)
        required = {
            word
            for term in (*all_terms, *(term for each in near for term in each.terms))
            for word in (term.words or (term.key,))
        }
        any_terms = self._terms("any", bounded=bounded, case=case)
        none = self._terms("not", bounded=bounded, case=case)
        regexes, where = self._regexes(), self._where()
        rule = Rule(
            number=number,
            value=value,
            namespace=namespace,
            required=frozenset(required),
            all=all_terms,
            any=any_terms,
            none=none,
            near=near,
            regexes=regexes,
            where=where,
            fields=self._fields(),
            score=self._number("score", 1.0, 0.0, 1.0),
            priority=int(self._number("priority", 0, -1_000_000, 1_000_000)),
            group=self._text("group"),
            reason=self._text("reason"),
            line=self._raw.line,
            is_plain=not (any_terms or none or near or regexes or where)
            and not any(term.words or term.case for term in all_terms),
        )
        if not (rule.all or rule.any or rule.near or rule.regexes or rule.where):
            raise self._fail(
                "tag", f"rule {value!r} asks for nothing; give all, any, near, regex or where"
            )
        return rule

    def _flag(self, key: str, *, default: bool) -> bool:
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            raise self._fail(key, f"{key} is {value!r}; expected true or false")
        return value

    def _text(self, key: str) -> str | None:
        value = self._values.get(key)
        if value is not None and not isinstance(value, str):
            raise self._fail(key, f"{key} is {value!r}; expected a text")
        return value

    def _number(self, key: str, default: float, least: float, most: float) -> float:
        value = self._values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._fail(key, f"{key} is {value!r}; expected a number")
        if not least <= value <= most:
            raise self._fail(key, f"{key} is {value:g}; expected {least:g} to {most:g}")
        return value

    def _texts(self, key: str, values: object) -> list[str]:
        listed = [values] if isinstance(values, str) else values
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            raise self._fail(key, f"{key} is {values!r}; expected a text or a list of texts")
        return listed

    def _terms(self, key: str, *, bounded: bool, case: bool) -> tuple[Term, ...]:
        listed = self._texts(key, self._values.get(key, []))
        return tuple(self._term(key, text, bounded=bounded, case=case) for text in listed)

    def _term(self, key: str, text: str, *, bounded: bool, case: bool) -> Term:
        shown = _WORD_SPACES.sub(" ", text).strip()
        if not shown:
            raise self._fail(key, f"{key} has an empty term")
        spelling = shown if case else None
        words = normal_words(shown)
        if not bounded or not words or _UNSPACED.search(shown):
            return Term(shown, f"\0{shown.lower()}", case=spelling)
        if len(words) == 1:
            return Term(shown, words[0], case=spelling)
        return Term(shown, " ".join(words), tuple(words), case=spelling)

    def _near(self, *, bounded: bool, case: bool) -> tuple[Near, ...]:
        values = self._values.get("near", [])
        listed = [values] if isinstance(values, dict) else values
        if not isinstance(listed, list):
            raise self._fail("near", f"near is {values!r}; expected terms and within")
        found = []
        for each in listed:
            if not isinstance(each, dict) or set(each) - _NEAR_KEYS or "terms" not in each:
                raise self._fail("near", f"near is {each!r}; expected terms and within")
            terms = tuple(
                self._term("near", text, bounded=bounded, case=case)
                for text in self._texts("near", each["terms"])
            )
            within = each.get("within", 10)
            if len(terms) < 2 or not isinstance(within, int) or not 1 <= within <= 1000:  # noqa: PLR2004
                raise self._fail("near", "near wants two terms or more, within 1 to 1000 words")
            if len({term.key.startswith("\0") for term in terms}) > 1:
                raise self._fail("near", "near mixes terms with and without word bounds")
            found.append(Near(terms, within))
        return tuple(found)

    def _regexes(self) -> tuple[str, ...]:
        patterns = self._texts("regex", self._values.get("regex", []))
        for pattern in patterns:
            try:
                re2.compile(pattern, _quiet())
            except re2.error as error:
                cause = error.args[0]
                shown = cause.decode(errors="replace") if isinstance(cause, bytes) else cause
                raise self._fail(
                    "regex", f"regex {pattern!r}: {shown} (RE2 syntax: no look-around)"
                ) from error
        return tuple(patterns)

    def _where(self) -> tuple[Comparison, ...]:
        found = []
        for text in self._texts("where", self._values.get("where", [])):
            try:
                found.append(parse_comparison(text))
            except InvalidComparison as error:
                raise self._fail("where", str(error)) from error
        return tuple(found)

    def _fields(self) -> tuple[str, ...]:
        fields = self._texts("in", self._values.get("in", list(DEFAULT_FIELDS)))
        for name in fields:
            if name not in FIELDS and not name.startswith("metadata."):
                raise self._fail(
                    "in", f"unknown field {name!r}; known: {', '.join(FIELDS)}, metadata.NAME"
                )
        return tuple(sorted(set(fields)))


def _quiet() -> Any:
    options = re2.Options()
    options.log_errors = False
    return options


class Ruleset:
    """Rules, ready to be matched; safe to share between documents, not between threads."""

    def __init__(self, rules: Sequence[Rule], version: str) -> None:
        self.version = version
        self.size = len(rules)
        by_fields: dict[tuple[str, ...], list[Rule]] = {}
        for rule in rules:
            by_fields.setdefault(rule.fields, []).append(rule)
        self._indexes = tuple(_Index(fields, each) for fields, each in by_fields.items())

    def match(self, doc: Doc) -> list[Tag]:
        """Return a tag for each rule that holds; of a group only the one of highest priority."""
        held: list[tuple[Rule, _View]] = []
        for index in self._indexes:
            view = _View(doc, index.fields)
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
    """The rules on one set of fields, by their rarest required word."""

    def __init__(self, fields: tuple[str, ...], rules: Sequence[Rule]) -> None:
        self.fields = fields
        self._always: list[Rule] = []
        by_word: dict[str, list[tuple[frozenset[str], Rule]]] = {}
        rarities = cold_start().rarities("en")
        unbounded: dict[str, int] = {}
        patterns: dict[str, list[Rule]] = {}
        for rule in rules:
            for term in _terms_of(rule):
                if term.key.startswith("\0"):
                    unbounded.setdefault(term.key, len(unbounded))
            keys = _keys_of(rule, rarities)
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
            self._set = re2.Set.SearchSet(_quiet())
            for pattern in patterns:
                self._set.Add(pattern)
            self._set.Compile()

    def holding(self, view: "_View") -> Iterator[Rule]:
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

    def _by_regex(self, view: "_View", present: set[str] | frozenset[str]) -> Iterator[Rule]:
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
            # All at once took more memory than RE2 allows itself; one by one never does.
            return {
                pattern
                for pattern, _ in self._patterns
                if re2.search(pattern, text, _quiet()) is not None
            }
        return {self._patterns[index][0] for index in found}


def _keys_of(rule: Rule, rarities: Mapping[str, float]) -> Iterable[str]:
    """Return the words of which one must stand there for the rule to be looked at."""
    if rule.regexes:
        return ()
    if rule.required:
        return (_rarest(rule.required, rarities),)
    return {_rarest(term.words or (term.key,), rarities) for term in rule.any}


def _terms_of(rule: Rule) -> Iterator[Term]:
    yield from _evidence_of(rule)
    yield from rule.none


def _evidence_of(rule: Rule) -> Iterator[Term]:
    """Yield the terms whose places in the text are evidence."""
    yield from rule.all
    yield from rule.any
    for near in rule.near:
        yield from near.terms


def _rarest(words: Iterable[str], rarities: Mapping[str, float]) -> str:
    return max(words, key=lambda word: (rarities.get(word.lstrip("\0"), UNKNOWN), len(word), word))


class _View:
    """One document as rules on one set of fields see it."""

    def __init__(self, doc: Doc, fields: tuple[str, ...]) -> None:
        self._doc = doc
        self._fields = fields
        self._found: dict[str, bool] = {}
        self._spans: dict[str, list[tuple[int, int]]] = {}
        self._looked_for: defaultdict[str, list[int]] = defaultdict(list)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The fields' texts, the document's first."""
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
        """The different words of all fields."""
        return frozenset().union(*self._word_lists)

    @cached_property
    def _joined(self) -> str:
        return "\n".join(f" {' '.join(words)} " for words in self._word_lists)

    def holds(self, rule: Rule, present: set[str] | frozenset[str]) -> bool:
        """Tell whether a rule holds, but for its regexes."""
        # Loops, not generators: this runs for each candidate of 100,000 rules.
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
        """Return the word numbers (unbounded: offsets) of a term's occurrences in one field."""
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
        """Where each word stands, by fields; made when the first rule holds."""
        tables: list[dict[str, list[int]]] = []
        for words in self._word_lists:
            table: defaultdict[str, list[int]] = defaultdict(list)
            for at, word in enumerate(words):
                table[word].append(at)
            tables.append(table)
        return tuple(tables)

    def look_for(self, rules: Iterable[Rule]) -> None:
        """Find where the words of rules that hold stand in the document's text, all at once."""
        wanted = {
            term.words[0] if term.words else term.key
            for rule in rules
            for term in _evidence_of(rule)
        }
        if wanted and "text" in self._fields:
            for at, word in enumerate(self._doc.normal_words):
                if word in wanted:
                    self._looked_for[word].append(at)

    def spans(self, rule: Rule) -> tuple[tuple[int, int], ...]:
        """Return where the rule's terms and regexes stand in the document's text."""
        if "text" not in self._fields or not self._doc.text:
            return ()
        spans: set[tuple[int, int]] = set()
        for term in (*rule.all, *rule.any, *(term for near in rule.near for term in near.terms)):
            spans.update(self._term_spans(term))
            if len(spans) >= MOST_SPANS:
                break
        for pattern in rule.regexes:
            for found in re2.finditer(pattern, well_formed(self._doc.text), _quiet()):
                if found.end() > found.start():
                    spans.add((found.start(), found.end()))
                if len(spans) >= MOST_SPANS:
                    break
        return tuple(sorted(spans)[:MOST_SPANS])

    def _term_spans(self, term: Term) -> list[tuple[int, int]]:
        """Return where a term stands, kept: rules share their words."""
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
                if number == MOST_SPANS:
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
                if found == MOST_SPANS:
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
