"""The outcomes of actions in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fanmill.ports import ActionOutcome

_REASONS: Final[dict[ActionOutcome, str]] = {
    "gone": "replayed or dropped before",
    "no-original": "without original event",
    "cut": "with only the beginning of the event",
    "invalid-again": "invalid and would fail again",
    "invalid-edit": "invalid with the edit",
}


def left_out(outcomes: Mapping[ActionOutcome, int]) -> tuple[int, str]:
    """Return how many rejections were, or would be, left out, and why, such as `7 invalid ...`.

    The text is empty if there are none.
    """
    left = {name: outcomes[name] for name in _REASONS if outcomes.get(name)}
    reasons = ", ".join(f"{number:,} {_REASONS[name]}" for name, number in left.items())
    return sum(left.values()), reasons
