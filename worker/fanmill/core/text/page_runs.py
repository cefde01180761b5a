"""Runs of paragraphs on pages, and pages without any: overviews of teasers, lists behind menus."""

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

from fanmill.core.text.notices import is_notice
from fanmill.core.text.page_labels import label_of, labels
from fanmill.core.text.source_lines import Span

FIRST_PARAGRAPHS: Final = 6
"""Number of paragraphs at the start of a page or article that may be long notices or captions."""
MAX_NOTICE_SEARCHES: Final = 6
"""Maximum number of times that notices at the start of an article move its start."""
MAX_GAP: Final = 5
"""Maximum distance in lines between two paragraphs of a run."""
MIN_RUN: Final = 0.4
"""Minimum weight of the article, as a share of the largest group of paragraphs."""
MIN_START: Final = 0.15
"""Minimum weight of the first run of the article, as a share of its largest run."""
LINE_COST: Final = 20
"""Number of code points in paragraphs that each line between two runs of an article requires."""
MIN_STORY: Final = 3
MIN_STORY_LENGTH: Final = 1000
"""Minimum number of paragraphs in a row, and of code points, in an article before longer texts."""
MAX_SKIPPED: Final = 0.3
"""Maximum share of an article's paragraphs that may be teasers before its first two in a row."""
LONE_WEIGHT: Final = 0.5
"""Weight of a run without two paragraphs in a row, such as teasers, relative to other runs."""
MAX_LONE: Final = 3
"""Maximum number of lone paragraphs before the first two in a row, such as teasers."""
MIN_LONE_LENGTH: Final = 0.6
"""Minimum mean length of such paragraphs of an article, relative to all of its paragraphs."""
MAX_HEADING_GAP: Final = 2
"""Maximum distance in lines between two paragraphs with a heading between them."""
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
    run = main_run(lines, real, long)
    return None if run is None else list(lines[run[0] : run[-1] + 1])


def _is_headline(line: str) -> bool:
    """Tell whether most words of a line have a capital letter."""
    words = _WORD.findall(line)
    return sum(map(_is_capitalised, words)) > MAX_CAPITALISED * len(words)


def _is_capitalised(word: str) -> bool:
    return word[0].isupper()


def article_run(
    text: str,
    lines: Sequence[Span],
    real: list[bool],
    long: Sequence[bool],
    *,
    notices: list[bool],
    looked_at: list[bool],
) -> list[int] | None:
    """Return the paragraphs of the article as `main_run` does; its first ones are no notices.

    Args:
        text: The text of a page.
        lines: Its lines before the comments.
        real: For each line: it is a paragraph of prose; notices that are found are removed.
        long: For each line: it has the length of a paragraph.
        notices: For each line: it is a notice; notices that are found are added.
        looked_at: For each line: `notices` is known.
    """
    size = len(lines)
    run = main_run(lines, real[:size], long[:size])
    for _ in range(MAX_NOTICE_SEARCHES):
        unknown = [each for each in (run or ())[:FIRST_PARAGRAPHS] if not looked_at[each]]
        found = [each for each in unknown if is_notice(text[lines[each][0] : lines[each][1]])]
        for each in unknown:
            looked_at[each] = True
        for each in found:
            notices[each], real[each] = True, False
        if not found:
            break
        run = main_run(lines, real[:size], long[:size])
    return run


def main_run(lines: Sequence[Span], real: Sequence[bool], long: Sequence[bool]) -> list[int] | None:
    """Return the numbers of the paragraphs of the article; None if there are no paragraphs.

    Teasers and notices form small groups of paragraphs before the article, menus separate them. The
    first group that is large enough is the article. Groups with two paragraphs in a row are
    preferred. A group is a run of paragraphs with the runs behind it: lists, tables and pictures
    between two runs are part of the article if both runs are long enough for their number of lines.

    Args:
        lines: Lines of a page.
        real: For each line: it is a paragraph of prose.
        long: For each line: it has the length of a paragraph.
    """
    behind = [
        0,
        *accumulate((end - start) * one for (start, end), one in zip(lines, long, strict=True)),
    ]
    rows = {row[0] for row in runs_of(real, max_gap=1) if len(row) >= MIN_STORY}
    groups: list[list[_Run]] = []
    for numbers in runs_of(real):
        size = behind[numbers[-1] + 1] - behind[numbers[0]]
        is_story = size >= MIN_STORY_LENGTH and not rows.isdisjoint(numbers)
        run = _Run(numbers, size, is_story)
        if groups:
            between = run.numbers[0] - groups[-1][-1].numbers[-1] - 1
            if between * LINE_COST < min(run.size, sum(each.size for each in groups[-1])):
                groups[-1].append(run)
                continue
        groups.append([run])
    if not groups:
        return None
    weights = [sum(run.weight for run in group) for group in groups]
    large = next(place for place, weight in enumerate(weights) if weight >= MIN_RUN * max(weights))
    # An article may begin with paragraphs that a table or a list separates from longer ones.
    first = next(
        (place for place in range(large) if any(run.is_story for run in groups[place])), large
    )
    article = [run for group in groups[first : large + 1] for run in group]
    return [number for run in _without_teasers(article) for number in run.numbers]


class _Run(NamedTuple):
    """A run of paragraphs: numbers of their lines, and code points in its long lines.

    A story is a run with enough paragraphs in a row for an article of its own.
    """

    numbers: list[int]
    size: int
    is_story: bool

    @property
    def weight(self) -> float:
        """The size, reduced without two paragraphs in a row."""
        paired = any(other == one + 1 for one, other in pairwise(self.numbers))
        return self.size if paired else self.size * LONE_WEIGHT


def has_story(lines: Sequence[Span], real: Sequence[bool]) -> bool:
    """Tell whether a row of paragraphs is an article, among whatever other lines.

    Args:
        lines: Lines of the text.
        real: For each line: it is a paragraph of prose.
    """
    return any(
        len(row) >= MIN_STORY
        and sum(lines[each][1] - lines[each][0] for each in row) >= MIN_STORY_LENGTH
        for row in runs_of(real, max_gap=1)
    )


def _without_teasers(group: Sequence[_Run]) -> Sequence[_Run]:
    """Return the runs of an article from the first large one, which no text of its own precedes."""
    enough = MIN_START * max(run.weight for run in group)
    before = 0.0
    for place, run in enumerate(group):
        before += run.weight
        if before >= enough or run.is_story:
            return group[place:]
    return group


def runs_of(real: Sequence[bool], *, max_gap: int = MAX_GAP) -> list[list[int]]:
    """Return the numbers of the paragraphs that are near each other, a list for each run."""
    runs: list[list[int]] = []
    for number, is_real in enumerate(real):
        if is_real:
            if runs and number - runs[-1][-1] <= max_gap:
                runs[-1].append(number)
            else:
                runs.append([number])
    return runs


def first_paragraph(run: Sequence[int], lines: Sequence[Span], long: Sequence[bool]) -> int:
    """Return the number of the line with which a run of paragraphs begins an article.

    These are its first two paragraphs in a row, as a standfirst or a teaser is alone. More than
    three lone ones with a single line between them are the article, whose headings are these lines,
    unless they are much shorter than its other paragraphs.

    Args:
        run: Numbers of the lines that are paragraphs.
        lines: Lines of the page.
        long: For each line: it has the length of a paragraph.
    """
    behind = [0, *accumulate(lines[each][1] - lines[each][0] for each in run)]
    enough = MIN_LONE_LENGTH * behind[-1] / len(run)
    first = 0
    for at, (one, other) in enumerate(pairwise(run), 1):
        lone = at - first
        if lone > MAX_LONE and behind[at] - behind[first] >= enough * lone:
            return run[first]
        if other == one + 1:
            if behind[at - 1] <= MAX_SKIPPED * behind[-1]:
                return one
            # So much text is no teaser: only short lines at its start, such as a standfirst, are.
            return next(
                run[place]
                for place in range(at)
                if place == at - 1 or behind[place + 1] - behind[place] >= enough
            )
        if other - one > MAX_HEADING_GAP and not any(long[one + 1 : other]):
            first = at
    return run[0]


def is_page(lines: Sequence[Span], run: Sequence[int], ends: Sequence[bool]) -> bool:
    """Tell whether the lines before the first paragraphs are no prose.

    A single paragraph begins a body only behind lines that end no sentence.
    """
    if len(run) > 1:
        return True
    before = ends[: run[0]]
    return len(before) >= MIN_MENU_LINES and sum(before) * 2 < len(before) and len(lines) > 1
