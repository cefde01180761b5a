"""Detection of personal data and identifiers, with checksums where they exist."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from fanmill.core.pii import addresses, finders, national_ids
from fanmill.core.pii.finders import Finder
from fanmill.core.pii.items import Item, Kind
from fanmill.core.pii.patterns import AT, TWO_COLONS
from fanmill.core.pii.windows import Window, around, numbers

MAX_ITEMS: Final = 10_000
"""Maximum number of items reported for a text; a database dump has more."""

Source = Callable[[str], Iterator[Item]]
"""Yields the items of a whole text."""


def find(text: str, skip: frozenset[Kind] = frozenset()) -> list[Item]:
    """Return the items of a text in text order; no two overlap.

    If two kinds claim the same digits, the kind with the stricter form wins: a card number
    is not a phone number. The result has at most `MAX_ITEMS` items.

    Args:
        text: Any text; the empty text has no items.
        skip: Kinds to leave out.
    """
    taken: list[Item] = []
    used: dict[int, int] = {}
    for source in _sources(text):
        for item in source(text):
            blocks = list(_bits(item))
            if item.kind in skip or any(used.get(block, 0) & bits for block, bits in blocks):
                continue
            for block, bits in blocks:
                used[block] = used.get(block, 0) | bits
            taken.append(item)
            if len(taken) >= MAX_ITEMS:
                return sorted(taken, key=_by_start)
    return sorted(taken, key=_by_start)


def _by_start(item: Item) -> int:
    return item.start


_BLOCK: Final = 64


def _bits(item: Item) -> Iterator[tuple[int, int]]:
    """Yield the code points of an item as bits, with the number of each block of 64."""
    for block in range(item.start // _BLOCK, (item.end - 1) // _BLOCK + 1):
        low = max(item.start - block * _BLOCK, 0)
        high = min(item.end - block * _BLOCK, _BLOCK)
        yield block, (1 << high) - (1 << low)


def _sources(text: str) -> Iterator[Source]:  # noqa: C901  a condition for each kind
    """Yield the finders whose signs occur in the text, strictest forms first."""
    if "/" in text and "://" in text:
        yield addresses.urls
    if "www." in text or "WWW." in text:
        yield addresses.hosts
    if "@" in text:
        yield partial(_in_windows, finder=addresses.emails, windows=around(text, AT, 80, 300))
    found = numbers(text)
    if "1" in text and "10." in text:
        yield finders.dois
    if found.ibans:
        yield partial(finders.ibans, places=found.ibans)
    if found.long:
        digits = [sum(map(str.isdecimal, text[start:end])) for start, end in found.long]
        for finder in finders.LONG_FINDERS:
            least = finders.LEAST_DIGITS.get(finder, 0)
            windows = [
                window for window, number in zip(found.long, digits, strict=True) if number >= least
            ]
            yield partial(_in_windows, finder=finder, windows=windows)
    if found.codes:
        yield partial(_in_windows, finder=national_ids.national_ids, windows=found.codes)
    if found.prices:
        yield partial(_in_windows, finder=finders.money, windows=found.prices)
    if TWO_COLONS.search(text):
        yield partial(_in_windows, finder=finders.ipv6s, windows=around(text, TWO_COLONS, 40, 48))
    if "#" in text:
        yield finders.hashtags


def _in_windows(text: str, finder: Finder, windows: list[Window]) -> Iterator[Item]:
    """Yield the items that a finder finds in windows of a text."""
    gate = finders.GATES.get(finder)
    for start, end in windows:
        # Tables and dumps are one long window; RE2 tells quickly whether it holds an item.
        if gate is None or end - start < finders.MIN_GATED_LENGTH or gate.search(text[start:end]):
            yield from finder(text, start, end)
