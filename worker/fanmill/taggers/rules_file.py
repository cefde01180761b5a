"""Rules file in YAML or TOML: read with line numbers, and read again if it has changed."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any, Final

import yaml

from fanmill.core.document import Document
from fanmill.core.rules.parser import parse_rule
from fanmill.core.rules.rule import RawRule, RuleError
from fanmill.core.rules.ruleset import Ruleset
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.tagging.tag import Tag
from fanmill.core.tagging.tagger import Tagger, tagger
from fanmill_contracts.results import Problem

LOOKED_AT_EVERY_SECONDS: Final = 1.0
"""Interval at which a worker checks whether the file has changed."""

_TOP_KEYS: Final = frozenset({"version", "rules", "taxonomy", "tests"})
_TEST_KEYS: Final = frozenset({"name", "text", "title", "url", "metadata", "expect", "expect_not"})
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class RuleTest:
    """A text, with the tags that the rules must give it and those that they must not."""

    document: Document
    expect: tuple[str, ...]
    expect_not: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class RulesFile:
    """Rules and tests of a file."""

    rules: Ruleset
    tests: tuple[RuleTest, ...]


def read_rules(path: Path) -> RulesFile:
    """Return the checked rules and tests of a file.

    Raises:
        RuleError: The file is invalid; the message names file and line of the first fault.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RuleError(str(path), 1, f"cannot be read: {error.strerror}") from error
    return parse_rules(data, str(path))


def parse_rules(data: bytes, name: str) -> RulesFile:
    """Return the checked content of a rules file; it is TOML if its name ends in `.toml`."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise RuleError(name, line, "is not UTF-8") from error
    top = _toml(text, name) if name.endswith(".toml") else _yaml(text, name)
    unknown = sorted(set(top.values) - _TOP_KEYS)
    if unknown:
        raise RuleError(
            name,
            top.line_of(unknown[0]),
            f"unknown key {unknown[0]!r}; known: {', '.join(sorted(_TOP_KEYS))}",
        )
    raws = [*_listed(top, "rules", name), *_taxonomy(top, name)]
    rules = [parse_rule(raw, number, name) for number, raw in enumerate(raws)]
    version = sha256(data).hexdigest()[:12]
    tests = tuple(_test(raw, name) for raw in _listed(top, "tests", name))
    return RulesFile(Ruleset(rules, version), tests)


def _listed(top: RawRule, key: str, name: str) -> Iterator[RawRule]:
    values = top.values.get(key) or []
    if not isinstance(values, list):
        raise RuleError(name, top.line_of(key), f"{key} is no list")
    for each in values:
        if not isinstance(each, _Mapping):
            raise RuleError(name, top.line_of(key), f"{key} holds {each!r}; expected keys")
        yield RawRule(each, each.line, each.lines)


def _taxonomy(top: RawRule, name: str) -> Iterator[RawRule]:
    """Yield a rule of kind `any` for each entry of the short form `value: [terms]`."""
    values = top.values.get("taxonomy") or _Mapping()
    if not isinstance(values, _Mapping):
        raise RuleError(name, top.line_of("taxonomy"), "taxonomy wants tags with their terms")
    for value, terms in values.items():
        line = values.lines.get(value, values.line)
        yield RawRule({"tag": value, "any": terms}, line)


def _test(raw: RawRule, name: str) -> RuleTest:
    unknown = sorted(set(raw.values) - _TEST_KEYS)
    if unknown:
        raise RuleError(name, raw.line_of(unknown[0]), f"unknown key {unknown[0]!r} in a test")
    values = raw.values
    for key in ("expect", "expect_not"):
        if not isinstance(values.get(key, []), list):
            raise RuleError(name, raw.line_of(key), f"{key} is no list of tags")
    if not isinstance(values.get("text", ""), str):
        raise RuleError(name, raw.line_of("text"), "text of a test is no text")
    document = Document(
        "test",
        values.get("text", ""),
        title=values.get("title"),
        url=values.get("url"),
        metadata=dict(values.get("metadata") or {}),
    )
    return RuleTest(
        document,
        tuple(map(str, values.get("expect", []))),
        tuple(map(str, values.get("expect_not", []))),
        raw.line,
    )


class _Mapping(dict[str, Any]):
    """A mapping with the lines of its keys."""

    line = 1
    lines: Mapping[str, int] = {}


def _yaml(text: str, name: str) -> RawRule:
    try:
        node = yaml.compose(text, Loader=_LOADER)
        loaded = _value(node, name) if node else _Mapping()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RuleError(name, line, f"no YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise RuleError(name, 1, f"no YAML: {error}") from error
    if not isinstance(loaded, _Mapping):
        raise RuleError(name, 1, "expected the keys rules, taxonomy, tests")
    return RawRule(loaded, loaded.line, loaded.lines)


_PLAIN: Final = yaml.SafeLoader("")


def _value(node: yaml.Node, name: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        mapping = _Mapping()
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in mapping:
                raise RuleError(name, line, f"key {key!r} occurs twice")
            mapping[key] = _value(value_node, name)
            lines[key] = line
        mapping.line, mapping.lines = node.start_mark.line + 1, lines
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_value(each, name) for each in node.value]
    if node.tag == "tag:yaml.org,2002:str":
        return node.value
    return _PLAIN.construct_object(node)


_HEADER: Final = re.compile(r"\s*\[\[?\s*(?P<name>[A-Za-z_]+)\s*\]?\]")
_KEY: Final = re.compile(
    r"\s*(?:(?P<bare>[A-Za-z0-9_-]+)|\"(?P<quoted>[^\"]*)\"|'(?P<single>[^']*)')\s*="
)
_TOML_PLACE: Final = re.compile(r"\(at line (\d+)")


def _toml(text: str, name: str) -> RawRule:
    try:
        loaded = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        # An error without a line is at the end of the file.
        last = int(place[1]) if place else max(1, len(text.splitlines()))
        raise RuleError(name, last, f"no TOML: {error}") from error
    tables: dict[str, list[tuple[int, dict[str, int]]]] = {"": [(1, {})]}
    current = ""
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            current = header["name"]
            tables.setdefault(current, []).append((number, {}))
            continue
        key = _KEY.match(line)
        if key:
            shown = key["bare"] or key["quoted"] or key["single"] or ""
            tables[current][-1][1].setdefault(shown, number)
    lines = {key: places[0][0] for key, places in tables.items() if key}
    return RawRule(_located(loaded, tables), 1, {**tables[""][0][1], **lines})


def _located(loaded: Mapping[str, Any], tables: Mapping[str, Any]) -> _Mapping:
    top = _Mapping()
    for key, value in loaded.items():
        places = tables.get(key, [])
        if isinstance(value, list) and all(isinstance(each, dict) for each in value):
            top[key] = [
                _with_lines(each, *(places[at] if at < len(places) else (1, {})))
                for at, each in enumerate(value)
            ]
        elif isinstance(value, dict):
            top[key] = _with_lines(value, *(places[0] if places else (1, {})))
        else:
            top[key] = value
    return top


def _with_lines(value: Mapping[str, Any], line: int, lines: Mapping[str, int]) -> _Mapping:
    located = _Mapping(value)
    located.line, located.lines = line, lines
    return located


class LiveRules:
    """Current rules of a file: it is read again if its time or size has changed.

    An invalid new version changes nothing: the previous rules remain in force, and `problems`
    name the fault.

    Raises:
        RuleError: The first version is invalid.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = self._stamp_now()
        self._looked = monotonic()
        self._rules = read_rules(path).rules
        self.problems: tuple[Problem, ...] = ()

    def _stamp_now(self) -> tuple[int, int, int]:
        try:
            now = self._path.stat()
        except OSError:
            return (0, 0, 0)
        return (now.st_mtime_ns, now.st_size, now.st_ino)

    def current(self) -> Ruleset:
        """Return the rules; the file is checked if the last check is a second old."""
        if monotonic() - self._looked >= LOOKED_AT_EVERY_SECONDS:
            self.refresh()
        return self._rules

    def refresh(self) -> None:
        """Read the file again if it has changed."""
        self._looked = monotonic()
        stamp = self._stamp_now()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._rules = read_rules(self._path).rules
        except RuleError as error:
            shown = f"{error}; the rules {self._rules.version} before it stay in force"
            self.problems = (Problem(stage="tag", producer="rules", error=shown[:500]),)
        else:
            self.problems = ()


def rules_tagger(live: LiveRules) -> Tagger:
    """Return the tagger `rules`; its model hash is the version of the file."""

    @tagger("rules", "1", library=_libraries, model_hash=lambda _: live.current().version)
    def rules(doc: DocumentView) -> list[Tag]:
        return live.current().match(doc)

    return rules


def _libraries() -> str:
    from importlib.metadata import version  # noqa: PLC0415  a tenth of the start

    return f"ahocorasick-rs {version('ahocorasick-rs')}, google-re2 {version('google-re2')}"
