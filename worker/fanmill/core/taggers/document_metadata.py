"""Source, date, author and title from a text's head and foot, metadata and URL.

Only the first and the last lines are looked at, each by anchored patterns:
the time does not grow with the text.
"""

# ruff: noqa: RUF001 (full-width punctuation is what such lines have; months are lists)

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Final, Literal
from urllib.parse import urlsplit

from fanmill.core.document import Document
from fanmill.core.taggers.dates import YEAR, dates, iso_date
from fanmill.core.text.layout import Span

Field = Literal["source", "date", "author", "title"]

LOOKED_AT: Final = 2_000
"""Code points at the start, and a quarter of them at the end."""
_MAX_LINE_LENGTH: Final = 400
_MAX_TITLE_LENGTH: Final = 200
_MAX_NAME_LENGTH: Final = 80
_HEAD_LINES: Final = 14
_FOOT_LINES: Final = 5


@dataclass(frozen=True, slots=True)
class Found:
    """One statement of a head; no span where it is not from the text."""

    field: Field
    value: str
    score: float
    span: Span | None
    reason: str


_DATE_LABEL: Final = re.compile(
    r"\s*(?:date|dated|published(?:\s(?:on|at))?|posted(?:\son)?|(?:last\s)?(?:updated|modified)"
    r"(?:\son)?|datum|veröffentlicht(?:\sam)?|aktualisiert(?:\sam)?|stand|publié(?:\sle)?|"
    r"mis\sà\sjour(?:\sle)?|fecha|publicado(?:\s(?:el|em))?|actualizado(?:\sel)?|data|"
    r"pubblicato(?:\sil)?|дата|опубликовано|التاريخ|تاريخ النشر|日期|时间|時間|发布时间|发布日期|"
    r"發布時間|發佈日期|公開日|更新日|配信日|날짜|입력|วันที่|तारीख|tarih)\s*[:：]?\s*(?=\S)",
    re.IGNORECASE,
)
_SOURCE_LABEL: Final = re.compile(
    r"[\s(（\[【]*(?:sources?|quellen?|fuentes?|fonti?|fontes?|bron|źródło|kaynak|источник|المصدر|"
    r"स्रोत|来源|來源|文章来源|信息来源|稿源|出典|引用元|ที่มา|출처|publisher|published by|"
    r"first published (?:in|by))\s*[:：]\s*(?P<value>[^\s:：|)）\]】][^|)）\]】\n]{0,79})",
    re.IGNORECASE,
)
_AUTHOR_LABEL: Final = re.compile(
    r"[\s(（\[【]*(?:authors?|auteurs?|autore|autor(?:in|a)?|автор|الكاتب|بقلم|लेखक|作者|撰文|文|"
    r"(?:written|reported|reporting) by|reporter|记者|記者|编辑|編輯|责任编辑|責任編輯|執筆|著者|"
    r"기자|ผู้เขียน|yazar)\s*[:：]\s*(?P<value>[^\s:：|)）\]】][^|)）\]】\n]{0,79})",
    re.IGNORECASE,
)
_REPORTED_BY: Final = re.compile(
    r"\s*(?:written|reported|reporting)\sby\s(?P<value>\w[^\n|;:]{2,79})", re.IGNORECASE
)
_BYLINE: Final = re.compile(
    r"\s*(?:by|von|par|por|di|door|от|af|av|przez)\s+(?P<value>[^\W\d_][^\n]{2,120})$",
    re.IGNORECASE,
)
_NAMES: Final = re.compile(
    r"[^\W\d_][\w.'’\-]*(?:\s(?:(?:van|von|de|der|den|da|di|del|la|le|bin|al|el|dos|y|ten|zu)\s)*"
    r"[^\W\d_][\w.'’\-]*){1,4}"
)
_TITLE_LABEL: Final = re.compile(
    r"\s*(?:title|headline|titel|titre|título|titolo|заголовок|العنوان|标题|標題|題名|タイトル|제목)"
    r"\s*[:：]\s*(?P<value>\S[^\n]{1,199})",
    re.IGNORECASE,
)
_MARKDOWN_TITLE: Final = re.compile(r"\s{0,3}#\s+(?P<value>\S[^\n]{1,199}?)\s*#*$")
_CHINESE_REPORTER: Final = re.compile(
    r"[（(【]?(?:本报|本報|新华社|新華社|人民网|中新社|中新网|央视|澎湃新闻)?(?:见习|特派|驻\w{1,6})?"
    r"(?:记者|記者|通讯员|通訊員)[\s:：]*(?P<value>[\u4e00-\u9fff·]{2,4}(?:[\s、，,和]{1,2}[\u4e00-\u9fff·]{2,4}){0,4})"
    r"\s*(?=[)）】\s，。:：]|报道|報道|摄|文|$)"
)
_CHINESE_AGENCY: Final = re.compile(
    r"[\s(（【]*(?:据)?(?P<value>新华社|新華社|中新社|中新网|人民网|人民日报|央视新闻|中央社|法新社|路透社|"
    r"美联社|俄新社|共同社|彭博社|新华网|光明日报|环球时报|澎湃新闻|联合早报)"
    r"(?:[\u4e00-\u9fff]{0,8}?\d{0,2}月?\d{0,2}日?)?(?:电|電|讯|訊|报道|報道|消息)"
)
_JAPANESE_AGENCY: Final = re.compile(
    r"[\s【（(]*[^】）)]{0,12}?(?P<value>共同通信|時事通信|共同|時事|ロイター|AFP=時事)[】）)]"
)
_AGENCIES: Final = (
    "Reuters|Associated Press|AP|AFP|Agence France-Presse|dpa|DPA|UPI|Bloomberg|EFE|ANSA|Xinhua|"
    "TASS|ТАСС|РИА Новости|Интерфакс|Interfax|PTI|ANI|IANS|Kyodo|Yonhap|KNA|epd|sid|SDA|APA|Lusa|"
    "ANP|Belga|PAP|CNN|BBC|PRNewswire|Business Wire|GLOBE NEWSWIRE|رويترز|أ ف ب|وام|واس|سبأ"
)
_DATELINE: Final = re.compile(
    r"\s*(?:[^\W\d_][^\n()（）]{1,60}?)?[(（](?P<value>" + _AGENCIES + r")(?:/[\w ]{1,20})?[)）]"
    r"\s{0,2}[-–—:،.]{1,2}(?=\s)"
)
_ENGLISH_DATELINE: Final = re.compile(
    r"\s*[A-Z][A-Z .'\-]{2,40}(?:,\s[^\n\-–—]{0,40}?)?,?\s(?:\((?P<paren>[A-Z][\w .&]{1,30})\)|"
    r"/(?P<slash>[A-Z][\w .&]{1,30})/)\s{0,2}[-–—]{1,2}\s"
)
_URL_DATE: Final = re.compile(
    r"[/\-_](?P<y>(?:19|20)\d{2})[/\-_]?(?P<m>0[1-9]|1[0-2])[/\-_]?(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"
)
_SENTENCE_END: Final = (".", "!", "?", "。", "！", "？", "।", ":", "：", ",", "，", ";", "؟")
_ROLES: Final = re.compile(
    r"[,|;·/(].{0,80}$|\s+(?:staff writer|staff|correspondent|reporter|in\s[A-Z]\w+|for\s.{1,60}|"
    r"und agenturen|\d.{0,40})$",
    re.IGNORECASE,
)


def find_metadata(document: Document, language: str) -> list[Found]:
    """Return what is said of source, date, author and title, best first in each field.

    What the event says stands above what the text says. Dates are ISO 8601.
    The language decides whether 05/08/2022 is in May or August.
    """
    best: dict[tuple[Field, str], Found] = {}
    for found in _all(document, language):
        key = (found.field, found.value.casefold())
        if key not in best or best[key].score < found.score:
            best[key] = found
    return sorted(best.values(), key=lambda found: (found.field, -found.score, found.value))


def _all(document: Document, language: str) -> Iterator[Found]:
    yield from _declared(document)
    lines = _lines(document.text)
    years = [found.start() for found in YEAR.finditer(document.text, 0, LOOKED_AT)]
    for index, (start, line) in enumerate(lines.head):
        yield from _of_line(start, line)
        end = start + len(line)
        if any(start <= year < end for year in years):
            yield from _dated(start, line, language, index)
    for start, line in lines.foot:
        if _may_label(line):
            yield from _labelled(start, line, 0.1)
    if not document.title:
        yield from _first_line(lines.head, document.text)


def _declared(document: Document) -> Iterator[Found]:
    if document.title and document.title.strip():
        yield Found("title", document.title.strip()[:_MAX_TITLE_LENGTH], 1.0, None, "the event")
    if document.author and document.author.strip():
        yield Found("author", document.author.strip()[:_MAX_TITLE_LENGTH], 1.0, None, "the event")
    if document.publisher and document.publisher.strip():
        yield Found(
            "source", document.publisher.strip()[:_MAX_TITLE_LENGTH], 1.0, None, "the event"
        )
    if document.published_at:
        yield Found("date", str(document.published_at)[:10], 1.0, None, "the event")
    for name, value in document.metadata.items():
        field = _METADATA.get(name.casefold().replace("-", "_").rpartition(":")[2])
        if field and isinstance(value, str) and value.strip():
            if field == "date":
                found = next(dates(value[:_MAX_TITLE_LENGTH], ""), None)
                if found:
                    yield Found("date", found[0], 0.9, None, f"metadata {name}")
            else:
                shown = value.strip()[:_MAX_TITLE_LENGTH]
                yield Found(field, shown, 0.9, None, f"metadata {name}")
    if document.url:
        yield from _of_url(document.url)


_METADATA: Final[dict[str, Field]] = {
    **dict.fromkeys(("source", "publisher", "site_name", "site", "outlet", "agency"), "source"),
    **dict.fromkeys(
        ("date", "published", "published_at", "published_time", "pubdate", "publish_date"), "date"
    ),
    **dict.fromkeys(("author", "byline", "creator", "authors", "writer"), "author"),
    **dict.fromkeys(("title", "headline"), "title"),
}


def _of_url(url: str) -> Iterator[Found]:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return
    if host and "." in host:
        yield Found("source", host.removeprefix("www."), 0.5, None, "host of the URL")
    found = _URL_DATE.search(parts.path)
    if found:
        value = iso_date(int(found["y"]), int(found["m"]), int(found["d"]))
        if value:
            yield Found("date", value, 0.8, None, "path of the URL")


@dataclass(frozen=True, slots=True)
class _Lines:
    head: list[tuple[int, str]]
    foot: list[tuple[int, str]]


def _lines(text: str) -> _Lines:
    head = list(islice(_with_offsets(text[:LOOKED_AT], 0), _HEAD_LINES))
    behind = head[-1][0] + len(head[-1][1]) if head else 0
    start = max(behind, len(text) - LOOKED_AT // 4)
    foot = list(_with_offsets(text[start:], start))[-_FOOT_LINES:]
    return _Lines(head, foot)


def _with_offsets(text: str, at: int) -> Iterator[tuple[int, str]]:
    for line in text.splitlines(keepends=True):
        if not line.isspace():
            yield at, line.rstrip()[:_MAX_LINE_LENGTH]
        at += len(line)


def _of_line(start: int, line: str) -> Iterator[Found]:
    # Nearly all lines have nothing: what must stand there is looked for first.
    if _may_label(line) or line.lstrip()[:1] == "#":
        yield from _labelled(start, line, 0.0)
    if "(" in line or "/" in line or not line.isascii():
        yield from _agencies(start, line)
    if len(line) <= _MAX_NAME_LENGTH + 40:
        yield from _byline(start, line)
    if "者" in line or "讯" in line or "訊" in line:
        yield from _reporters(start, line)


def _may_label(line: str) -> bool:
    return ":" in line or "：" in line or "ing by " in line


def _reporters(start: int, line: str) -> Iterator[Found]:
    if not _REPORTER_SIGN.search(line, 0, _MAX_TITLE_LENGTH):
        return
    for found in _CHINESE_REPORTER.finditer(line[:_MAX_TITLE_LENGTH]):
        for name in re.split(r"[\s、，,和]+", found["value"]):
            at = start + found.start("value") + found["value"].index(name)
            if name:
                yield Found("author", name, 0.85, (at, at + len(name)), "記者")


def _dated(start: int, line: str, language: str, index: int) -> Iterator[Found]:
    label = _DATE_LABEL.match(line)
    head = line[label.end() :] if label else line[:_MAX_TITLE_LENGTH]
    at = start + (label.end() if label else 0)
    first = True
    for value, begin, end in dates(head, language):
        if label and first and begin <= 12:  # noqa: PLR2004  a weekday may stand before
            yield Found("date", value, 0.95, (at + begin, at + end), "label")
            rest = head[end:].strip(" \t-–—|:：T")
            time = re.match(r"\d{1,2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?\s*", rest)
            rest = rest[time.end() :] if time else rest
            if index == 0 and len(rest) > 3 and head.rstrip().endswith(rest):  # noqa: PLR2004
                offset = at + head.rindex(rest)
                whole = (
                    rest if len(line) < _MAX_LINE_LENGTH and len(rest) <= _MAX_TITLE_LENGTH else ""
                )
                if whole:
                    yield Found("title", whole, 0.85, (offset, offset + len(whole)), "crawl header")
        elif first:
            alone = len(line.strip()) - (end - begin) <= 30  # noqa: PLR2004
            if _is_of_document(head[:begin].rstrip(), head[end:].strip(), alone=alone):
                score = 0.75 if alone else 0.6 - 0.02 * index
                yield Found("date", value, score, (at + begin, at + end), "date near the top")
        first = False


def _is_of_document(before: str, behind: str, *, alone: bool) -> bool:
    """Tell whether a date near the top is the document's, not one its prose speaks of.

    It is not where a sentence runs into it (`was born June 23, 1948`) or goes on behind it.
    """
    is_dateline = _BEHIND_DATELINE.match(behind) is not None
    if not is_dateline and _GOES_ON.match(behind):
        return False
    if before and not _DATE_INTRODUCED.search(before):
        last = before.rsplit(None, 1)[-1]
        if before[-1] not in _ENDS_BEFORE_DATE and (last[-1].islower() and last[0].islower()):
            return False
        if behind == "." and last[0].isalpha():
            return False
    return alone or not behind or is_dateline


_ENDS_BEFORE_DATE: Final = frozenset(",;|-–—•·(:/@>]»】）)")
_DATE_INTRODUCED: Final = re.compile(
    r"(?:date|dated|published|posted|updated|modified|created|datum|veröffentlicht|aktualisiert|"
    r"stand|publié|fecha|publicado|actualizado|data|pubblicato|дата|опубликовано)"
    r"(?:\s\w{1,3})?[:：]?$|,\s(?:le|den|a|el|il|em|den)$",
    re.IGNORECASE,
)
"""What may stand before a date in small letters: `Posted on`, `Paris, le`."""
_GOES_ON: Final = re.compile(r"[,，]\s?[^\W\d_]|[)）]\s?\w|\.\s[A-ZÀ-Þ(]")
_BEHIND_DATELINE: Final = re.compile(
    r"[-–—|(（\[•·/:：]|(?:,\s[A-ZÀ-Þ][\w -]{1,30})?\.?\s[-–—]\s|T?\d|[电電讯訊]|"
    r"(?:at|um|à|alle|a las|às|в|IST|GMT|UTC|[AP]M)\b"
)

_LABELS: Final[tuple[tuple[re.Pattern[str], Field], ...]] = (
    (_SOURCE_LABEL, "source"),
    (_AUTHOR_LABEL, "author"),
    (_TITLE_LABEL, "title"),
    (_REPORTED_BY, "author"),
)
_COLON: Final = re.compile("[:：]")
_AGENCY_SIGN: Final = re.compile("[(（/【]|[电電讯訊社息报]")
_REPORTER_SIGN: Final = re.compile("[记記通][者讯訊]")


def _labelled(start: int, line: str, less: float) -> Iterator[Found]:
    has_colon = _COLON.search(line, 0, _MAX_TITLE_LENGTH) is not None
    has_inner = has_colon and _INNER.search(line, 0, _MAX_TITLE_LENGTH) is not None
    for pattern, field in _LABELS if has_colon else _LABELS[-1:]:
        found = pattern.match(line)
        if not found and has_inner and field != "title" and pattern is not _REPORTED_BY:
            found = pattern.search(line, 0, _MAX_TITLE_LENGTH)
        if found:
            value = found["value"].rstrip()
            if field != "title":
                value = _UNTIL.split(value, maxsplit=1)[0].rstrip(" ,.;。，；)）")
            if value:
                at = start + found.start("value")
                yield Found(field, value, 0.9 - less, (at, at + len(value)), "label")
    markdown = None if less or "#" not in line[:4] else _MARKDOWN_TITLE.match(line)
    if markdown:
        at = start + markdown.start("value")
        yield Found(
            "title", markdown["value"], 0.9, (at, at + len(markdown["value"])), "markdown heading"
        )


_INNER: Final = re.compile(
    r"[|　\t]| {2}|[)）】\d日]\s?(?=来源|來源|作者|稿源|责任编辑|记者|Source|Author|By)"
)
_UNTIL: Final = re.compile(
    r"\s{2,}|　|\s(?=(?:作者|来源|來源|编辑|責編|责编|责任编辑|日期|时间|发布时间)[:：])"
    r"|\s(?=\d{4}[-/年.])|\s?(?=\d{4}-\d{2}-\d{2})"
)


def _agencies(start: int, line: str) -> Iterator[Found]:
    if not _AGENCY_SIGN.search(line, 0, _MAX_NAME_LENGTH + 40):
        return
    for pattern in (_DATELINE, _ENGLISH_DATELINE, _CHINESE_AGENCY, _JAPANESE_AGENCY):
        found = pattern.match(line)
        if found:
            group = "value"
            if pattern is _ENGLISH_DATELINE:
                group = "paren" if found["paren"] else "slash"
            yield Found(
                "source", found[group], 0.85, found_span(found, group, start), "agency line"
            )
            return


def found_span(found: re.Match[str], group: str, start: int) -> Span:
    """Return a group's span in the text, given where the line starts."""
    return start + found.start(group), start + found.end(group)


def _byline(start: int, line: str) -> Iterator[Found]:
    found = _BYLINE.match(line)
    if not found:
        return
    value = _ROLES.sub("", found["value"]).rstrip(" .,")
    at = start + found.start("value")
    for part in re.finditer(r"(?:(?!\s(?:and|und|et|y|e|en|и|og|och|i)\s|,|&).)+", value):
        name = part[0].strip()
        name = re.sub(r"^(?:and|und|et|y|e|en|и|og|och|i)\s", "", name)
        if (
            _NAMES.fullmatch(name)
            and len(name) <= _MAX_NAME_LENGTH
            and name[0].isupper()
            and name.split()[-1][0].isupper()
        ):
            begin = at + value.index(name)
            yield Found("author", name, 0.85, (begin, begin + len(name)), "byline")


def _first_line(head: list[tuple[int, str]], text: str) -> Iterator[Found]:
    """Yield the first line as title where it stands like one."""
    if not head:
        return
    start, line = head[0]
    shown = line.strip()
    follows = text[start + len(line) : start + len(line) + 3]
    if (
        len(head) > 1
        and 2 <= len(shown) <= _MAX_TITLE_LENGTH  # noqa: PLR2004
        and any(map(str.isalpha, shown))
        and not shown.endswith(_SENTENCE_END)
        and not shown.startswith(("-", "*", "|", "{", "<", "http"))
        and len(head[1][1]) + 40 > len(shown)
        and not _is_wrapped(head, follows)
        and not _DATE_LABEL.match(line)
        and not _SOURCE_LABEL.match(line)
        and not _AUTHOR_LABEL.match(line)
        and not _BYLINE.match(line)
        and not _TITLE_LABEL.match(line)
        and not _MARKDOWN_TITLE.match(line)
    ):
        if any(end - begin > len(shown) // 2 for _, begin, end in dates(shown, "")):
            return
        at = start + line.index(shown)
        score = 0.75 if follows.count("\n") > 1 else 0.6
        yield Found("title", shown, score, (at, at + len(shown)), "first line")


def _is_wrapped(head: list[tuple[int, str]], follows: str) -> bool:
    """Tell whether the first line is prose that goes on in the next one."""
    if follows.count("\n") > 1:
        return False
    first, second, *others = (line for _, line in head[:3])
    if second.strip()[:1].islower() and len(first) >= _NARROWEST:
        return True
    widths = [len(line) for line in (first, second, *others)]
    alike = [
        min(pair) >= _NARROWEST and max(pair) - min(pair) <= _RAGGED for pair in pairwise(widths)
    ]
    return any(alike) and max(widths) <= _WIDEST and not first.strip().istitle()


_NARROWEST: Final = 34
_WIDEST: Final = 110
_RAGGED: Final = 12
"""Columns of wrapped prose, and by how much its lines differ."""
