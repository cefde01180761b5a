"""Parser of tag rules; each error names file and line."""

import re
from typing import Final

import re2

from fanmill.core.rules.comparisons import Comparison, InvalidComparison, parse_comparison
from fanmill.core.rules.rule import Near, RawRule, Rule, RuleError, Term, regex_options
from fanmill.core.text.normal_words import normal_words

DEFAULT_FIELDS: Final = ("text", "title")
FIELDS: Final = ("text", "title", "url", "source", "author", "publisher")

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


def parse_rule(raw: RawRule, number: int, file: str) -> Rule:
    """Return the checked rule of a raw rule.

    Args:
        raw: Rule of the file.
        number: Number of the rule in the file, from 0.
        file: Name of the file, for errors.

    Raises:
        RuleError: The rule is invalid; the message names file and line.
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
                re2.compile(pattern, regex_options())
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
