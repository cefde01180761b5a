"""Patterns of personal data and identifiers.

Every pattern takes time linear in the text: it starts where a token starts, and is
bounded or possessive from there.
"""

# ruff: noqa: RUF001 (the patterns look for signs that resemble ASCII ones)

import re
from typing import Final

from fanmill.core.text.characters import DIGITS

EMAIL: Final = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}+@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9])"
)
SCHEME: Final = re.compile(r"(?:https?|ftp)\Z", re.IGNORECASE)
URL: Final = re.compile(r"://[^\s<>\"'`{}|\\^\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]{3,2000}+")
MAX_SCHEME_LENGTH: Final = 5
WWW: Final = re.compile(
    r"www\.(?<![A-Za-z0-9.@/]....)[A-Za-z0-9\-]{1,63}\.[A-Za-z0-9\-./?=&%_~#+]{2,2000}+",
    re.IGNORECASE,
)
TRAILING: Final = ".,;:!?'\")]}>*_"
IBAN: Final = re.compile(r"\d\d(?<=(?<![A-Za-z0-9])[A-Z]{2}\d\d)(?:[ \u00a0]?[A-Z0-9]){11,30}")
CARD: Final = re.compile(r"(?<![\d.,\-/])\d(?:[ \-]?\d){12,18}(?![\d.]\d|\d)")
CHINESE_ID: Final = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])")
ISBN: Final = re.compile(
    r"(?<![A-Za-z])ISBN(?:-1[03])?:?\s{0,3}(?P<labelled>[\dXx](?:[ \-–]?[\dXx]){9,12})(?![\dXx])"
    r"|(?<![\d.\-])(?P<bare>97[89](?:[ \-]?\d){10})(?![\d])",
    re.IGNORECASE,
)
DOI: Final = re.compile(r"10\.(?<![\d.]10\.)\d{4,9}/[^\s\"<>\u3000-\u303f\uff00-\uffef]{1,200}+")
IPV4: Final = re.compile(
    r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\.?\d)"
)
IPV6: Final = re.compile(r"(?<![0-9A-Za-z:.])[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{2,38}+(?![0-9A-Za-z])")
PHONE: Final = re.compile(
    # +49 30 901820, 0049 30 901820
    r"(?<![\w+.,/])(?<!\d[ \-])"
    r"(?P<world>(?:\+|00)[1-9]\d{0,2}(?:[ \u00a0.\-/]{0,2}\(?\d{1,5}\)?){2,7})"
    r"(?![ \-]?\d)"
    # (415) 555-2671, 415-555-2671, 010-62781234, 020 7946 0958
    r"|(?<![\w+.,/\-])(?<!\d[ \-])(?P<local>\(0?\d{2,4}\) ?\d{3,4}[ \-.]?\d{4}"
    r"|\d{3}[\-.]\d{3}[\-.]\d{4}|0\d{2,4}[ \-/]\d{3,4}[ \-]?\d{3,5})(?![\d\-/.]\d|\d)"
    # 13812345678
    r"|(?<![\w+.,\-/])(?P<mobile>1[3-9]\d[ \-]?\d{4}[ \-]?\d{4})(?![\d\-/.]\d|\d)"
)
LABELLED_PHONE: Final = re.compile(
    r"(?:tel(?:ephone|efon|éfono|efone)?|phone|mobile|fax|call|電話|电话|手机|热线|тел)"
    r"\.?\s{0,2}[:：]?\s{0,2}(?P<number>\(?\d(?:[ \-./()]{0,3}\d){5,13})(?!\d)",
    re.IGNORECASE,
)
_AMOUNT: Final = (
    # 1 700,50 with spaces; otherwise any other separator of thousands, or none.
    r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3}(?!\d))+|\d{1,3}(?:[.,']?\d{3}){0,5})(?:[.,]\d{1,2})?"
)
MONEY: Final = re.compile(
    rf"(?:(?:US|A|C|HK|NT|R)?[$€£¥₹₽₩฿]\s?{_AMOUNT}"
    r"(?:[\s-]?(?:million|billion|trillion|crore|lakh|mn|bn|m|b|k)\b)?"
    rf"|(?<![A-Za-z0-9.,]){_AMOUNT}\s?(?:(?:million|billion|trillion|"
    r"Mio\.|Mrd\.|Millionen|Milliarden|millones de|milliards? d[e'’]|millions? d[e'’])\s?)?"
    r"(?:[万亿億兆]\s?)?(?:[€£¥₹₽]|(?:USD|EUR|GBP|CHF|JPY|CNY|RMB|dollars?|euros?|yuan|Dollar|Euro|"
    # Pounds alone may be a weight.
    r"pounds\ssterling|(?<=llion\s)pounds|рубл\w{0,3}|доллар\w{0,3})\b|"
    r"美元|人民币|欧元|英镑|日元|港元|元|円|ドル|ユーロ))"
)
HASHTAG: Final = re.compile(r"#(?<![\w&/#]#)(?=\w{0,99}[^\W\d_])\w{2,100}(?!\w)")
SIGNS: Final = frozenset("$€£¥₹₽₩฿")
AT: Final = re.compile("@")
TWO_COLONS: Final = re.compile(":[0-9A-Fa-f]{0,4}:")
NUMBER: Final = re.compile(
    rf"[{DIGITS}][\d \-–.,/()]*+"
    # A unit or currency behind an amount.
    r"(?P<price>\s?(?:[€£¥₹₽万亿億兆元円]|million|billion|trillion|Mi|Mrd|millones|milliard|USD|EUR|"
    r"GBP|CHF|JPY|CNY|RMB|dollar|euro|pound|yuan|Dollar|Euro|рубл|доллар|美元|人民币|欧元|英镑|日元|"
    r"港元|ドル|ユーロ))?"
)
YEARS: Final = re.compile(r"\(?(?:1[0-9]|20)\d\d[-–. ](?:1[0-9]|20)\d\d\)?\Z")
DATE: Final = re.compile(r"(?:19|20)\d\d[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:0?[1-9]|[12]\d|3[01])\Z")
PHONE_GATE: Final = (
    r"(?:\+|00)[1-9]#{0,2}(?:[ \x{a0}.\-/]{0,2}\(?#{1,5}\)?){2}"
    r"|\(0?#{2,4}\) ?#{3,4}[ \-.]?#{4}|#{3}[\-.]#{3}[\-.]#{4}|0#{2,4}[ \-/]#{3,4}[ \-]?#{3}"
    r"|1[3-9]#[ \-]?#{4}[ \-]?#{4}|(?i:tel|phone|mobile|fax|call|電話|电话|手机|热线|тел)"
)
