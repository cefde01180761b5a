"""Runs of paragraphs on pages, and pages without any: overviews of teasers, lists behind menus."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from fanmill.core.text.notices import is_notice
from fanmill.core.text.page_labels import label_of, labels
from fanmill.core.text.source_lines import Span

MAX_GAP: Final = 5
"""Maximum distance in lines between two paragraphs of a run."""
MIN_RUN: Final = 0.4
"""Minimum size of the first run of paragraphs, as a share of the largest one."""
MIN_MENU_LINES: Final = 3
"""Minimum number of lines before a body of a single paragraph."""
MIN_TEASERS: Final = 3
"""Minimum number of teasers on an overview."""
MIN_TEASER_SHARE: Final = 0.6
"""Minimum share of teasers among the long lines of an overview."""
MIN_LABELS: Final = 2
"""Minimum number of known labels in a menu, for an article without complete sentences."""
MAX_CAPITALISED: Final = 0.6
"""Maximum share of words with a capital letter in a line that is no headline."""
_CUT: Final = re.compile(r"(?:\.\.\.|…)[\]\)]?(?:\s?[»>→])?\s*$")
"""End of a teaser: the text goes on elsewhere."""
_CUT_SIGNS: Final = frozenset(".…])»>→")
_WORD: Final = re.compile(r"[^\W\d_]+")


def is_cut(text: str, span: Span) -> bool:
    """Tell whether a line is a teaser that breaks off."""
    return (
        text[span[1] - 1] in _CUT_SIGNS
        and _CUT.search(text, max(0, span[1] - 8), span[1]) is not None
    )


def is_overview(text: str, lines: Sequence[Span], long: Sequence[bool]) -> bool:
    """Tell whether a page has teasers of articles instead of an article.

    Teasers break off, or a button such as `Read more` follows each of them. Two other paragraphs in
    a row are an article.
    """
    size = sum(long)
    if size < MIN_TEASERS:
        return False
    known = labels("more")
    teasers = 0
    behind = -1
    for number, (span, is_long) in enumerate(zip(lines, long, strict=True)):
        if not is_long:
            continue
        following = lines[number + 1] if number + 1 < len(lines) else (0, 0)
        if is_cut(text, span) or label_of(text[following[0] : following[1]]) in known:
            teasers += 1
        elif number == behind:
            return False
        else:
            behind = number + 1
    return teasers >= max(MIN_TEASERS, MIN_TEASER_SHARE * size)


def article_behind_menu(
    text: str, lines: Sequence[Span], long: Sequence[bool]
) -> list[Span] | None:
    """Return the lines of an article whose lines end no sentence, behind the menu of a page.

    None if the text begins with no menu, or has no long lines.
    """
    if True not in long:
        return None
    known = labels("navigation")
    menu = lines[: long.index(True)]
    named = sum(label_of(text[start:end]) in known for start, end in menu)
    if len(menu) < MIN_MENU_LINES or named < MIN_LABELS:
        return None
    real = [
        is_long and not _is_headline(text[start:end]) and not is_notice(text[start:end])
        for (start, end), is_long in zip(lines, long, strict=True)
    ]
    run = main_run(lines, real)
    return None if run is None else list(lines[run[0] : run[-1] + 1])


def _is_headline(line: str) -> bool:
    """Tell whether most words of a line have a capital letter."""
    words = _WORD.findall(line)
    return sum(map(_is_capitalised, words)) > MAX_CAPITALISED * len(words)


def _is_capitalised(word: str) -> bool:
    return word[0].isupper()


def main_run(lines: Sequence[Span], real: Sequence[bool]) -> list[int] | None:
    """Return the numbers of the paragraphs of the first run that is long enough for the body.

    Teasers and notices form short runs of paragraphs before the article, menus separate them. A
    run with two paragraphs in a row is preferred.
    """
    runs: list[list[int]] = []
    for number, is_real in enumerate(real):
        if is_real:
            if runs and number - runs[-1][-1] <= MAX_GAP:
                runs[-1].append(number)
            else:
                runs.append([number])
    paired = [run for run in runs if any(other == one + 1 for one, other in pairwise(run))]
    runs = paired or runs
    sizes = [sum(lines[number][1] - lines[number][0] for number in run) for run in runs]
    return next(
        (run for run, size in zip(runs, sizes, strict=True) if size >= MIN_RUN * max(sizes)), None
    )


def is_page(lines: Sequence[Span], run: Sequence[int], ends: Sequence[bool]) -> bool:
    """Tell whether the lines before the first paragraphs are no prose.

    A single paragraph begins a body only behind lines that end no sentence.
    """
    if len(run) > 1:
        return True
    before = ends[: run[0]]
    return len(before) >= MIN_MENU_LINES and sum(before) * 2 < len(before) and len(lines) > 1
