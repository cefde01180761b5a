"""News agencies in datelines, such as `LONDON (Reuters) - ...`."""

# ruff: noqa: RUF001 (full-width punctuation is part of such lines)

import re
from collections.abc import Iterator
from typing import Final

from fanmill.core.taggers.document_metadata.statement import (
    MAX_NAME_LENGTH,
    Statement,
    span_in_text,
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
_AGENCY_SIGN: Final = re.compile("[(（/【]|[电電讯訊社息报]")


def agency_statements(start: int, line: str) -> Iterator[Statement]:
    """Yield the agency that a line begins with, as source."""
    if not _AGENCY_SIGN.search(line, 0, MAX_NAME_LENGTH + 40):
        return
    for pattern in (_DATELINE, _ENGLISH_DATELINE, _CHINESE_AGENCY, _JAPANESE_AGENCY):
        found = pattern.match(line)
        if found:
            group = "value"
            if pattern is _ENGLISH_DATELINE:
                group = "paren" if found["paren"] else "slash"
            yield Statement(
                "source", found[group], 0.85, span_in_text(found, group, start), "agency line"
            )
            return
