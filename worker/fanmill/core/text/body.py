"""Body of a document: the spans of its text that are its prose.

Pages of the web have one block on each line: menus, notices, captions and bylines stand before,
between and behind the paragraphs. The body begins with the first paragraphs. A wrapped text, a
poem, a list or a short notice has no such start; its body is the whole text without front matter,
notices before the prose, and non-prose lines.
"""

# ruff: noqa: RUF001 (marks that look like ASCII ones are what is looked for)

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from fanmill.core.text.captions import is_author_biography, is_caption
from fanmill.core.text.front_matter import without_front_matter, without_mail_headers
from fanmill.core.text.labels import alternatives
from fanmill.core.text.layout import Layout
from fanmill.core.text.notices import is_notice
from fanmill.core.text.page_runs import (
    FIRST_PARAGRAPHS,
    article_behind_menu,
    article_run,
    first_paragraph,
    has_story,
    is_cut,
    is_overview,
    is_page,
)
from fanmill.core.text.page_tail import (
    before_comments,
    before_related,
    box_headings,
    ends_article,
    has_no_article,
    in_boxes,
    without_author,
)
from fanmill.core.text.source_lines import Span

MIN_PARAGRAPH_LENGTH: Final = 80
"""Minimum number of code points in a line that is a paragraph of a page."""
MIN_HANGUL_PARAGRAPH_LENGTH: Final = 40
"""The same in Korean, whose syllables are single code points."""
MINUNSPACED_PARAGRAPH_LENGTH: Final = 30
"""The same in Chinese, Japanese and other scripts that write no spaces between words."""
MIN_PARAGRAPHS: Final = 0.25
"""Minimum share of complete sentences at the ends of long lines on a page; wrapped text has less,
because its lines end anywhere."""

MAX_QUIET_LINES: Final = 12
"""Maximum number of lines in a row inside a body that end no sentence, such as lists and tables."""

LAST_PARAGRAPHS: Final = 4
"""Number of paragraphs at the end of a page that may be notices of the publisher."""
LAST_LINES: Final = 8
"""Number of lines at the end of a page of which any short one may be such a notice."""
MAX_LATE_LENGTH: Final = 120
"""Maximum number of code points in a notice or caption behind these paragraphs."""

_END: Final = re.compile(r"[.!?…。！？｡।॥؟۔።။|]['\"’”»›」』）)\]*_]{0,4}\s*(?:\[\d+\]\s*)*$")
_PLAIN_ENDS: Final = frozenset(".!?…。")
UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_HANGUL: Final = re.compile(r"[\uac00-\ud7a3]")
_MARKUP: Final = re.compile(
    r"\s*(?:\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?\s*)+$|\s*<[^>]+>\s*$|\s*```"
    r"|\s*\\[a-zA-Z]+\*?(?:\[[^\]]*\])?(?:\{[^{}]*\}){0,2}\s*$"
)
"""Lines of badges, images and tags of Markdown, and of commands of LaTeX."""
_ATTRIBUTION: Final = re.compile(
    r".{0,200}(?:\d{4}|\d{1,2}:\d{2}|@).{0,120}(?:wrote|schrieb|a écrit|escribió|ha scritto|"
    r"escreveu|schreef|skrev|kirjoitti|napisał\(?a?\)?|napsal\(?a?\)?|írta|a scris|написал\(?а?\)?|"
    r"написав|έγραψε|yazdı|menulis|写道|寫道|のメール)\s*[:：]\s*$"
)
_SALUTATION: Final = re.compile(
    rf"(?:{alternatives('greeting')})(?:[\s,、，]+(?:[^\s.!?。]+|\w{{1,6}}\.(?=\s))){{0,4}}\s*[!,！，、。।]?$",
    re.IGNORECASE,
)
"""The first line of a letter: `Hallo Ben!`"""
MAX_SALUTATION_LENGTH: Final = 40
"""Maximum number of code points in a salutation."""
MAX_RIGHTS_LENGTH: Final = 200
"""Maximum number of code points in a line about copyright."""


def body_spans(text: str, layout: Layout) -> tuple[Span, ...]:
    """Return the body of a text as spans in text order, without overlap.

    Every span is a run of lines. The empty text has none, and neither does a page of menus, buttons
    and notices alone. Any other text with words has at least one span.

    Args:
        text: The text.
        layout: Its layout.
    """
    if layout.has_tags:
        text = layout.prose
    lines = lines_of(text)
    kept = without_mail_headers(text, without_front_matter(text, lines))
    outside = {span for span in kept if _outside(text, span, layout)}
    if kept and _is_salutation(text, kept[0]):
        outside.add(kept[0])
    inside = [span for span in kept if span not in outside] or kept
    # A heading such as `Related stories` is outside the body, but it ends the article.
    headings = {span for span in outside if ends_article(text, span)}
    long = [_is_long(text, span) for span in kept]
    if is_overview(text, kept, long):
        return ()
    page = _page(text, [span for span in kept if span in headings or span not in outside])
    if page is None:
        if has_no_article(text, kept):
            return ()
        page = article_behind_menu(text, kept, long)
    if page is not None and headings:
        page = [span for span in page if span not in headings]
    return _joined(text, page or _head(text, inside))


def lines_of(text: str) -> list[Span]:
    """Return the spans of the lines that are not blank, without their breaks."""
    found = []
    at = 0
    for line in text.splitlines(keepends=True):
        said = line.strip()
        if said:
            begin = at + line.index(said[0])
            found.append((begin, begin + len(said)))
        at += len(line)
    return found


def _outside(text: str, span: Span, layout: Layout) -> bool:
    """Tell whether a line is never prose: bylines, badges, lines that introduce quoted mail."""
    start, end = span
    for spans in (layout.non_prose, layout.quoted):
        place = bisect_right(spans, (end,)) - 1
        if place >= 0 and spans[place][1] >= end > spans[place][0] and spans[place][0] <= start:
            return True
    line = text[start:end]
    return bool(
        ("©" in line and end - start <= MAX_RIGHTS_LENGTH)
        or (line[0] in "[!<`\\" and _MARKUP.match(line))
        or (line[-1] in ":：" and _ATTRIBUTION.match(line))
    )


def _is_salutation(text: str, span: Span) -> bool:
    """Tell whether a line, with a blank line behind it, opens a letter."""
    start, end = span
    return (
        end - start <= MAX_SALUTATION_LENGTH
        and text[end : end + 4].count("\n") > 1
        and _SALUTATION.match(text[start:end]) is not None
    )


def _ends(text: str, span: Span) -> bool:
    """Tell whether a line ends a sentence."""
    start, end = span
    last = text[end - 1]
    if last in _PLAIN_ENDS or last.isalnum():
        return last in _PLAIN_ENDS  # A shortcut for most lines.
    return _END.search(text, max(start, end - 20), end) is not None


def _is_long(text: str, span: Span) -> bool:
    start, end = span
    size = end - start
    if size >= MIN_PARAGRAPH_LENGTH:
        return True
    if size < MINUNSPACED_PARAGRAPH_LENGTH or text[start:end].isascii():
        return False
    if len(UNSPACED.findall(text, start, end)) * 2 >= size:
        return True
    return (
        size >= MIN_HANGUL_PARAGRAPH_LENGTH and len(_HANGUL.findall(text, start, end)) * 2 >= size
    )


def _head(text: str, lines: Sequence[Span]) -> list[Span]:
    """Return the lines without the notices before the first line of prose."""
    for number, span in enumerate(lines):
        start, end = span
        if (_ends(text, span) or end - start >= MIN_PARAGRAPH_LENGTH) and not is_notice(
            text[start:end]
        ):
            head = [each for each in lines[:number] if not is_notice(text[each[0] : each[1]])]
            return [*head, *lines[number:]]
    kept = [each for each in lines if not is_notice(text[each[0] : each[1]])]
    return kept or list(lines)


def _page(text: str, lines: Sequence[Span]) -> list[Span] | None:
    """Return the lines of a page's body; None if the text is not one block a line."""
    long = [_is_long(text, span) and not is_cut(text, span) for span in lines]
    ends = [_ends(text, span) for span in lines]
    paragraphs = [one and other for one, other in zip(long, ends, strict=True)]
    few = sum(paragraphs) < MIN_PARAGRAPHS * sum(long)
    if not any(paragraphs) or (few and not has_story(lines, paragraphs)):
        return None
    looked_at = _looked_at(lines, paragraphs, ends)
    notices = [
        look and is_notice(text[start:end])
        for (start, end), look in zip(lines, looked_at, strict=True)
    ]
    captions = [
        look and end and (is_caption(text, span) or is_author_biography(text, span))
        for span, look, end in zip(lines, looked_at, ends, strict=True)
    ]
    real = [
        one and not (notice or caption)
        for one, notice, caption in zip(paragraphs, notices, captions, strict=True)
    ]
    stop = before_comments(text, lines, real)
    run = article_run(text, lines[:stop], real, long, notices=notices, looked_at=looked_at)
    if run is None or not is_page(lines, run, ends):
        return None
    first = first_paragraph(run, lines, long)
    before = lines[:stop]
    headings = box_headings(text, before, real)
    stop = before_related(before, real, headings, first)
    boxes = in_boxes(text, before, real, headings)
    found = []
    quiet = 0
    for number in range(first, stop):
        quiet = 0 if ends[number] else quiet + 1
        if quiet > MAX_QUIET_LINES and number > run[-1]:
            break
        if not (notices[number] or captions[number] or number in boxes):
            found.append(lines[number])
    return without_author(text, found)


def _looked_at(
    lines: Sequence[Span], paragraphs: Sequence[bool], ends: Sequence[bool]
) -> list[bool]:
    """Tell for each line whether it may be a notice or a caption.

    Any of the first and the last paragraphs may be one; between them, only short lines. This saves
    time.
    """
    found: list[bool] = []
    seen = 0
    last = sum(paragraphs) - LAST_PARAGRAPHS
    for (start, end), is_paragraph, is_end in zip(lines, paragraphs, ends, strict=True):
        seen += is_paragraph
        short = end - start <= MAX_LATE_LENGTH
        edge = seen <= FIRST_PARAGRAPHS or seen > last
        late = len(found) >= len(lines) - LAST_LINES
        found.append((is_paragraph and edge) or (short and (is_end or late)))
    return found


def _joined(text: str, lines: Sequence[Span]) -> tuple[Span, ...]:
    """Return runs of lines between which there are only spaces and line breaks."""
    found: list[Span] = []
    for start, end in lines:
        if found and text[found[-1][1] : start].isspace():
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)
