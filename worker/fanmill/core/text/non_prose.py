"""Non-prose lines: crawl headers, bylines, source credits, navigation and cookie notices.

Each line is judged alone, in constant time. Headings depend on their neighbours; `summary` detects
them.
"""

# ruff: noqa: RUF001, RUF002 (full-width punctuation is part of such lines)

import re
from functools import lru_cache
from typing import Final

from fanmill.core.text.labels import Kind, alternatives

MAX_LINE_LENGTH: Final = 200
"""Maximum number of code points in a non-prose line."""
MIN_LINE_LENGTH: Final = 4
"""Minimum number of code points in a non-prose line."""

MAX_HEADER_LENGTH: Final = 300
"""Maximum number of code points in a crawl header with its title. If the article follows on the
same line, only the date is the header."""

_KINDS: Final[tuple[Kind, ...]] = ("source", "author", "date", "updated", "credit", "keywords")
_LABELLED: Final = re.compile(
    rf"[\s(（\[【〔]*(?:{alternatives(*_KINDS)})"
    r"(?:\s+\w{1,12})?\s*[:：]\s*\S",
    re.IGNORECASE,
)
_DATED: Final = re.compile(
    rf"\s*(?:{alternatives('date', 'updated')})\s{{0,2}}(?:[^\W\d_]{{2,10}}\s)?\d[^!?\n]{{4,80}}$",
    re.IGNORECASE,
)
"""A date behind its label without a colon: `입력 2024.03.05. 오전 10:12`"""
_PHOTOGRAPHED: Final = re.compile(r"\s*fot\.\s\S[^!?\n]{2,80}\w$", re.IGNORECASE)
"""A Polish credit of a picture: `Fot. Anna Lis`"""
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_TIME: Final = re.compile(r"(?<![\d:])[0-2]?\d:[0-5]\d(?!\d)")
_MAX_TIMED: Final = 60
"""Maximum number of code points in a date with a time of day, which may end in a full stop."""
_REPORTERS: Final = re.compile(r"\s*[(（]?(?:本报|本報|新华社|新華社)?(?:记者|記者)\s*\S{2,20}\s*$")
_BYLINE: Final = re.compile(
    r"\s*(?:by|von|par|por|di|door|от)\s+(\w[\w.'’\-]*(?:[\s,|/&·]+\w[\w.'’\-]*){0,8})[\s|,]*$",
    re.IGNORECASE,
)
_NAME_PARTICLES: Final = frozenset(
    {"and", "und", "et", "y", "e", "en", "i", "и", "for", "für", "of", "in", "de", "la"}
    | {"le", "da", "dos", "van", "von", "der", "den", "bin", "al"}
)
_RIGHTS: Final = re.compile(
    r"\s*(?:©|\(c\)\s|copyright\b|all rights reserved|alle rechte vorbehalten|"
    r"tous droits réservés|todos los derechos reservados|版权所有|版權所有)",
    re.IGNORECASE,
)
_SITE: Final = re.compile(
    r"\s*(?:(?:We|(?:This|Our) (?:web)?site) uses? cookies\b|Accept (?:all )?cookies\b|"
    r"Cookie (?:policy|settings|notice)\b|Subscribe (?:to|now)\b|Skip to (?:main )?content\b|"
    r"Sign up (?:for|to)\b.*(?:newsletter|alerts|updates|mail)|Share (?:this|on)\b|Follow us\b|"
    r"Click here\b|Read (?:more|also)\s*(?:[:»>…]|$)|Advertisement\s*$|"
    r"Related (?:articles|stories|posts)\b|Terms of (?:use|service)\b|Privacy policy\b|"
    r"(?:Wir verwenden|Diese (?:Webs|S)eite verwendet) Cookies\b|Newsletter (?:abonn|bestell)|"
    r"Lesen Sie auch\b|(?:Nous utilisons|Ce site utilise) des cookies\b|(?:À lire|Lire) aussi\b|"
    r"(?:Utilizamos|Este sitio (?:web )?(?:usa|utiliza)) cookies\b|Lea también\b|"
    r"(?:Utilizziamo|Questo sito utilizza) (?:i )?cookie\b|Leggi anche\b|Leia também\b|"
    r"Мы используем (?:файлы )?cookie|Читайте также\b|点击(?:查看|进入|下载)|扫(?:码|描)|"
    r"相关(?:阅读|新闻|链接)|关注我们|続きを読む|関連記事)"
)
"""Notices of a site: cookies, newsletters, related articles."""
_CRAWL_DATE: Final = re.compile(
    r"\s*(?:(?:date|datum|fecha|дата|日期|时间|時間)\s*[:：]?\s*)"
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[T ]\d{1,2}:\d{2}(?::\d{2})?Z?)?(?=\s|$)",
    re.IGNORECASE,
)


def is_non_prose(line: str) -> bool:
    """Tell whether a line is not prose, such as `Source: ...`, `By Jane Doe` or `来源：...`.

    Lines of fewer than 4 or more than 200 code points are prose.
    """
    return MIN_LINE_LENGTH <= len(line) <= MAX_LINE_LENGTH and _matches(line)


@lru_cache(maxsize=1024)
def _matches(line: str) -> bool:
    # Cached, because texts with many lines often repeat them.
    labelled = (":" in line or "：" in line) and _LABELLED.match(line)
    if labelled or _RIGHTS.match(line) or _REPORTERS.match(line) or _SITE.match(line):
        return True
    if line[-1].isalnum() and (
        (_YEAR.search(line) and _DATED.match(line)) or _PHOTOGRAPHED.match(line)
    ):
        return True
    if ":" in line and len(line) <= _MAX_TIMED and _TIME.search(line) and _DATED.match(line):
        return True
    byline = _BYLINE.match(line)
    return byline is not None and all(
        word[0].isupper() or word in _NAME_PARTICLES
        for word in re.split(r"[\s,|/&·]+", byline[1])
        if word
    )


def crawl_header_length(line: str) -> int:
    """Return the length of the crawl header in the first line of a document, in code points.

    The whole line ` date 2022-08-05 TITLE` is a header. If the article follows on the same line
    (more than 300 code points), the header ends with the date. The result is 0 without header.
    """
    header = _CRAWL_DATE.match(line)
    if header is None:
        return 0
    return len(line) if len(line) <= MAX_HEADER_LENGTH else header.end()
