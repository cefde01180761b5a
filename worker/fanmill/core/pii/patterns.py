"""Patterns of personal data and identifiers.

Every pattern takes time linear in the text: it starts where a token starts, and is
bounded or possessive from there.
"""

# ruff: noqa: RUF001 (the patterns look for signs that resemble ASCII ones)

import re
from typing import Final

from fanmill.core.pii.letters import ALPHABETIC, HYPHENS, SPACES
from fanmill.core.text.characters import DIGITS

TRAILING: Final = ".,;:!?'\")]}>*_"
IBAN: Final = re.compile(
    rf"\d\d(?<=(?<![A-Za-z0-9_\-])[A-Z]{{2}}\d\d)(?:[{SPACES}{HYPHENS}]?[A-Z0-9]){{11,30}}"
    # Small letters in groups of four, as people type them.
    rf"|\d\d(?<=(?<![A-Za-z0-9_\-])[a-z]{{2}}\d\d)(?:[{SPACES}][a-z0-9]{{4}}){{2,7}}(?:[{SPACES}][a-z0-9]{{1,4}})?"
)
ISBN: Final = re.compile(
    r"(?<![A-Za-z])ISBN(?:-1[03])?:?\s{0,3}(?P<labelled>[\dXx](?:[ \-–]?[\dXx]){9,12})(?![\dXx])"
    r"|(?<![\d.\-])(?P<bare>97[89](?:[ \-]?\d){10})(?![\d])",
    re.IGNORECASE,
)
DOI: Final = re.compile(r"10\.(?<![\d.]10\.)\d{4,9}/[^\s\"<>\u3000-\u303f\uff00-\uffef]{1,200}+")
IPV4: Final = re.compile(
    rf"(?<![{ALPHABETIC}_\d.])(?<![{ALPHABETIC}]-)(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){{3}}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?!\.?\d)"
)
IPV6: Final = re.compile(r"(?<![0-9A-Za-z:.])[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{2,38}+(?![0-9A-Za-z])")
_AMOUNT: Final = (
    # 1 700,50 with spaces; otherwise any other separator of thousands, or none.
    r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3}(?!\d))+|\d{1,3}(?:[.,']?\d{3}){0,5})(?:[.,]\d{1,2})?"
)
MONEY: Final = re.compile(
    # The first characters of an amount: a look at them saves all others the alternatives.
    r"(?=[\dUACHNR$€£¥₹₽₩฿])"
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
    rf"[{DIGITS}][\d{SPACES}{HYPHENS}–.,/()]*+"
    # A unit or currency behind an amount.
    r"(?P<price>\s?(?:[€£¥₹₽万亿億兆元円]|million|billion|trillion|Mi|Mrd|millones|milliard|USD|EUR|"
    r"GBP|CHF|JPY|CNY|RMB|dollar|euro|pound|yuan|Dollar|Euro|рубл|доллар|美元|人民币|欧元|英镑|日元|"
    r"港元|ドル|ユーロ))?"
)
