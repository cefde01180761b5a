"""Captions among the paragraphs of a page, and notes of its editors and about its authors."""

# ruff: noqa: RUF001 (marks that look like ASCII ones are what is looked for)

import re
from typing import Final

from fanmill.core.text.labels import alternatives, labels
from fanmill.core.text.source_lines import Span

MAX_CAPTION_LENGTH: Final = 400
"""Maximum number of code points in a caption."""
MAX_BYLINE_DISTANCE: Final = 600
"""Maximum number of code points between a byline and the biography of its author."""
_MAX_WORD_LENGTH: Final = 24
"""Maximum number of code points in a word of a name or in the label of a credit."""
_MAX_BYLINES: Final = 4
"""Maximum number of times to look for a name before a paragraph that begins with it."""
_BY: Final = re.compile(
    rf"(?:^|[\s|•·–—-])(?:{alternatives('author')})\s?[:：]?\W{{0,3}}$", re.IGNORECASE
)
"""The word before a name in a byline."""
_CREDIT: Final = re.compile(
    r"\W{0,3}(?:photo|foto|bild|image|picture|credit|crédit|crédito|©|courtesy|getty|фото|写真|图片|"
    r"圖片|사진|صورة|zdj|valokuv|kép:|fot\.|fotó|kuva:|foto[gğ]raf|φωτ|снимка|צילום|عکس|تصوير|फोटो|ảnh:|撮影)(?!\w{4})[^.!?]{0,100}$",
    re.IGNORECASE,
)
"""Credits of pictures: the line before one is a caption."""
_CAPTION: Final = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov)"
    r"[a-z]*\.? \d{1,2}, \d{4}|, (?:left|right|cent(?:er|re)),|"
    r"\((?:Photo|Foto|Bild|Image|Picture|Credit|Reuters|Getty|AFP|EPA|Фото|写真)[^()]{0,80}\)\W*$|"
    r"\b(?:File|Stock|Handout) (?:photo|image|picture)\b|\bfile photo\b|Getty Images|"
    r"\b[Cc]ourtesy (?:of )?(?:the )?[A-Z][^.!?]{2,60}\W*$|"
    r"/ ?(?:AFP|AP)\b",
)
"""Marks of captions: full dates, places of persons in a picture, names of agencies."""
_CAPTION_START: Final = re.compile(
    r"(?:An? )?(?:[Aa]rtist['’]s (?:impression|illustration|rendering|concept)|"
    r"[Ss]creen(?:shot|grab) (?:of|from)|[Uu]ndated (?:photo|image))|"
    r"By [A-Z][\w.'’-]+ [A-Z][\w.'’-]+, (?:an?|the) "
)
"""Beginnings of captions, and of a line about the author."""
_MAX_LABEL_LENGTH: Final = 80
_MAX_CREDIT_LENGTH: Final = 110
"""Maximum number of code points in a label with its colon, and in a credit with its name."""
_LABELLED: Final = re.compile(
    rf"(?:(?:{alternatives('pictured')})\s?|(?:{alternatives('editor_note')})[^:：]{{0,40}})(?::\s|：)",
    re.IGNORECASE,
)
"""Beginnings of captions and notes of the editors: `Above: ...`, `Editor's note (3 May): ...`."""
_CREDITED: Final = re.compile(
    rf"(?:{alternatives('picture')})\s?"
    r"(?:(?:[:：]|courtesy (?:of )?)\s?[^.!?。！？]{2,80}|(?:by|von|de|di|par|av|af)\s"
    r"(?-i:[A-ZÀ-ÞĀ-Ž][\w.'’-]*(?:[ /](?:[A-ZÀ-ÞĀ-Ž][\w.'’-]*|de|van|von|for|and)){0,5}))[.。]$",
    re.IGNORECASE,
)
"""A credit, the last sentence of a line: `The old pier. Photo: Anna Lis.`"""
_PICTURE_WORDS: Final = frozenset(label.split()[0] for label in labels("picture"))
"""First words of credits: a look at one takes a tenth of a search for all."""
_CLOSING: Final = " )]'\"”’»」"
_CAPTION_SIGNS: Final = (
    *("day, ", ", left,", ", right,", ", cent", "photo", "image", "picture", "Getty", "AP", "AFP"),
    *("ourtesy", "(Photo", "(Foto", "(Bild", "(Image", "(Picture", "(Credit", "(Reuters", "(EPA"),
    *("(Фото", "(写真"),
)
"""Signs without which a line has no mark of a caption: a search for them takes a tenth."""


def is_caption(text: str, span: Span) -> bool:
    """Tell whether a line that ends a sentence is the caption of a picture."""
    start, end = span
    if end - start > MAX_CAPTION_LENGTH:
        return False
    line = text[start:end]
    # A label has a colon near the start, a credit is at the end: most lines are told by these.
    beginning = line[:_MAX_LABEL_LENGTH]
    if (
        _CAPTION_START.match(line)
        or ((":" in beginning or "：" in beginning) and _LABELLED.match(beginning))
        or _ends_in_credit(text, start, end)
        or (any(map(line.__contains__, _CAPTION_SIGNS)) and _CAPTION.search(line))
    ):
        return True
    if text.find(". ", start, end) >= 0:
        return False
    following = text[end : end + 150].lstrip().split("\n", 1)[0]
    return bool(following) and _CREDIT.match(following) is not None


def _ends_in_credit(text: str, start: int, end: int) -> bool:
    """Tell whether the last sentence of a line is the credit of a picture."""
    low = max(start, end - _MAX_CREDIT_LENGTH)
    begin = text.rfind(". ", low, end) + 1 or text.rfind("。", low, end - 1) + 1
    if not begin:
        if low > start:
            return False
        begin = start
    while begin < end and text[begin] in _CLOSING:
        begin += 1
    word = text[begin : begin + _MAX_WORD_LENGTH].replace("：", ":").partition(":")[0]
    return word.partition(" ")[0].casefold() in _PICTURE_WORDS and (
        _CREDITED.match(text, begin, end) is not None
    )


def is_author_biography(text: str, span: Span) -> bool:
    """Tell whether a paragraph begins with the name of a byline before it: `By Ann Lee`, `Ann Lee`.

    An author seldom names herself, so the paragraph is about her.
    """
    start, end = span
    if end - start > MAX_CAPTION_LENGTH or not text[start].isupper():
        return False
    first = text.find(" ", start, start + _MAX_WORD_LENGTH)
    if first < 0 or not text[first + 1 : first + 2].isupper():
        return False
    behind = text.find(" ", first + 1, min(end, first + _MAX_WORD_LENGTH))
    if behind < 0:
        return False
    name = text[start:behind]
    place = start
    for _ in range(_MAX_BYLINES):
        place = text.rfind(name, max(0, start - MAX_BYLINE_DISTANCE), place)
        if place < 0:
            return False
        if _BY.search(text, max(0, place - 40), place):
            return True
    return False
