"""The state of a partition as its scripts keep it, for judges of documents of another time."""

import struct
from typing import Any, Final

from fanmill.core.dedup.parameters import DedupParameters

_NUMBERS: Final = struct.Struct(">13d")
"""Layout of the field `numbers`; see `scripts/prelude.lua`."""

_DAY_MS: Final = 86_400_000


def unchanged_until_ms(client: Any, state_key: str, parameters: DedupParameters) -> float:
    """Return the first time in ms at which a call of `judge` would expire documents or lines.

    Calls before it give the same verdicts whatever their time; 0.0 for an empty partition.
    """
    numbers = client.hget(state_key, "numbers")
    if numbers is None:
        return 0.0
    (*_, generation_start, oldest_end, _, _, lines_start, _) = _NUMBERS.unpack(numbers)
    horizon = round(parameters.horizon_days * _DAY_MS)
    next_generation = generation_start + horizon // parameters.generations
    # A table of lines is renewed when more than half a horizon has passed, hence the millisecond.
    return float(min(next_generation, oldest_end + horizon, lines_start + horizon / 2 + 1))
