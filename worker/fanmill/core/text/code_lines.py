"""Lines of source code, told from lines of prose by their shape.

Patterns hold for common languages: C and its relatives, JavaScript, Python, Ruby, shell, Lua, SQL,
Lisp, Haskell, Basic, Fortran, build files, style sheets and the reports of errors.
"""

# ruff: noqa: E501 (an alternative of the pattern a line)

import re
from collections.abc import Sequence
from typing import Final

from fanmill.core.text.signs import Signs

MIN_LINES: Final = 3
"""Minimum number of lines of code in a text that is code."""
MAX_LINE_LENGTH: Final = 220
"""Number of code points of a line that decide."""
MIN_SHARE: Final = 0.3
"""Minimum share of such lines among all lines except comments."""
MIN_MARKS: Final = 0.02
"""Minimum share of characters that are marks of code."""

_COMMENTS: Final = Signs("/*", '"""')
_MARKS: Final = b"{};=<>()[]_\\|&$\"'"
_NAME: Final = r"[A-Za-z_$][\w$.:>\[\]\-]{0,80}"
_LINE: Final = re.compile(
    r"\s*(?:"
    # Ends in a semicolon, a brace or a bracket; clauses of prose lack what comes before.
    r"(?=.{0,160}(?:[=<>{}]|\w[(\[]|\$\w|&&|->|::|\w_\w|\w\w\.\w\w|\*\w)).{0,160};\s*(?://.*|/\*.*)?$"
    r"|(?:[A-Z]{3,}\s.{0,160}|[\w*&%@]+(?:\s+[\w*&%@,]+){0,2});\s*(?://.*|/\*.*)?$|[^.!?]{0,160}[{]\s*$|[})\]]+[;,)\]]*\s*$|\}\s*(?:else|catch|while)\b"
    r"|(?:def|class|if|elif|for|while|with|try|except|finally|else|async def|match|case)\b(?:[^.!?]|[.!](?=[\w=\"'\[])){0,140}:\s*$"
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
_SHORT_LINE: Final = 160
_OPERAND: Final = r"[\w.\"':\[({$@*+\-]"
_SHORT: Final = re.compile(
    r"\s*(?:"
    # Ruby, Elixir, Haskell, Rust, Scala, Go: definitions, blocks, bindings.
    r"(?:def|defp|defmodule|defmacro|class|module|trait|object|interface|enum|impl|namespace|package|mod|type|data)"
    r"\s+(?:self\.)?[\w.:?!]+(?:[(<\[].{0,100})?(?:\s+(?:<|extends|implements|where|do|=|deriving).{0,80})?\s*$"
    r"|.{0,100}[\w)\]}?!]\s+do\s+\|[^|]{1,40}\|\s*$|.{0,100}\)\s+do\s*$|(?:begin|rescue|ensure|unless|elsif)\b.{0,80}\w$"
    rf"|(?:puts|print|println|require|require_relative|include|extend|raise|attr_\w+|use|using|load)\s+{_OPERAND}[^\s,]*(?:,\s.{{0,100}}|(?:\s[^a-z]|[\[(:]).{{0,100}})?;?$"
    r"|[a-z_]\w*\s+:\w+(?:,.{0,120}|\s*)$|(?:it|describe|context|test)\s+[\"'].{1,100}\bdo\s*$"
    r"|[\w(),.'\[\]:<> ]{1,60}\s(?:::|<-|=>|->|\|>|:=|<<|&&|\|\|)(?:\s.{0,100})?$"
    r"|(?:val|var|my|our|dim|const|auto|int|float|double|bool|char|string|let)\s+[\w$@%*\[\]]+\s*(?::|=|;|\bas\b).{0,120}$"
    r"|(?:for|foreach|if|while|switch|elseif)\s?\(.{1,120}\).{0,60}$|for\s+\w+\s*(?:=|:=).{1,60}$"
    r"|(?![^\n]*\\)(?![^\n]*\{\{).{0,100}\{[^{}]{1,140}\}[;,)\]]*\s*$"
    # Haskell, OCaml.
    r"|import\s+(?:qualified\s+)?[A-Z][\w.]+(?:\s+as\s+\w+)?(?:\s+hiding)?(?:\s+\(.{0,100})?$"
    r"|[a-z_]\w*'?(?:\s[\w\[\]():,\"']+){1,4}\s=(?:\s\S.{0,80})?$|[\w.]+\s\(fun\s.{1,100}$"
    r"|(?:if|else\sif)\s[^.!?]{0,60}[<>=][^.!?]{0,60}\sthen\b.{0,80}$|else\s\S.{0,40}\s[-+*/]\s.{0,60}$"
    # Lisp, Erlang.
    r"|\((?:def\w*|let\*?|setq|set!|if|cond|lambda|fn|ns|print\w*|:?require|:use|progn|loop|format|map|filter|[-+*/=<>])[\s(\[]"
    r"|\([^()]*\(.*\)\)\s*$|-\w+\(.{0,80}\)\.$"
    # Basic, Fortran, Pascal, assembler, batch files.
    r"|(?i:end\s?(?:do|if|sub|function|program|module|subroutine|while|select|class|property|for|type|try))\b[\w\s]{0,40}$"
    r"|(?i:(?:public|private|friend|protected|internal)\s+(?:shared\s+|static\s+)?(?:sub|function|class|property)\b).{0,80}$"
    r"|(?:Dim\s\w+\sAs\s\w+|Next(?:\s\w)?|implicit none|program\s\w+;?|subroutine\s\w+.{0,40}|For\s\w+\s=\s.{1,40}|Option\sExplicit)$"
    r"|(?:mov|add|sub|push|pop|call|int|jmp|j[eglnz]{1,3}|cmp|lea|xor|ldr|str|bl|test|and|or)[lqwb]?\s+[%$#\[]?\w+\]?(?:,\s*.{1,30})$"
    r"|(?:int\s0x\w+|section\s\.\w+|global\s_\w+|\w*_\w*:|\.\w+:)$"
    r"|@echo\s(?:off|on)$|set\s+\w+=|(?i:(?:if|del|copy|call|echo|goto|rem)\b).{0,60}%\w+%"
    # SQL in lower case, columns of tables.
    r"|select\s+(?:distinct\s+)?[\w.*()]+(?:\s+as\s+\w+)?(?:,\s*[\w.*()]+(?:\s+as\s+\w+)?)*(?:\s+from\s.{1,80})?$"
    r"|from\s+[\w.]+(?:\s+(?:as\s+)?\w{1,2})?\s*[;,]?$|(?:left\s|inner\s|outer\s)?join\s+[\w.]+\s.{0,20}\bon\s.{1,60}$"
    r"|(?:where|and|on|having|set)\s+[\w.()*]+\s*(?:=|<|>|<>|!=|like\s|in\s\(|is\snull).{0,60}$"
    r"|(?:group|order|partition)\s+by\s+[\w., ]+;?$|(?:insert\s+into|delete\s+from|create\s+table|alter\s+table)\s+[\w.]+.{0,60}$"
    r"|(?:DECLARE|IF|BEGIN|END|PRINT|EXEC|GO|VALUES|SET|HAVING|LIMIT|WITH)\b(?=[^a-z]*$|\s+[@'(\d\w]+[^a-z]{0,40}$).{0,80}"
    r"|[\w\"`]+\s+(?:INT(?:EGER)?|BIGINT|TEXT|VARCHAR|CHAR|DATE|TIMESTAMP|BOOLEAN|NUMERIC|DECIMAL|SERIAL|FLOAT|REAL|JSONB?|UUID)\b.{0,80}$"
    r"|(?:GRANT|REVOKE|RETURNS|LANGUAGE|COMMENT ON|(?:LEFT|INNER|CROSS|RIGHT) JOIN|UNION(?: ALL)?|TRUNCATE|VACUUM|ON CONFLICT)\s.{1,120}$"
    r"|(?:MERGE\sINTO|USING|WHEN\s(?:NOT\s)?MATCHED|FOR\sEACH\s(?:ROW|STATEMENT)|PREFIX\s\w*:|ON\s\w+\.\w+\s=|FILTER\s?\(|\?\w+\s\S+\s).{0,120}$"
    r"|AS\s'.{0,120}|\$\$.{0,40}$|AND\s[\w.\"]+\s*(?:=|<|>|IN\b|LIKE\b|IS\b).{0,80}$|(?:IN|OUT|INOUT)\s\w+\s\w+.{0,60}$"
    r"|[\w\"`]+\s+(?:int\w*|bigint|text|varchar|date|timestamp\w*|boolean|numeric|serial|uuid|jsonb?)(?:\(\d[\d, ]*\))?"
    r"\s+(?:not\snull|primary\skey|default\s|references\s|unique\b).{0,60}$"
    # Annotations, sessions, returned values, editors.
    r"|\w+\s?:\s(?:int|float|str|bool|bytes|list|dict|tuple|None|Any|number|string|boolean|[A-Z]\w*\[)\b.{0,60}$"
    r"|return\s(?:[({\[]\s*$|[\w.]*[(\[].{0,100}[)\]].{0,12}$|\w+\.\w+.{0,80}$)"
    r"|>>>\s(?:import\s|from\s|for\s|if\s|with\s|def\s|print\b|\w[\w.]*(?:\(|\s[-+*/]?=|\[))|\.\.\.\s{2,}\S"
    r"|(?:[nvixc]?(?:nore)?map|syn(?:tax)?\s(?:on|match|keyword|region|case|sync)|hi(?:ghlight)?\s(?:def\w*\s)?link|let\s[gbslwv]:\w+|"
    r"set(?:local)?\s\w+(?:[+-]?=\S*)?$|endif|endfunction|endwhile|endfor|augroup|autocmd)\b.{0,120}$"
    # Build files, differences, reports of errors, type declarations.
    r"|(?:FROM|RUN|CMD|COPY|ADD|WORKDIR|ENV|EXPOSE|ENTRYPOINT|ARG|LABEL|VOLUME)\s+[\[\w/.$:\"-]+.{0,120}$"
    r"|\$\(\w+\)\s.{0,140}$|[\w./%-]+\s?:\s.{0,60}\$\(\w+\).{0,60}$|(?:\.PHONY|all|clean|install|check)\s?:(?:\s[\w./-]+)*$"
    r"|sudo\s(?:-\w|apt|apt-get|yum|dnf|systemctl|make|cp|mv|rm|mkdir|chmod|chown|tee|docker|npm|pip)\b.{0,120}$|\./\w\S*(?:\s+-.{0,120})?$"
    r"|[\w.%-]+\s?:(?:\s[\w./%-]+\.\w{1,3})+$|diff --git\s|index\s\w+\.\.\w+|@@\s-\d|\+\+\+\s[\w/]"
    rf"|[+-]\s*{_NAME}\s?=\s.{{1,80}}$|Traceback \(|File\s\".{{1,100}}\",\sline\s\d|at\s[\w.$<>/]+\s?\(.{{0,100}}\)$"
    r"|(?:Caused\sby:\s|Exception\sin\sthread\s\".{1,40}\"\s)?(?:[a-z]\w*\.)*[A-Z]\w*(?:Error|Exception)(?::\s.{0,100})?$|\w+(?:\([\w:,!\s]{1,60}\))?\??:\s\[?[A-Za-z]+[!?\]]+$"
    r"|(?:ls|cd|rm|cp|mv|mkdir|pwd|touch|kill|ssh|scp|ping|brew|cargo|go|npm|yarn|git|python3?|node)\s+(?:-{1,2}\w|[\w.~/-]+(?:\s+[\w./-]+)?\s*$).{0,60}$"
    r"|\.{3}\s\d+\smore$|at\s\S+:\d+(?::\d+)?$|goroutine\s\d+\s\[|panic:\s"
    r"|/\S+:\d+(?:\s\+0x[\da-f]+)?$|exit\sstatus\s\d+$|[\w.]+\((?:\.{3})?\)$"
    # Sessions, files of names to ignore and of required packages.
    r"|(?:[\w.-]+@[\w.-]+:\S*)?\$\s(?:[a-z]|\./|/)(?!.*[.!?](?:\s|$)).{0,150}$|[-dl](?:[r-][w-][xsS-]){3}\s|total\s\d+$"
    r"|!?[\w.*/\[\]{}-]+/$|\*[.\w\[\]*-]+$|\.[a-z_]\w*$|\"[^\"\s]+\",$"
    r"|[\w.-]+(?:\[[\w,-]+\])?(?:[=~!<>]=|[<>])\d[\w.*]*(?:,[<>=!~]+\d[\w.*]*)*$"
    # Verilog, Cobol.
    r"|(?:input|output|inout)\s+(?:wire|reg|logic|\[)[^.!?]{0,80}$|module\s\w+\s*#?\($|always\s*@.{1,60}$|end(?:module|case|function|task)$"
    r"|[A-Z-]+\s(?:DIVISION|SECTION)\.$|PROGRAM-ID\.|\d\d\s+[A-Z][A-Z\d-]*\s+PIC\s|END-[A-Z]+\.?$|STOP\sRUN\.$"
    r"|(?:PERFORM|DISPLAY|COMPUTE|EVALUATE|ACCEPT|MOVE)\s(?=[^a-z]*(?:[A-Z\d]-[A-Z\d]|\"))[^a-z]{1,100}$"
    r")"
)
"""Shapes of short lines alone, so that prose is not searched for them."""
_ALONE: Final = re.compile(
    r"\s*(?:(?i:select)\s[^\n]{1,300}\s(?i:from)\s[\w.\"`]+[^\n.]{0,300};|(?:INSERT\sINTO|CREATE\sTABLE|ALTER\sTABLE|DELETE\sFROM)\s"
    r"|(?:def|function|func|fn)\s\w+\([^\n()]{0,100}\)\s*(?:->[^\n]{1,40})?[:{]|(?:const|let|var)\s\w+\s=\s[^\n]{1,300};|#include\s*[<\"])[^\n]*\Z"
)
"""A single line that is code."""
_ENOUGH: Final = 0.75
"""Share of lines of code in a text without marks, such as commands of a shell."""
_ENOUGH_IN_SESSION: Final = 0.6
"""The same where lines begin with the prompt of a shell, since others are its output."""
_BLOCK_COMMENT: Final = re.compile(r"/\*.{0,10000}?\*/|\"\"\".{0,10000}?\"\"\"", re.DOTALL)
_LOOKED_AT: Final = 40_000
_COMMENT: Final = re.compile(r"\s*(?:#(?!!)|//|/\*|\*|--|;;|<!--)")


def is_code_line(line: str) -> bool:
    """Tell whether a line has the form of source code and is no comment."""
    shown = line[:MAX_LINE_LENGTH]
    if _COMMENT.match(shown) is not None:
        return False
    return _LINE.match(shown) is not None or (
        len(line) <= _SHORT_LINE and _SHORT.match(shown.rstrip()) is not None
    )


def is_comment(line: str) -> bool:
    """Tell whether a line begins like a comment."""
    return _COMMENT.match(line) is not None


def code_share(lines: Sequence[str]) -> float:
    """Return the share of lines of code among the lines that are no comments, 0.0 to 1.0.

    A text with less than three such lines has none, unless two of at most three lines are code.

    Args:
        lines: Lines of the text that are not blank.
    """
    comments = sum(map(is_comment, lines))
    code = sum(map(is_code_line, lines))
    enough = code >= MIN_LINES or code >= MIN_LINES - 1 >= len(lines) - 1
    return code / (len(lines) - comments) if enough else 0.0


def marks_share(text: str) -> float:
    """Return the share of characters that are marks of code; the text is not empty."""
    encoded = text.encode("utf-8", "surrogatepass")
    return (len(encoded) - len(encoded.translate(None, _MARKS))) / len(text)


def begins_like_code(text: str) -> bool:
    """Tell whether the first line is short, and code or blank: without marks, other texts are none."""
    end = text.find("\n", 0, _SHORT_LINE)
    return end == 0 or (end > 0 and is_code_line(text[:end]))


def is_code(text: str, min_share: float = MIN_SHARE) -> bool:
    """Tell whether a text is source code; the empty text is none.

    Args:
        text: The text; its first 40,000 code points are looked at, without comments of blocks.
        min_share: Minimum share of the lines of code among the lines that are no comments.
    """
    text = text[:_LOOKED_AT]
    if not text:
        return False
    if marks_share(text) < MIN_MARKS:
        if not begins_like_code(text):
            return False
        is_session = text.startswith("$ ") and "\n$ " in text
        min_share = max(min_share, _ENOUGH_IN_SESSION if is_session else _ENOUGH)
    if _ALONE.match(text):
        return True
    if _COMMENTS.occur_in(text):
        text = _BLOCK_COMMENT.sub("", text)
    return code_share([line for line in text.splitlines() if line.strip()]) >= min_share
