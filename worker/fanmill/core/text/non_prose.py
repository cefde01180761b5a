"""Lines of a text that are not its prose: crawl headers, bylines, source notes, a site's own.

A line is judged by itself, in constant time; whether a heading is a heading
needs its neighbours and belongs to `summary`.
"""

# ruff: noqa: RUF001, RUF002 (full-width punctuation is what such lines have)

import re
from functools import lru_cache
from typing import Final

MAX_LINE_LENGTH: Final = 200
"""Code points. A longer line is prose, whatever it starts with."""
MIN_LINE_LENGTH: Final = 4
"""Code points. A shorter line names nobody."""

MAX_HEADER_LENGTH: Final = 300
"""Code points of a crawl header with its title. Where the whole article follows on the same
line, only the date is taken for the header."""

_LABELS: Final = (
    # Sources and rights
    r"sources?|quellen?|fuentes?|fonti?|fontes?|bron|źródło|kaynak|источник|المصدر|स्रोत|"
    r"来源|來源|稿源|出典|引用元|ที่มา|출처|credits?|copyright|"
    # People
    r"(?:written|edited|reported|reporting|compiled|photos?|pictures?) by|authors?|editors?|"
    r"reporters?|photo|foto|picture|image|auteur|autore|autor(?:in)?|redaktion|redacción|"
    r"автор|редактор|фото|الكاتب|लेखक|作者|记者|記者|编辑|編輯|责编|責編|责任编辑|責任編輯|"
    r"编译|撰文|摄影|文|ผู้เขียน|"
    # Times
    r"date|dated|published|posted|updated|last updated|last modified|datum|veröffentlicht|"
    r"aktualisiert|stand|publié|fecha|publicado|actualizado|pubblicato|дата|опубликовано|"
    r"التاريخ|日期|时间|時間|发布时间|发布日期|發布時間|公開日|更新日|วันที่"
)
_LABELLED: Final = re.compile(
    rf"[\s(（\[【〔]*(?:{_LABELS})(?:\s+\w{{1,12}})?\s*[:：]\s*\S", re.IGNORECASE
)
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
"""What a site says of itself: cookies, newsletters, what else to read."""
_CRAWL_DATE: Final = re.compile(
    r"\s*(?:(?:date|datum|fecha|дата|日期|时间|時間)\s*[:：]?\s*)"
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[T ]\d{1,2}:\d{2}(?::\d{2})?Z?)?(?=\s|$)",
    re.IGNORECASE,
)


def is_non_prose(line: str) -> bool:
    """Tell whether a line stands beside the prose: `Source: ...`, `By Jane Doe`, `来源：...`.

    False for lines of fewer than 4 or more than 200 code points.
    """
    return MIN_LINE_LENGTH <= len(line) <= MAX_LINE_LENGTH and _stands_beside(line)


@lru_cache(maxsize=1024)
def _stands_beside(line: str) -> bool:
    # Kept for a while: what has many lines often has the same again.
    labelled = (":" in line or "：" in line) and _LABELLED.match(line)
    if labelled or _RIGHTS.match(line) or _REPORTERS.match(line) or _SITE.match(line):
        return True
    byline = _BYLINE.match(line)
    return byline is not None and all(
        word[0].isupper() or word in _NAME_PARTICLES
        for word in re.split(r"[\s,|/&·]+", byline[1])
        if word
    )


def crawl_header_length(line: str) -> int:
    """Return how much of a document's first line is a crawl header, in code points.

    ` date 2022-08-05 TITLE` is one as a whole; when the article follows on the
    same line (more than 300 code points), the header ends after the date. 0
    when the line is none.
    """
    header = _CRAWL_DATE.match(line)
    if header is None:
        return 0
    return len(line) if len(line) <= MAX_HEADER_LENGTH else header.end()
