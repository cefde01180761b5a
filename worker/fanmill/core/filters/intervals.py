"""Conditions on numbers, durations and times as intervals of numbers. Pure.

Stores translate intervals into their queries; `matching` remains the definition.
"""

from dataclasses import dataclass

from fanmill.core.filters.terms import Compares, Condition, Duration, Equals, Moment, Value

Number = int | float


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers from `low` to `high`; None is without limit. Durations and times are in ms."""

    low: Number | None = None
    high: Number | None = None
    low_included: bool = True
    high_included: bool = True

    def contains(self, value: Number) -> bool:
        """Return whether a number is in it."""
        low, high = self.low, self.high
        return (low is None or value > low or (value == low and self.low_included)) and (
            high is None or value < high or (value == high and self.high_included)
        )


def interval_of(condition: Condition) -> Interval:
    """Return the numbers for which a condition of an ordered kind holds."""
    if isinstance(condition, Equals):
        return Interval(*_edges(condition.value), high_included=_closed(condition.value))
    if isinstance(condition, Compares):
        low, high = _edges(condition.value)
        if condition.operator == "<":
            return Interval(None, low, high_included=False)
        if condition.operator == "<=":
            return Interval(None, high, high_included=_closed(condition.value))
        if condition.operator == ">":
            # After all of a moment: its end is no part of it.
            return Interval(high, None, low_included=not _closed(condition.value))
        return Interval(low, None)
    return Interval(
        _edges(condition.low)[0],
        _edges(condition.high)[1],
        high_included=_closed(condition.high),
    )


def completed_of(age: Interval, now_ms: int) -> Interval:
    """Return the times at which what has such an age began. Times to come have the age 0."""
    newest = None if age.low is None or age.contains(0) else now_ms - age.low
    oldest = None if age.high is None else now_ms - age.high
    if oldest is not None and oldest > now_ms:
        # Ages below 0: none.
        return Interval(1, 0)
    return Interval(oldest, newest, age.high_included, age.low_included)


def _edges(value: Value) -> tuple[Number, Number]:
    if isinstance(value, Moment):
        return value.start_ms, value.end_ms
    plain = value.ms if isinstance(value, Duration) else value
    assert isinstance(plain, int | float)  # noqa: S101
    return plain, plain


def _closed(value: Value) -> bool:
    return not isinstance(value, Moment)
