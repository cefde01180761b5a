"""Notices of a site in a page's text: cookies, browsers, subscriptions, captions, sharing.

The stems are `notices.toml`. A line is judged alone, in time linear in its length.
"""

# ruff: noqa: RUF001 (marks that look like ASCII ones are what is looked for)

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from ahocorasick_rs import AhoCorasick

from fanmill.core.text.segmentation import well_formed

MAX_NOTICE_LENGTH: Final = 500
"""Maximum number of code points in a notice; privacy notices are the longest."""
MAX_PHRASE_LENGTH: Final = 220
"""Maximum number of code points in a line that is a notice by one phrase alone."""
MAX_AGE_LENGTH: Final = 110
"""Maximum number of code points in a notice of the age of an article."""

_FILE: Final = Path(__file__).with_name("notices.toml")
_PUNCTUATION: Final = re.compile(
    r"[\s!-/:-@\[-`{-~\u00a1-\u00bf\u2010-\u205e\u3000-\u303f！-／：-＠]+"
)
_NUMBER: Final = re.compile(r"\d+")
_SECOND: Final = frozenset({"site", "age"})
"""Kinds of stems that count only beside another one."""


def is_notice(line: str) -> bool:
    """Tell whether a line is a notice of the site rather than of the text.

    A line is a notice if it has a phrase that suffices, or both a subject of notices (cookies) and
    a word by which sites address readers (we, you, accept). A short line that speaks of this
    article and of an age in years is one, too.
    """
    if not line or len(line) > MAX_NOTICE_LENGTH:
        return False
    if not (line.isascii() or _may_be_notice(line)):
        return False
    kinds = _kinds()
    found = {
        kinds[number]
        for number, _, _ in _searcher().find_matches_as_indexes(_form(line), overlapping=True)
    }
    if "alone" in found and len(line) <= MAX_PHRASE_LENGTH:
        return True
    if "article" in found and "age" in found and len(line) <= MAX_AGE_LENGTH:
        return True
    return "subject" in found and "site" in found


def _may_be_notice(line: str) -> bool:
    """Tell whether a line has the longest word of a stem: its form takes longer to make."""
    return bool(_words().find_matches_as_indexes(well_formed(line.casefold())))


def _form(line: str) -> str:
    """Return a line in the form of the stems: folded, with single spaces for punctuation."""
    if line.isascii():
        # Bytes are translated in a seventh of the time that the patterns take.
        words = line.encode().translate(_ascii_forms()).decode().split(" ")
        form = " ".join(filter(None, words))
        while "##" in form:
            form = form.replace("##", "#")
        return f" {form} "
    return f" {well_formed(_stem(line))} "


def _stem(text: str) -> str:
    return _NUMBER.sub("#", _PUNCTUATION.sub(" ", text.casefold())).strip()


def _edged(word: str) -> str:
    before, after = (" " * edge for edge in (word.startswith(" "), word.endswith(" ")))
    return f"{before}{_stem(word.replace('#', '0'))}{after}"


@cache
def _ascii_forms() -> bytes:
    """Return the form of each byte of ASCII: a space for punctuation, `#` for a digit."""
    forms = (
        " " if _PUNCTUATION.match(each) else _NUMBER.sub("#", each.casefold())
        for each in map(chr, range(0x80))
    )
    return "".join(forms).encode() + bytes(range(0x80, 0x100))


@cache
def _stems() -> tuple[tuple[str, str], ...]:
    """Return all stems with their kinds, in the order of the file."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(
        (
            # Spaces at the ends of a stem are edges of words.
            _edged(word),
            kind,
        )
        for kind, languages in tables.items()
        for words in languages.values()
        for word in words
    )


@cache
def _kinds() -> tuple[str, ...]:
    return tuple(kind for _, kind in _stems())


@cache
def _searcher() -> AhoCorasick:
    return AhoCorasick([stem for stem, _ in _stems()])


@cache
def _words() -> AhoCorasick:
    """Return a searcher for the longest words of the stems that suffice and of the subjects."""
    stems = (stem.replace("#", " ").split() for stem, kind in _stems() if kind not in _SECOND)
    return AhoCorasick(sorted({max(words, key=len) for words in stems if words}))
