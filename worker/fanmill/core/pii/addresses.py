"""Addresses in a text: e-mail, URLs and host names, in every script."""

import re
from collections.abc import Iterator
from typing import Final

from fanmill.core.pii.items import Item
from fanmill.core.pii.letters import ALPHABETIC, UNSPACED
from fanmill.core.pii.unspaced_paths import path_end

_LOCAL: Final = rf"[{ALPHABETIC}0-9._%+\-\u00ad]"
"""A letter of an account; a soft hyphen comes from a page that breaks words."""
_LABEL: Final = rf"[{ALPHABETIC}0-9](?:[{ALPHABETIC}0-9\u00ad\-]{{0,61}}[{ALPHABETIC}0-9])?"
_ANY: Final = rf"[{ALPHABETIC}{UNSPACED}0-9]"
_UNSPACED_TOP: Final = (
    "中国|中國|公司|网络|網絡|香港|台湾|台灣|新加坡|商城|网址|한국|닷컴|닷넷|みんな|コム|ไทย"
)
"""Top-level domains in scripts without spaces, where the end of a domain cannot be told."""
EMAIL: Final = re.compile(
    # The apostrophe of O'Brien; in other places it may be a quotation mark or an elision.
    rf"(?<!{_LOCAL})(?:[oO]'(?=[{ALPHABETIC}]))?[{ALPHABETIC}0-9](?:{_LOCAL}|(?<=[._][oO])'){{0,63}}+@"
    rf"(?:(?:{_LABEL}\.){{1,8}}[{ALPHABETIC}]{{2,24}}(?![{ALPHABETIC}0-9])"
    rf"|(?:{_ANY}(?:[{ALPHABETIC}{UNSPACED}0-9\-]{{0,61}}{_ANY})?\.){{1,4}}"
    rf"(?:{_UNSPACED_TOP}|[A-Za-z]{{2,24}}(?![A-Za-z0-9])))"
    rf"|(?<![{ALPHABETIC}{UNSPACED}0-9._%+\-])[{UNSPACED}]{{1,20}}+@"
    rf"(?:{_ANY}(?:[{ALPHABETIC}{UNSPACED}0-9\-]{{0,61}}{_ANY})?\.){{1,4}}"
    rf"(?:{_UNSPACED_TOP}|[A-Za-z]{{2,24}}(?![A-Za-z0-9]))"
)
_FILE_NAME: Final = re.compile(
    r"@\d+(?:\.\d+)?x[.\-]|\.(?:png|jpe?g|gif|svg|webp|bmp|ico|tiff?|avif|pdf|zip|tgz|gz|js|mjs|css|"
    r"html?|json|ya?ml|txt|md|mp[34]|wav|py|ts|tsx|jsx|java|rb|whl|jar)\Z",
    re.IGNORECASE,
)
"""Names of files with an `@`, such as pictures of double resolution and versions of packages."""
_REMOTE_PATH: Final = re.compile(r":(?:[~.]?/)?[\w.\-]{1,80}(?:/[\w.\-]|\.git\b)")
"""Path behind an account and a host, as `scp` and Git write it."""
SCHEME: Final = re.compile(r"(?:https?|ftp)\Z", re.IGNORECASE)
MAX_SCHEME_LENGTH: Final = 5
_ENDS: Final = (
    # White space, ASCII signs and quotation marks that no URL has.
    "\\s<>\"'`{}|\\\\^\u00ab\u00bb\u00b7\u2010-\u205e"
    # Commas, semicolons and full stops of other scripts.
    "\u055d\u0589\u05be\u060c\u061b\u061f\u066a-\u066c\u06d4\u0964\u0965\u1362-\u1368"
    "\u3000-\u303f\ufe10-\ufe6f\uff00-\uffef"
    # Emoji and other symbols.
    "\u2190-\u2bff\U0001f000-\U0001faff"
)
_HOST: Final = rf"[{ALPHABETIC}{UNSPACED}0-9.\-]"
URL: Final = re.compile(
    rf"://(?:[{UNSPACED}]{_HOST}{{0,80}}+(?<=[A-Za-z])(?=[/:?#\s]|\Z))?"
    rf"(?:[^{_ENDS}{UNSPACED}]{{3,2000}}+|(?<=[A-Za-z])/?)"
)
WWW: Final = re.compile(
    rf"www\.(?<![A-Za-z0-9.@/]....)[{ALPHABETIC}0-9\-]{{1,63}}\.[^{_ENDS}{UNSPACED}]{{2,2000}}+",
    re.IGNORECASE,
)
_MORE: Final = re.compile(f"[^{_ENDS}{UNSPACED}]{{0,2000}}+")
_OPENING: Final = {")": "(", "]": "["}
TRAILING: Final = ".,;:!?'\")]}>*_~"


def emails(text: str, begin: int, behind: int) -> Iterator[Item]:
    """Yield e-mail addresses, in lower case; names of files and remote paths are none."""
    for found in EMAIL.finditer(text, begin, behind):
        if not (_FILE_NAME.search(found[0]) or _REMOTE_PATH.match(text, found.end())):
            yield Item(
                "email", found.start(), found.end(), found[0].lower().replace("\u00ad", ""), 1.0
            )


def urls(text: str) -> Iterator[Item]:
    """Yield URLs with a scheme, without the punctuation and the words around them."""
    at = text.find("://")
    while at >= 0:
        scheme = SCHEME.search(text, max(0, at - MAX_SCHEME_LENGTH), at)
        found = URL.match(text, at) if scheme else None
        if scheme and found:
            at = _end(text, scheme.start(), found.end())
            yield _url(scheme.start(), text[scheme.start() : at])
        at = text.find("://", at + (not found))


def hosts(text: str) -> Iterator[Item]:
    """Yield host names that begin with `www.`, with their paths."""
    for found in WWW.finditer(text):
        yield _url(found.start(), text[found.start() : _end(text, *found.span())])


def _end(text: str, start: int, end: int) -> int:
    """Return the end of a URL whose path may go on in a script without spaces."""
    grown = -1
    while (behind := path_end(text, start, end, grown)) > end:
        grown = behind
        more = _MORE.match(text, behind)
        end = more.end() if more else behind
    return end


def _url(start: int, found: str) -> Item:
    """Return the URL without trailing punctuation; brackets that it opens are kept."""
    url = found.rstrip(TRAILING)
    behind = found[len(url) :]
    # As many closing brackets stay as the address has opened.
    for bracket in behind:
        opening = _OPENING.get(bracket)
        if opening is None or url.count(opening) <= url.count(bracket):
            break
        url += bracket
    return Item("url", start, start + len(url), url, 1.0)
