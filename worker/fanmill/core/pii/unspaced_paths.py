"""Paths of URLs in scripts without spaces, whose words also stand directly behind a URL."""

import re
from functools import cache
from typing import Final

from fanmill.core.pii.contexts import alternatives, words
from fanmill.core.pii.letters import UNSPACED

_RUN: Final = re.compile(f"[{UNSPACED}\u3005-\u3007]{{1,80}}+")
_MARK: Final = re.compile(r"[/=&_#:\-]\Z|_\(\Z")
"""End of an address behind which a name begins: `/wiki/`, `?q=`, `#`, `Category:`."""
_SAME_SEGMENT: Final = re.compile(r"[A-Za-z0-9_%.\-]{1,16}\Z")
"""Figures and Latin letters inside such a name, as the year in the name of an event."""
_ROOT: Final = re.compile(r"(?:://)?[^/]*/\Z")
_OPENS: Final = re.compile(r"(?:\A|[\s：，。、；<(\[{\"'“‘「『（【《〈<>])\Z")  # noqa: RUF001
_CLOSES: Final = re.compile(r"\Z|[\s>)\]}\"'”’」』）】》〉<]|/")  # noqa: RUF001
_ENDING: Final = re.compile("(?:에서는|에서|에는|으로|입니다|를)\\Z")
_OBJECT: Final = "を"
"""Particle that begins no word, and seldom occurs in a name."""
_KANA_OR_HANGUL: Final = "\u3041-\u3096\uac00-\ud7a3"


def path_end(text: str, start: int, end: int, grown: int = -1) -> int:
    """Return the end of the letters without spaces that belong to a URL; `end` if none do.

    A name behind a mark of the path, such as `/wiki/`, belongs to it. Words of the sentence,
    such as a particle, do not. Behind the first slash, where a sentence goes on more often than
    a path, the URL must have white space, brackets or quotation marks on both sides.

    Args:
        text: The text.
        start: Place of the URL, with its scheme.
        end: Place behind the part that is known.
        grown: Place behind the last name in such a script; -1 if there is none.
    """
    run = _RUN.match(text, end)
    if run is None or text[end] == _OBJECT:
        return end
    within = grown >= 0 and _SAME_SEGMENT.match(text[grown:end]) is not None
    names_value = text[end - 1] == "?" and text[run.end() : run.end() + 1] == "="
    if not (within or names_value or _MARK.search(text, max(start, end - 2), end)):
        return end
    closed = _CLOSES.match(text, run.end()) is not None
    alone = closed and _OPENS.search(text[max(0, start - 1) : start]) is not None
    if not within and (_follower().match(text, end) or (_is_root(text[start:end]) and not alone)):
        return end
    stop = run.end()
    if not alone and (at := text.find(_OBJECT, end, stop)) >= 0:
        stop = at
    ending = _ENDING.search(text, end, stop)
    return ending.start() if ending and ending.start() > end else stop


def _is_root(known: str) -> bool:
    host = known.partition("://")[2] or known
    return _ROOT.fullmatch(host) is not None


@cache
def _follower() -> re.Pattern[str]:
    """Return a pattern for words of a sentence; a particle of one letter ends with it."""
    listed = words("behind_address")
    single = tuple(word for word in listed if re.fullmatch(f"[{_KANA_OR_HANGUL}]", word))
    others = tuple(word for word in listed if word not in single)
    return re.compile(f"(?:{alternatives(single)})(?![{_KANA_OR_HANGUL}])|{alternatives(others)}")
