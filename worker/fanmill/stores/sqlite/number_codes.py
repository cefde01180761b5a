"""Codes of numbers and times in the search index, at several precisions. Pure.

A number is indexed by its power of ten, by its first digit, and by its first two; a range is then
a union of few codes instead of many values. The last code says whether the two digits are the whole
number. A third digit would make the index a tenth larger and slower to write. Times are indexed by
10 minutes, hours, days, 32 days, and twelve and 120 times that.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from math import ceil, floor
from typing import Final, NamedTuple

from fanmill.core.filters.intervals import Interval

_LOW: Final = -10
_HIGH: Final = 18
"""Powers of ten that have codes of their own; others share one for small and one for large."""

_DIGITS: Final = 2
_SHORT: Final = 2
"""Characters of the longest code without a power of ten."""
_POWERS: Final = tuple(
    f"{chr(ord('a') + number // 10)}{number % 10}" for number in range(_HIGH - _LOW + 1)
)
_TIME_SIZES: Final = (
    600_000,
    3_600_000,
    86_400_000,
    2_764_800_000,
    33_177_600_000,
    331_776_000_000,
)
TIME_STEP: Final = _TIME_SIZES[0]
"""All times of such a span have the same codes, in ms."""
_TOP: Final = len(_TIME_SIZES) - 1
_TOP_CODES: Final = 25
"""Number of the longest spans from 1970 on that have a code: until 2232."""


class Codes(NamedTuple):
    """Codes whose union is a range."""

    inside: tuple[str, ...]
    """All their numbers are in the range."""
    edges: tuple[str, ...]
    """Some of their numbers may be outside."""


def number_codes(value: float) -> tuple[str, ...]:
    """Return the codes of a number, the coarsest first."""
    return codes_above(finest_code(value))


def codes_above(finest: str) -> tuple[str, ...]:
    """Return a finest code with the codes that contain it, the coarsest first."""
    if len(finest) <= _SHORT:
        return (finest,)
    return (finest[: _SHORT + 1], finest[: _SHORT + 2], finest)


@lru_cache(maxsize=1 << 16)
def finest_code(value: float) -> str:
    """Return the code of a number with the most digits."""
    if value == 0:
        return "z"
    start = "n" if value < 0 else "p"
    # The shortest digits that name the number, as a filter writes it; `Decimal` takes four times
    # as long to find them.
    whole, _, fraction = repr(abs(value)).partition(".")
    power = len(whole) - 1
    if "e" in whole or "e" in fraction:
        _, figures, exponent = Decimal(repr(value)).normalize().as_tuple()
        assert isinstance(exponent, int)  # noqa: S101
        digits, power = "".join(map(str, figures)), len(figures) - 1 + exponent
    elif whole != "0":
        digits = (whole + fraction).rstrip("0")
    else:
        digits = fraction.lstrip("0")
        power = len(digits) - len(fraction) - 1
        digits = digits.rstrip("0")
    if power < _LOW:
        return f"{start}s"
    if power > _HIGH:
        return f"{start}l"
    whole_number = "e" if len(digits) <= _DIGITS else "r"
    return f"{start}{_POWERS[power - _LOW]}{f'{digits}0'[:_DIGITS]}{whole_number}"


def codes_within(interval: Interval, *, integers: bool) -> Codes:
    """Return the codes of the numbers of an interval.

    Args:
        interval: The range.
        integers: Whether all numbers of the key are whole.
    """
    low, high = _decimal(interval.low), _decimal(interval.high)
    low_included, high_included = interval.low_included, interval.high_included
    if integers:
        if low is not None:
            low = Decimal(ceil(low) if low_included or low != int(low) else int(low) + 1)
        if high is not None:
            high = Decimal(floor(high) + 1 if high_included or high != int(high) else int(high))
        low_included, high_included = True, False
    inside: list[str] = []
    edges: list[str] = []
    wanted = _Range(low, high, low_included, high_included)
    if wanted.has(Decimal(0)):
        inside.append("z")
    for start, half in (("p", wanted), ("n", wanted.mirrored())):
        for code, within in _half(start, half, integers=integers):
            (inside if within else edges).append(code)
    return Codes(tuple(inside), tuple(edges))


def time_codes(milliseconds: int) -> tuple[str, ...]:
    """Return the codes of a time in ms since 1970, the coarsest first."""
    top = milliseconds // _TIME_SIZES[_TOP]
    if top < 0:
        return ("a",)
    if top >= _TOP_CODES:
        return ("b",)
    return tuple(f"{level}t{milliseconds // _TIME_SIZES[level]}" for level in range(_TOP, -1, -1))


def time_codes_within(interval: Interval) -> Codes:
    """Return the codes of the times of an interval, in ms since 1970."""
    inside: list[str] = []
    edges: list[str] = []
    size = _TIME_SIZES[_TOP]
    wanted = _Range(
        _decimal(interval.low), _decimal(interval.high), interval.low_included,
        interval.high_included,
    )  # fmt: skip
    if interval.low is None or interval.low < 0:
        edges.append("a")
    if interval.high is None or interval.high >= size * _TOP_CODES:
        edges.append("b")
    for number in range(_TOP_CODES):
        _times(wanted, _TOP, number, inside, edges)
    return Codes(tuple(inside), tuple(edges))


def _times(wanted: "_Range", level: int, number: int, inside: list[str], edges: list[str]) -> None:
    size = _TIME_SIZES[level]
    # Whole ms: the last one of a span is in it.
    start, end = Decimal(number * size), Decimal((number + 1) * size)
    if wanted.misses(start, end):
        return
    if wanted.covers(start, end):
        inside.append(f"{level}t{number}")
    elif level == 0:
        edges.append(f"{level}t{number}")
    else:
        parts = size // _TIME_SIZES[level - 1]
        for part in range(number * parts, (number + 1) * parts):
            _times(wanted, level - 1, part, inside, edges)


class _Range(NamedTuple):
    """An interval of decimals."""

    low: Decimal | None
    high: Decimal | None
    low_included: bool
    high_included: bool

    def has(self, value: Decimal) -> bool:
        return (
            self.low is None or value > self.low or (value == self.low and self.low_included)
        ) and (
            self.high is None or value < self.high or (value == self.high and self.high_included)
        )

    def covers(self, start: Decimal, end: Decimal, *, start_included: bool = True) -> bool:
        """Return whether all numbers from `start` to below `end` are in it."""
        return (
            self.low is None
            or self.low < start
            or (self.low == start and (self.low_included or not start_included))
        ) and (self.high is None or end <= self.high)

    def misses(self, start: Decimal, end: Decimal, *, start_included: bool = True) -> bool:
        """Return whether no number from `start` to below `end` is in it."""
        return (self.low is not None and self.low >= end) or (
            self.high is not None
            and (
                self.high < start
                or (self.high == start and not (self.high_included and start_included))
            )
        )

    def mirrored(self) -> "_Range":
        return _Range(
            None if self.high is None else -self.high,
            None if self.low is None else -self.low,
            self.high_included,
            self.low_included,
        )


def _half(start: str, wanted: _Range, *, integers: bool) -> Iterator[tuple[str, bool]]:
    """Yield the codes of one sign, and whether all of a code is wanted."""
    if wanted.high is not None and wanted.high <= 0:
        return
    smallest, largest = Decimal(10) ** _LOW, Decimal(10) ** (_HIGH + 1)
    if not wanted.misses(Decimal(0), smallest, start_included=False) and not integers:
        yield f"{start}s", wanted.covers(Decimal(0), smallest, start_included=False)
    for power in range(0 if integers else _LOW, _HIGH + 1):
        yield from _node(start + _POWERS[power - _LOW], 1, power, 0, wanted, integers=integers)
    if wanted.high is None or wanted.high >= largest:
        yield f"{start}l", wanted.high is None and (wanted.low is None or wanted.low < largest)


def _node(
    code: str, digits: int, power: int, depth: int, wanted: _Range, *, integers: bool
) -> Iterator[tuple[str, bool]]:
    """Yield the codes below one: `depth` digits are known, `digits` is their number."""
    unit = Decimal(10) ** (power - max(depth - 1, 0))
    first, end = (unit, unit * 10) if depth == 0 else (digits * unit, (digits + 1) * unit)
    if wanted.misses(first, end):
        return
    if depth < _DIGITS and wanted.covers(first, end):
        yield code, True
    elif depth < _DIGITS:
        for digit in range(0 if depth else 1, 10):
            below = digit if depth == 0 else digits * 10 + digit
            yield from _node(f"{code}{digit}", below, power, depth + 1, wanted, integers=integers)
    else:
        if wanted.has(first):
            yield f"{code}e", True
        rest = first + 1 if integers else first
        if rest < end and not wanted.misses(rest, end, start_included=integers):
            yield f"{code}r", wanted.covers(rest, end, start_included=integers)


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value))
