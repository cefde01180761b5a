"""Lines of source code, told from lines of prose by their shape.

Patterns hold for common languages: C and its relatives, JavaScript, Python, shell, Lua, SQL.
"""

# ruff: noqa: E501 (an alternative of the pattern a line)

import re
from collections.abc import Sequence
from typing import Final

MIN_LINES: Final = 3
"""Minimum number of lines of code in a text that is code."""
MAX_LINE_LENGTH: Final = 220
"""Number of code points of a line that decide."""
MIN_SHARE: Final = 0.3
"""Minimum share of such lines among all lines except comments."""
MIN_MARKS: Final = 0.02
"""Minimum share of characters that are marks of code."""

_MARKS: Final = b"{};=<>()[]_\\|&$\"'"
_NAME: Final = r"[A-Za-z_$][\w$.:>\[\]\-]{0,80}"
_LINE: Final = re.compile(
    r"\s*(?:"
    # Ends in a semicolon, a brace or a bracket; prose of this shape lacks what comes before.
    r".{0,160};\s*(?://.*|/\*.*)?$|[^.!?]{0,160}[{]\s*$|[})\]]+[;,)\]]*\s*$|\}\s*(?:else|catch|while)\b"
    r"|(?:def|class|if|elif|for|while|with|try|except|finally|else|async def|match|case)\b[^.!?]{0,140}:\s*$"
    r"|(?:import\s+[\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+)*|from\s+[\w.]+\s+import\s+[\w*(][\w, *]*)\s*\\?$"
    r"|(?:return|raise|yield|await|assert|del|pass|break|continue|global|nonlocal)\b(?:\s+[^\s,.][^.!?]{0,120})?$"
    r"|(?:const|let|var|local|export|readonly|declare|typeset|static|public|private|func|fn|struct)\s+[\w${*]+.{0,120}$"
    r"|(?:function\s+[\w.:]+\s*\(|function\s*\(|local\s+function\b|[\w.]+\s*\(\)\s*\{?\s*$)"
    r"|(?:fi|done|then|do|esac|end|else|begin|;;)\s*[;,)]*\s*(?:#.*|--.*)?$"
    r"|(?:if|elif|elseif|for|while|until|case)\b.{1,140}\b(?:then|do|in)\s*$"
    r"|(?:echo|printf|cd|mkdir|rm|cp|mv|curl|wget|grep|sed|awk|sudo|exit|source|eval|test|read|chmod|chown|"
    r"tar|git|docker|pip|npm|make|set|shift|trap|exec|cat|find|export|unset|apt-get|ln|ls|tee|xargs)"
    r"\s+(?:-|\$|[\"'`/.<>~{\d]).{0,200}$"
    r"|(?:\[\[?|test)\s.{1,120}\]\]?\s*(?:&&|\|\||;|$)"
    rf"|{_NAME}[ \t]?(?:[-+*/|&^%.?:]|<<|>>|\*\*|//|\|\||&&)?=(?!=)[ \t]*\S.{{0,200}}$"
    rf"|{_NAME}\(.{{0,160}}\)?\s*[;,{{\\]?\s*$|@[\w.]+(?:\(.*\)?)?\s*$"
    r"|#\s*(?:include|define|ifn?def|endif|pragma|undef)\b|#!|\"\"\"|'''"
    r"|[\"'][\w .-]{1,60}[\"']\s*:\s*\S.{0,120},?\s*$|[\w-]+\s*:\s*[^\s.][^.!?]{0,80};\s*$"
    r"|(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|FROM|WHERE|JOIN|GROUP BY|ORDER BY)\s.{1,120}$"
    r")"
)
_BLOCK_COMMENT: Final = re.compile(r"/\*.{0,10000}?\*/|\"\"\".{0,10000}?\"\"\"", re.DOTALL)
_LOOKED_AT: Final = 40_000
_COMMENT: Final = re.compile(r"\s*(?:#(?!!)|//|/\*|\*|--|;;|<!--)")


def is_code_line(line: str) -> bool:
    """Tell whether a line has the form of source code and is no comment."""
    shown = line[:MAX_LINE_LENGTH]
    return _COMMENT.match(shown) is None and _LINE.match(shown) is not None


def is_comment(line: str) -> bool:
    """Tell whether a line begins like a comment."""
    return _COMMENT.match(line) is not None


def code_share(lines: Sequence[str]) -> float:
    """Return the share of lines of code among the lines that are no comments, 0.0 to 1.0.

    A text with less than three such lines has none, unless it has two lines and both are code.

    Args:
        lines: Lines of the text that are not blank.
    """
    comments = sum(map(is_comment, lines))
    code = sum(map(is_code_line, lines))
    enough = code >= MIN_LINES or code == len(lines) == MIN_LINES - 1
    return code / (len(lines) - comments) if enough else 0.0


def marks_share(text: str) -> float:
    """Return the share of characters that are marks of code; the text is not empty."""
    encoded = text.encode("utf-8", "surrogatepass")
    return (len(encoded) - len(encoded.translate(None, _MARKS))) / len(text)


def is_code(text: str, min_share: float = MIN_SHARE) -> bool:
    """Tell whether a text is source code; the empty text is none.

    Args:
        text: The text; its first 40,000 code points are looked at, without comments of blocks.
        min_share: Minimum share of the lines of code among the lines that are no comments.
    """
    text = text[:_LOOKED_AT]
    if not text or marks_share(text) < MIN_MARKS:
        return False
    if "/*" in text or '"""' in text:
        text = _BLOCK_COMMENT.sub("", text)
    return code_share([line for line in text.splitlines() if line.strip()]) >= min_share
