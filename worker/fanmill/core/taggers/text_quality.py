"""Quality signals of texts that are not plain prose, each with its reason.

They use the statistics and a few counts of characters. Terms of adult and spam texts are our own,
few and strong; those of spam are `spam_terms.toml`.
"""

# ruff: noqa: RUF001 (marks that look like ASCII ones are what is looked for)

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation

from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.text.characters import Integers
from fanmill.core.text.code_lines import (
    MIN_MARKS,
    MIN_SHARE,
    begins_like_code,
    code_share,
    is_code,
    marks_share,
)
from fanmill.core.text.configuration import is_configuration
from fanmill.core.text.items import BULLET_SIGNS

_MIN_WORDS: Final = 30
"""Minimum number of words in a text with signals; short notes always resemble lists."""
_MIN_CODE_WORDS: Final = 8
_SHORT_CODE_SHARE: Final = 0.6
"""Minimum number of words, and minimum share of the lines of code, in shorter code."""
_CONFIGURATION: Final = "its lines are those of a configuration file"
_CONFIGURATION_SCORE: Final = 0.8
_MIN_LINES: Final = 5
_LIST_SHARE: Final = 0.5
_REPEATED_SHARE: Final = 0.3
_REPEATED_WORDS: Final = 0.25
_TRIPLES_OF: Final = 1000
"""Number of words whose triples are compared."""
_WORD_BITS: Final = 21
"""Number of bits for a word's number; three of them fit into 64 bits."""
_BOILERPLATE_HITS: Final = 3
_SPAM_HITS: Final = 3
_LOOKED_AT: Final = 50_000

_BULLET: Final = re.compile(rf"\s*(?:[{BULLET_SIGNS}]|\(?\d{{1,3}}[.)])\s")
_DIALOGUE: Final = re.compile(r"\s*[–—-]\s*\S")
_SPEECH: Final = re.compile(r"[?!…]['\"”»]?\s*$|\S\s+[–—-]\s+\S|[?!…]['\"”»]?\s+[a-zà-öø-ÿа-яё]")
_SPEECH_SHARE: Final = 0.25
"""Minimum share of lines with a dash that are questions, exclamations or have a second dash: then
they are dialogue."""
_MAX_ITEM: Final = 200
"""Mean length in code points from which numbered lines are paragraphs, as in judgments and laws."""
_NUMBERED: Final = re.compile(r"\s*\(?\d{1,3}[.)]\s")
_SENTENCE: Final = re.compile(r"[.;!?…。；]['\"”»)]?\s*$")
_MAX_NUMBERED_ITEM: Final = 80
_SENTENCES_SHARE: Final = 0.7
"""The same for numbered lines of which this share are sentences."""
_QUOTED: Final = re.compile(r"[\"“”„«‹「『‘'][^\"“”„«»‹›」』\n]{2,60}[\"“”»›」』’']")
_WARNING: Final = re.compile(
    r"\b(?:scam|phishing|fraudster|spam|warning sign|red flag|beware|betrug|betrüger|arnaque|"
    r"hameçonnage|estafa|truffa|golpe|мошенни|спам|oszust|dolandırıcı)|诈骗|詐騙|骗局|詐欺|사기"
)
"""Words of texts that warn of spam."""
_MIN_WARNINGS: Final = 2
_BOILERPLATE: Final = (
    "cookie",
    "privacy policy",
    "terms of use",
    "terms of service",
    "all rights reserved",
    "sign in",
    "log in",
    "subscribe",
    "newsletter",
    "contact us",
    "about us",
    "sitemap",
    "skip to content",
    "read more",
    "share on",
    "datenschutz",
    "impressum",
    "nutzungsbedingungen",
    "mentions légales",
    "aviso legal",
    "版权所有",
    "隐私政策",
    "联系我们",
    "关于我们",
    "用户协议",
    "利用規約",
    "プライバシーポリシー",
)
_SPAM_FILE: Final = Path(__file__).with_name("spam_terms.toml")
_ADULT: Final = (
    "porn",
    "xxx video",
    "nude pics",
    "sex cam",
    "escort service",
    "hardcore sex",
    "milf",
    "blowjob",
    "成人视频",
    "色情",
    "裸聊",
    "情色",
)


@cache
def _kinds() -> tuple[tuple[str, tuple[str, ...], int], ...]:
    """Return the kinds of text that terms tell, the terms, and their minimum number."""
    spam = tomllib.loads(_SPAM_FILE.read_text(encoding="utf-8"))
    listed = tuple(dict.fromkeys(term.casefold() for terms in spam.values() for term in terms))
    return (
        ("boilerplate-like", _BOILERPLATE, _BOILERPLATE_HITS),
        ("spam", listed, _SPAM_HITS),
        ("adult", _ADULT, 2),
    )


@cache
def _searcher() -> AhoCorasick:
    # All states at once take 3 MB, and half of the time of a search.
    terms = [term for _, terms, _ in _kinds() for term in terms]
    return AhoCorasick(terms, implementation=Implementation.DFA)


@dataclass(frozen=True, slots=True)
class Finding:
    """A signal of a kind of text, with its score and reason."""

    value: str
    score: float
    reason: str


def findings(doc: DocumentView) -> Iterator[Finding]:
    """Yield the signals of a text; none for plain prose and for short texts."""
    declared = doc.languages.declared
    if declared is not None and declared.agrees is False:
        yield Finding(
            "language-mismatch",
            doc.language.confidence,
            f"declared {declared.language}, detected {doc.language.code}",
        )
    words = doc.normal_numbers[doc.normal_numbers > 0]
    if len(words) < _MIN_WORDS:
        if len(words) >= _MIN_CODE_WORDS and is_code(doc.text, _SHORT_CODE_SHARE):
            yield Finding("code", _SHORT_CODE_SHARE, "most of its few lines are code")
        elif len(words) >= _MIN_CODE_WORDS and is_configuration(doc.text):
            yield Finding("code", _SHORT_CODE_SHARE, _CONFIGURATION)
        return
    text = doc.folded[:_LOOKED_AT]
    lines = [line for line in doc.text[:_LOOKED_AT].splitlines() if line and not line.isspace()]
    if len(lines) >= _MIN_LINES:
        yield from _of_lines(doc, lines)
    yield from _repetition(words[:_TRIPLES_OF], lines)
    yield from _by_terms(text)


def _of_lines(doc: DocumentView, lines: list[str]) -> Iterator[Finding]:
    marks = marks_share(doc.text[:_LOOKED_AT])
    may_be_code = marks >= MIN_MARKS or (begins_like_code(doc.text) and is_code(doc.text))
    code = code_share(lines) if may_be_code else 0.0
    if code >= MIN_SHARE:
        yield Finding(
            "code",
            min(1.0, 0.5 + code / 2),
            f"{code:.0%} of the lines and {marks:.1%} of the characters are code",
        )
        return
    if is_configuration(doc.text):
        yield Finding("code", _CONFIGURATION_SCORE, _CONFIGURATION)
        return
    items = [line for line in lines if _BULLET.match(line)]
    share = len(items) / len(lines)
    if share >= _LIST_SHARE and not _is_prose(items):
        yield Finding("list-like", min(1.0, share), f"{share:.0%} of the lines are items")


def _is_prose(items: list[str]) -> bool:
    """Tell whether lines that begin like items are dialogue or numbered paragraphs."""
    spoken = [line for line in items if _DIALOGUE.match(line)]
    if len(spoken) * 2 > len(items):
        said = sum(1 for line in spoken if _SPEECH.search(line, 2))
        return said >= _SPEECH_SHARE * len(spoken)
    length = sum(map(len, items))
    if length >= _MAX_ITEM * len(items):
        return True
    numbered = [line for line in items if _NUMBERED.match(line)]
    sentences = sum(1 for line in items if _SENTENCE.search(line))
    return (
        len(numbered) * 2 > len(items)
        and length >= _MAX_NUMBERED_ITEM * len(items)
        and sentences >= _SENTENCES_SHARE * len(items)
    )


def _repetition(words: Integers, lines: list[str]) -> Iterator[Finding]:
    repeated = len(lines) - len(set(lines))
    if len(lines) >= _MIN_LINES and repeated / len(lines) >= _REPEATED_SHARE:
        share = repeated / len(lines)
        yield Finding("repetitive", min(1.0, 0.5 + share / 2), f"{share:.0%} of the lines repeat")
        return
    if len(words) < 100:  # noqa: PLR2004  a hundred words have their repetitions
        return
    triples = np.sort(((words[:-2] << _WORD_BITS) + words[1:-1] << _WORD_BITS) + words[2:])
    share = np.count_nonzero(triples[1:] == triples[:-1]) / len(triples)
    if share >= _REPEATED_WORDS:
        yield Finding(
            "repetitive", min(1.0, 0.5 + share / 2), f"{share:.0%} of word triples repeat"
        )


def _by_terms(text: str) -> Iterator[Finding]:
    there = set(_searcher().find_matches_as_strings(text, overlapping=True))
    if not there:
        return
    for value, terms, least in _kinds():
        hits = [term for term in terms if term in there]
        if value == "spam" and len(hits) >= least:
            hits = _unquoted(text, hits)
        # Long texts may mention such things.
        if len(hits) >= least and len(hits) * 1500 >= len(text):
            score = min(1.0, 0.4 + 0.1 * len(hits))
            yield Finding(value, score, f"has {', '.join(hits[:5])}")


def _unquoted(text: str, hits: list[str]) -> list[str]:
    """Return the terms that a text says itself: warnings of spam quote it."""
    if len(_WARNING.findall(text)) >= _MIN_WARNINGS:
        return []
    said = _QUOTED.sub(" ", text)
    return [term for term in hits if term in said]
