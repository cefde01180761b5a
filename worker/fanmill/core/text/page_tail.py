"""Ends of articles on pages: comments, other articles, biographies; and pages without any."""

# ruff: noqa: RUF001 (a full stop of another script looks like a hyphen)

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Final

from fanmill.core.text.notices import is_notice
from fanmill.core.text.page_labels import MAX_LABEL_LENGTH, label_of, labels
from fanmill.core.text.page_runs import runs_of
from fanmill.core.text.source_lines import Span

Heading = tuple[int, str]
"""Number and label of a line that is a heading."""

MIN_BEFORE_COMMENTS: Final = 2
"""Minimum number of paragraphs near each other before comments; a link to them may precede the
article, behind teasers."""
MAX_COMMENT_HEADINGS: Final = 2
"""Maximum number of equal headings of comments; an overview has one below each article."""
MIN_BEFORE_RELATED: Final = 0.5
"""Minimum share of the prose before a heading such as `Most read` that ends an article."""
MIN_BEFORE_BOX: Final = 0.8
MAX_BEHIND_BOX: Final = 1
"""Minimum share of the prose before, and maximum number of paragraphs behind a heading that ends an
article, although such headings are also above boxes inside articles: `Read also`."""
_FULL_STOPS: Final = frozenset(".。।۔")
_MAX_BIOGRAPHY: Final = 400
_LAST_LINES: Final = 3
_MIN_LINES: Final = 3
"""Number of last lines that may be the author's biography, and minimum number of lines before."""
_BIOGRAPHY: Final = re.compile(
    r"(?:[A-Z][\w.'-]+ ){2,4}(?:(?:is|was) (?:an? |the )?(?:[\w'-]+ ){0,5}?"
    r"(?:reporter|writer|journalist|correspondent|columnist|editor|contributor|author|freelancer|blogger)\b"
    r"|(?:covers|writes about|reports on|reports for|writes for) \w"
    r"|ist (?:[\w-]+ ){0,4}?(?:Redakteur|Journalist|Autor|Korrespondent|Reporter|Volontär)"
    r"|est (?:[\w-]+ ){0,3}?(?:journaliste|rédact|correspondant|chroniqueu|auteur)"
    r"|es (?:[\w-]+ ){0,3}?(?:periodista|redactor|corresponsal|columnista|escritor)"
    r"|è (?:[\w-]+ ){0,3}?(?:giornalista|redattore|redattrice|corrispondente)"
    r"|é (?:[\w-]+ ){0,3}?(?:jornalista|repórter|redator|correspondente|colunista))"
)
"""A name and what its bearer does for the publisher."""


def ends_article(text: str, span: Span) -> bool:
    """Tell whether a line is a heading of comments or of other articles."""
    label = label_of(text[span[0] : span[1]])
    return any(label in labels(kind) for kind in ("related", "comments", "boxes"))


def before_comments(text: str, lines: Sequence[Span], real: Sequence[bool]) -> int:
    """Return the number of lines before the comments of readers; all lines if there are none.

    Args:
        text: The text of a page.
        lines: Its lines.
        real: For each line: it is a paragraph of prose.
    """
    headings = _headings(text, lines, real, labels("comments"))
    counts = Counter(label for _, label in headings)
    for number, label in headings:
        if (
            counts[label] <= MAX_COMMENT_HEADINGS
            and max(map(len, runs_of(real[:number])), default=0) >= MIN_BEFORE_COMMENTS
        ):
            return number
    return len(lines)


def box_headings(text: str, lines: Sequence[Span], real: Sequence[bool]) -> list[Heading]:
    """Return the numbers and labels of the headings of other articles.

    Args:
        text: The text of a page.
        lines: Its lines before the comments.
        real: For each line: it is a paragraph of prose.
    """
    return _headings(text, lines, real, _box_labels())


@cache
def _box_labels() -> frozenset[str]:
    return labels("related") | labels("boxes")


def before_related(
    lines: Sequence[Span], real: Sequence[bool], headings: Sequence[Heading], first: int
) -> int:
    """Return the number of lines before a heading of other articles.

    Args:
        lines: Lines of a page before the comments.
        real: For each line: it is a paragraph of prose.
        headings: Headings as by `box_headings`.
        first: Number of the first line of the article.
    """
    boxes = labels("boxes")
    stop = len(lines)
    if not headings:
        return stop
    sizes = [
        (end - start) * is_real for (start, end), is_real in zip(lines, real[:stop], strict=True)
    ]
    size = sum(sizes[first:])
    for number, label in headings:
        before = sum(sizes[first:number])
        if number <= first or before < MIN_BEFORE_RELATED * size:
            continue
        last = before >= MIN_BEFORE_BOX * size and sum(real[number:stop]) <= MAX_BEHIND_BOX
        if label not in boxes or last:
            return number
    return stop


def in_boxes(
    text: str, lines: Sequence[Span], real: Sequence[bool], headings: Sequence[Heading]
) -> set[int]:
    """Return the numbers of headings of other articles, and of the titles behind each.

    The titles end at the next paragraph, or at a line with a full stop. See `before_related` for
    the arguments.
    """
    found = set()
    for heading, _ in headings:
        found.add(heading)
        for number in range(heading + 1, len(lines)):
            if real[number] or text[lines[number][1] - 1] in _FULL_STOPS:
                break
            found.add(number)
    return found


def without_author(text: str, lines: Sequence[Span]) -> list[Span]:
    """Return the lines of an article without a biography of its author at the end."""
    kept = list(lines)
    for place in range(len(kept) - 1, max(_MIN_LINES, len(kept) - _LAST_LINES) - 1, -1):
        start, end = kept[place]
        if end - start <= _MAX_BIOGRAPHY and _BIOGRAPHY.match(text, start, end):
            del kept[place]
    return kept


def has_no_article(text: str, lines: Sequence[Span]) -> bool:
    """Tell whether all lines of a page are menus, buttons or notices; without lines, none are."""
    known = labels("navigation")
    named = 0
    for start, end in lines:
        line = text[start:end]
        label = label_of(line)
        if label in known or (not label and end - start <= MAX_LABEL_LENGTH):
            named += bool(label)
        elif not is_notice(line):
            return False
        else:
            named += 1
    return named >= _MIN_LABELS


_MIN_LABELS: Final = 2
"""Minimum number of labels and notices of a page without an article; a note may be one word."""


def _headings(
    text: str, lines: Sequence[Span], real: Sequence[bool], known: frozenset[str]
) -> list[Heading]:
    """Return the numbers and labels of the lines that are headings of a kind."""
    return [
        (number, label)
        for number, (start, end) in enumerate(lines)
        if end - start <= MAX_LABEL_LENGTH
        and not real[number]
        and (label := label_of(text[start:end])) in known
    ]
