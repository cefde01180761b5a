"""Markup in a text: tags, entities, addresses, LaTeX, JSON, code and the names of a chat.

Its words are no words of the author, so they name neither the language nor the subject.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from fanmill.core.text.code_lines import MIN_MARKS, is_code_line, is_comment, marks_share
from fanmill.core.text.line_markup import line_markup
from fanmill.core.text.signs import Signs
from fanmill.core.text.source_lines import Span

_SIGNS: Final = Signs(
    *("<", "&", "\\", "@", "{", "`", "/", "www.", "WWW.", ";", ":", "=", "(", "[[", "[/"),
)
"""Signs without which a text has no markup."""
_ADDRESS_SIGNS: Final = Signs("://", "www.", "WWW.")
_DRIVE_SIGN: Final = Signs(":\\")
_WIKI_SIGNS: Final = Signs("[[", "{{")
_BBCODE_SIGN: Final = Signs("[/")
_JSON_SIGNS: Final = Signs('":', '" :')
_CODE_SIGNS: Final = Signs("{", ";", "=", "()", "):")
_TAG: Final = re.compile(
    r"<!--.{0,5000}?-->|<(?P<name>script|style|code|pre)\b[^<>]{0,1000}>.{0,20000}?</(?P=name)\s*>"
    r"|</?[A-Za-z!][^<>]{0,2000}>|<\?[^<>]{0,500}\?>",
    re.DOTALL | re.IGNORECASE,
)
_ENTITY: Final = re.compile(r"&(?:[A-Za-z]{2,8}\d{0,2}|#\d{1,6}|#[xX][0-9A-Fa-f]{1,5});")
_MAIL: Final = re.compile(
    r"(?<![^\s<>()\[\]\"',;:])[^\s<>()\[\]\"',;:@]{1,64}@[\w\-]+(?:\.[\w\-]+)+"
)
_DELIMITER: Final = re.compile(r"[\s<>()\[\]\"',;:@]")
_MAX_LOCAL: Final = 64
"""Maximum length of a mail address before `@`."""
_HANDLE: Final = re.compile(r"(?<![\w@])@\w{2,30}")
_ADDRESS: Final = re.compile(
    # A set of first letters: `re` would try alternatives at each character of a text.
    r"[hfwHFW](?i:(?<![A-Za-z0-9].)(?:(?:(?<=h)ttps?|(?<=f)tp)://|(?<=w)ww\.)[^\s<>\"]{2,2000})"
)
_WIKI: Final = re.compile(
    r"\[\[(?:File|Image|Datei|Bild|Fichier|Archivo|Immagine|Ficheiro|Plik|Файл|Category|Kategorie|"
    r"Catégorie|Categoría|Categoria|Категория|文件|ファイル|分类|Category):[^\[\]]{0,500}\]\]"
    r"|\{\{(?:[^{}]{1,500}+|\{\{[^{}]{0,500}+\}\}){0,40}+\}\}"
)
"""Pictures, categories and templates of a wiki."""
_BBCODE: Final = re.compile(
    r"\[/?(?:b|i|u|s|url|img|quote|code|colou?r|size|font|list|\*|center|left|right|align|email|"
    r"spoiler|table|t[drh]|hr|su[bp]|video|media|youtube|attach|user|mention)(?:=[^\]\n]{0,300})?\]",
    re.IGNORECASE,
)
"""Tags of forums."""
_WRITTEN_BREAK: Final = re.compile(r"(?<![\w\\:])(?:\\[nrt])+(?![a-z])")
"""Line ends and tabs that were escaped. Behind a letter they may be part of a path."""
_LATEX_SIGN: Final = re.compile(
    r"\\(?:begin|end|documentclass|usepackage|(?:sub)*section|chapter|text[a-z]{2}|emph|cite|ref|"
    r"label|item|frac|footnote|caption|includegraphics)\b"
)
_LATEX: Final = re.compile(
    r"\\begin\{(?P<env>equation|align|gather|math|displaymath|eqnarray|tabular|lstlisting|verbatim|"
    r"tikzpicture|array|matrix)(?P<star>\*?)\}.{0,5000}?\\end\{(?P=env)(?P=star)\}"
    r"|\\(?:cite[a-z]*|[a-z]*ref|label|begin|end|documentclass|usepackage|includegraphics|input|"
    r"include|bibliography[a-z]*|url|[vh]space|newcommand|def|pagestyle|setlength|graphicspath)\*?"
    r"(?:\s?\[[^\]]{0,200}\])?(?:\{[^{}]{0,300}\}){0,2}"
    r"|\$\$.{1,2000}?\$\$|\$[^$\n]{1,300}\$|\\\[.{1,2000}?\\\]|\\\(.{1,500}?\\\)"
    r"|\\[A-Za-z]+\*?|(?m:(?<!\\)%[^\n]*$)",
    re.DOTALL,
)
_FENCE: Final = re.compile(r"^[ ]{0,3}(```|~~~).{0,20000}?^[ ]{0,3}\1", re.DOTALL | re.MULTILINE)
_INLINE_CODE: Final = re.compile(r"`[^`\n]{1,120}`")
_JSON: Final = re.compile(
    r"\"[^\"\n]{1,60}\"[ \t]*:(?:[ \t]*(?:true|false|null)\b)?"
    r"|^\s*\w{1,30}:[ \t]+(?:true|false|null)$",
    re.MULTILINE,
)
_PATH: Final = re.compile(r"/(?:[\w.\-]{1,60}/){1,20}[\w.\-]{0,60}")
_DRIVE: Final = re.compile(r"[A-Za-z]:\\(?:[\w .\-]{1,60}\\){0,20}[\w.\-]{1,60}")
_HOST: Final = re.compile(
    r"(?<![\w.\-])(?:doi:\s?)?(?:10\.\d{4,9}|[\w\-]+(?:\.[\w\-]+)*\.[A-Za-z]{2,12})\Z"
)
_REST: Final = re.compile(r"/[^\s<>\"|]{0,300}")
_MAX_HOST: Final = 80
_MAX_SLASHES: Final = 400
_MIN_CODE_LINES: Final = 3
_CODE_SHARE: Final = 0.5
"""Minimum number of lines of code in code, and their minimum share among lines without comments."""
_MAX_LINES: Final = 400
_MAX_CODE: Final = 40_000
_LOG_LINE: Final = re.compile(
    r"\W{0,3}\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*\s+\S*\s*\W?(?:INFO|WARN|ERROR|DEBUG|TRACE|FATAL|"
    r"[\w.\-]+[=\[:])|\S+ \S+ \S+ \[\d\d/\w{3}/\d{4}:"
)
_GAME_STARTS: Final = frozenset("[123456789")
_GAME: Final = re.compile(
    r"\[[A-Z]\w+ \"[^\"]*\"\]\s*$|(?:(?:1-0|0-1|1/2-1/2|\*|(?:\d+\.{1,3}\s?)?"
    r"(?:[KQRBN]?[a-h]?[1-8]?x?[a-h][1-8](?:=[QRBN])?|O-O(?:-O)?)[+#]?[!?]*)(?:\s+|$)){4,}$"
)
"""Moves of chess and the names of a game."""
_MAX_FIGURE: Final = 30
_FIGURE: Final = re.compile(r"[\d\s.,:%$€£+\-/eE]{0,30}|n/?a|null|true|false", re.IGNORECASE)
_YAML_ROW: Final = re.compile(
    r"\s*(?:-\s+)?[A-Za-z_][\w.\-/]{1,40}:(?:\s+(?:[^\s,.]\S{0,60}|\[[^\]]{0,80}\]))?\s*"
)
"""A key of YAML, alone or with a value of a single word."""
_SENTENCE_VALUE: Final = re.compile(r"\"[^\"\s]+(?:\s+[^\"\s]+){3}|[^\x00-\x7f]{10}")
_FIGURE_LETTERS: Final = frozenset("eEnNtTfF")
_ROW_SHARE: Final = 0.6
_MIN_SEPARATORS: Final = 2


def markup_spans(text: str) -> tuple[Span, ...]:
    """Return the spans of markup in a text, in text order; no two overlap or touch."""
    if not _SIGNS.occur_in(text):
        return ()
    spans = sorted(_spans(text))
    merged: list[Span] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def without_markup(text: str, spans: Sequence[Span] | None = None) -> str:
    """Return a text with spaces in place of its markup, so that every offset remains valid.

    `spans` are those of `markup_spans`, if they are known.
    """
    parts: list[str] = []
    at = 0
    for start, end in markup_spans(text) if spans is None else spans:
        parts += (text[at:start], " " * (end - start))
        at = end
    return "".join((*parts, text[at:])) if at else text


def is_table(text: str) -> bool:
    """Tell whether a text is data: rows of a table with figures, lines of a log, JSON, YAML, chess.

    A table, a log and YAML consist mostly of such rows. JSON is data if no value is a sentence.
    """
    if text.lstrip()[:1] in {"{", "["} and _is_json(text):
        return True
    lines = [line for line in text[:_MAX_CODE].splitlines() if line.strip()][:_MAX_LINES]
    left = len(lines)
    least = max(_MIN_CODE_LINES, _ROW_SHARE * len(lines))
    for line in lines:
        # Prose is told from the first lines that are no rows.
        if left < least:
            return False
        left -= not _is_row(line)
    return left >= least


def _is_json(text: str) -> bool:
    """Tell whether a text is JSON without sentences.

    A sentence has four words, or ten characters beyond ASCII in a row, as in Chinese.
    """
    shown = text[:_MAX_CODE]
    if shown.rstrip()[-1] not in "}]" or '"' not in shown:
        return False
    return not _SENTENCE_VALUE.search(shown) and len(_JSON.findall(shown)) > 1


def _is_row(line: str) -> bool:
    if ("[" in line or "-" in line) and _LOG_LINE.match(line):
        return True
    if line[0] in _GAME_STARTS and _GAME.match(line):
        return True
    for separator in ("\t", ";", "|", ","):
        if line.count(separator) >= _MIN_SEPARATORS:
            cells = line.split(separator)
            most = len(cells)
            # A row of a table with bars or tabs may have a single figure.
            # Prose has a space behind each comma.
            dense = separator in "\t|" or f"{separator} " not in line
            least = max(1 if dense else 2, (most - 1) / 2)
            for cell in cells:
                if not _is_figure(cell.strip()):
                    most -= 1
                    if most < least:
                        return False
            return True
    return ":" in line and _YAML_ROW.fullmatch(line) is not None


def _is_figure(cell: str) -> bool:
    # A long cell or one that begins with another letter is none: a shortcut for prose.
    return (
        len(cell) <= _MAX_FIGURE
        and not (cell[:1].isalpha() and cell[0] not in _FIGURE_LETTERS)
        and _FIGURE.fullmatch(cell) is not None
    )


def _spans(text: str) -> Iterator[Span]:
    if "<" in text:
        yield from _all(_TAG, text)
    if "&" in text:
        yield from _all(_ENTITY, text)
    if "@" in text:
        yield from _mails_and_handles(text)
    if _ADDRESS_SIGNS.occur_in(text):
        yield from _all(_ADDRESS, text)
    if "/" in text:
        yield from _paths(text)
    if _DRIVE_SIGN.occur_in(text):
        yield from _all(_DRIVE, text)
    yield from _bracketed(text)
    yield from _source_spans(text)
    if ":" in text:
        yield from line_markup(text)


def _bracketed(text: str) -> Iterator[Span]:
    """Yield the spans of wiki markup and of the tags of forums."""
    if _WIKI_SIGNS.occur_in(text):
        yield from _all(_WIKI, text)
    if _BBCODE_SIGN.occur_in(text):
        yield from _all(_BBCODE, text)


def _mails_and_handles(text: str) -> Iterator[Span]:
    """Yield the spans of mail addresses and handles, which are looked for at each `@` alone."""
    sign = text.find("@")
    while sign >= 0:
        local = _DELIMITER.split(text[max(0, sign - _MAX_LOCAL - 1) : sign])[-1]
        if found := _MAIL.match(text, sign - len(local)) or _HANDLE.match(text, sign):
            yield found.span()
        sign = text.find("@", sign + 1)


def _paths(text: str) -> Iterator[Span]:
    """Yield the spans of paths of files, and of hosts and DOI without a scheme, at each slash."""
    at = text.find("/")
    for _ in range(_MAX_SLASHES):
        if at < 0:
            return
        behind = at + 1
        before = text[at - 1 : at]
        if not before or before.isspace() or before in "(\"'~:":
            found = _PATH.match(text, at)
            if found:
                behind = found.end()
                yield at, behind
        elif before.isalnum():
            host = _HOST.search(text, max(0, at - _MAX_HOST), at)
            rest = _REST.match(text, at)
            if host and rest:
                behind = rest.end()
                yield host.start(), behind
        at = text.find("/", behind)


def _source_spans(text: str) -> Iterator[Span]:
    """Yield the spans of LaTeX, written line breaks, code and JSON."""
    if "\\" in text:
        yield from _all(_LATEX if _LATEX_SIGN.search(text) else _WRITTEN_BREAK, text)
    if "`" in text:
        yield from _all(_FENCE, text)
        yield from _all(_INLINE_CODE, text)
    if _JSON_SIGNS.occur_in(text):
        yield from _all(_JSON, text)
    if _CODE_SIGNS.occur_in(text) and marks_share(text) >= MIN_MARKS:
        code, prose, spans = _code_lines(text)
        if code >= _MIN_CODE_LINES and code >= _CODE_SHARE * prose:
            yield from spans


def _all(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (found.span() for found in pattern.finditer(text))


def _code_lines(text: str) -> tuple[int, int, list[Span]]:
    """Return the numbers of code and other lines of a text, and the spans of the code."""
    code = prose = at = 0
    spans: list[Span] = []
    for line in text[:_MAX_CODE].splitlines(keepends=True)[:_MAX_LINES]:
        if not line.isspace() and is_code_line(line):
            code += 1
            spans.append((at, at + len(line)))
        elif not (line.isspace() or is_comment(line)):
            prose += 1
        at += len(line)
    return code, prose, spans
