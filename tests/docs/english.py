"""Texts of the project for readers, and the rules of their English that a program can check."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Prose:
    """A text for readers with its place.

    Attributes:
        path: File, relative to the root of the project.
        line: First line.
        kind: `module`, `class`, `function`, `test`, `value`, `message`, `comment`, `lua` or `page`.
            A `test` is a function that pytest runs: its docstring states behaviour.
        text: The text, without code in backquotes.
    """

    path: str
    line: int
    kind: str
    text: str


_OPENINGS: Final = re.compile(
    r"(?:^|(?<=[.:;!?]\s))(?:What|Whoever|Where|One|Of|Found|Counted)\b(?!,? code)"
)
_WORDS: Final = re.compile(
    r"\b(?:stands|has not|have not|for ever|somebody|that of)\b|\bat the (?:most|least)\b|"
    r"\bthe (?:most|least) of\b|(?:^|(?<=[.:;]\s))(?:Most|Least) \w+ of\b"
)
_NOT_IMPERATIVE: Final = re.compile(
    r"(?:What|Whether|How|Which|Who|Where|When|Why|A|An|The|This|It|All|Each|Every|Of|By|In|To|From"
    r"|If|[a-zA-Z]+(?<!Str)ing|\w+ed)\b"
)
_THIRD_PERSON: Final = re.compile(r"[A-Z][a-z]+[^s\W]s\b")
_NO_THIRD_PERSON: Final = re.compile(
    r"(?:Process|Pass|Compress|Express|Access|Address|Focus|Discuss|Press|Guess|Miss|Has)\b"
)

_SENTENCE: Final = re.compile(r"[.:;!?](?:\s|\W*$)")

RULES: Final = {
    "opening": "no sentence begins with What, Whoever, Where, One, Of, Found or Counted",
    "word": "no `stands`, `has not`, `for ever`, `somebody`, `that of`, nor most/least as nouns",
    "imperative": "a function docstring begins with an imperative, such as `Return`",
}


def faults(prose: Prose) -> list[str]:
    """Return the broken rules of a text as messages; empty for a correct text."""
    found: list[str] = []
    if prose.kind == "page" and not _SENTENCE.search(prose.text):
        return found  # a heading or a cell of a table
    for rule, pattern in (("opening", _OPENINGS), ("word", _WORDS)):
        found += [
            f"{prose.path}:{prose.line}: {match[0].strip()!r}: {RULES[rule]}"
            for match in pattern.finditer(prose.text)
        ]
    if prose.kind == "function":
        third = _THIRD_PERSON.match(prose.text) and not _NO_THIRD_PERSON.match(prose.text)
        if third or _NOT_IMPERATIVE.match(prose.text):
            first = prose.text.split(maxsplit=1)[0]
            found.append(f"{prose.path}:{prose.line}: {first!r}: {RULES['imperative']}")
    return found


def texts_of(path: Path) -> Iterator[Prose]:
    """Yield the texts for readers in a Python, Lua or Markdown file."""
    name = str(path.relative_to(ROOT))
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        nodes = list(ast.walk(ast.parse(source)))
        yield from _docstrings(name, nodes)
        yield from _messages(name, nodes)
        yield from _comments(name, source)
    elif path.suffix == ".lua":
        yield from _lua_comments(name, source)
    else:
        yield from _paragraphs(name, source)


def _docstrings(name: str, nodes: Sequence[ast.AST]) -> Iterator[Prose]:
    """Yield docstrings of modules, classes and functions, and of values behind assignments."""
    for node in nodes:
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield Prose(name, getattr(node, "lineno", 1), _kind(node), _plain(text))
        body = getattr(node, "body", ())
        if isinstance(body, list):
            yield from _value_docstrings(name, body)


def _kind(node: ast.AST) -> str:
    if isinstance(node, ast.Module):
        return "module"
    if isinstance(node, ast.ClassDef):
        return "class"
    if getattr(node, "name", "").startswith("test_"):
        return "test"
    decorators = [ast.unparse(each).split("(")[0] for each in getattr(node, "decorator_list", ())]
    is_value = any(each.endswith(("property", "fixture")) for each in decorators)
    return "value" if is_value else "function"


def _value_docstrings(name: str, body: list[ast.stmt]) -> Iterator[Prose]:
    for before, node in pairwise(body):
        if (
            isinstance(before, ast.Assign | ast.AnnAssign)
            and isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            yield Prose(name, node.lineno, "value", _plain(node.value.value))


def _messages(name: str, nodes: Sequence[ast.AST]) -> Iterator[Prose]:
    """Yield help texts, descriptions, and the messages of errors and log lines."""
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        texts = [each.value for each in node.keywords if each.arg in {"help", "description"}]
        function = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if function in _SPEAKING or function.endswith(("Error", "Exit")):
            texts += node.args
        for each in texts:
            text = "".join(_constants(each))
            if text:
                yield Prose(name, each.lineno, "message", _plain(text))


_SPEAKING: Final = {
    "fail",
    "debug",
    "info",
    "warning",
    "error",
    "exception",
    "print",
    "BadParameter",
}
"""Functions whose arguments people read."""


def _constants(node: ast.AST) -> Iterator[str]:
    """Yield the constant parts of a string or f-string; `x` for each computed part."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from _constants(part) if isinstance(part, ast.Constant) else ("x",)


_STRING_OR_COMMENT: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""|"(?:\\.|[^"\\\n])*"'
    r"|'''(?:\\.|[^\\])*?'''|'(?:\\.|[^'\\\n])*'"
    r"|(?P<comment>#.*?)$",
    re.DOTALL | re.MULTILINE,
)
"""A string, in which `#` begins no comment, or a comment; the tokenizer would take far longer."""


def _comments(name: str, source: str) -> Iterator[Prose]:
    """Yield comments; those on neighbouring lines are a text together."""
    lines: list[str] = []
    number = 1
    first = last = end = 0
    for match in _STRING_OR_COMMENT.finditer(source):
        number += source.count("\n", end, match.start())
        end = match.start()
        if match["comment"] is None:
            continue
        text = match["comment"].lstrip("#!: ")
        if re.match(r"noqa|type: |ruff: |pragma", text):
            text = re.sub(r"^(?:noqa|type|ruff)\S*(?: \S+)?\s*", "", text)
        if lines and number == last + 1:
            lines.append(text)
        else:
            if lines:
                yield Prose(name, first, "comment", _plain(" ".join(lines)))
            lines, first = [text], number
        last = number
    if lines:
        yield Prose(name, first, "comment", _plain(" ".join(lines)))


def _lua_comments(name: str, source: str) -> Iterator[Prose]:
    lines: list[str] = []
    first = 0
    for number, line in enumerate([*source.splitlines(), ""], start=1):
        comment = re.search(r"--\s?(.*)$", line)
        if comment:
            first = first or number
            lines.append(comment[1])
        elif lines:
            yield Prose(name, first, "lua", _plain(" ".join(lines)))
            lines, first = [], 0


def _paragraphs(name: str, source: str) -> Iterator[Prose]:
    """Yield paragraphs, list items and cells of a Markdown page, without code blocks."""
    source = re.sub(r"```.*?```", lambda code: "\n" * code[0].count("\n"), source, flags=re.DOTALL)
    number = 1
    for block in re.split(r"(\n\s*\n)", source):
        for part in re.split(r"\n(?=\s*(?:[-*|]|\d+\.)\s)|\s\|\s", block):
            text = _plain(re.sub(r"^[\s|#>*-]+|^\s*\d+\.\s", "", part))
            if text:
                yield Prose(name, number, "page", text)
        number += block.count("\n")


def _plain(text: str) -> str:
    """Return a text without code and with single spaces."""
    return " ".join(re.sub(r"`[^`]*`", "`x`", text).split())
