"""Number types of the record, and their rounding in JSON."""

from typing import Annotated, Any, Final

from pydantic import Field, PlainSerializer

_DECIMALS: Final = ((0.1, 4), (1.0, 3), (10.0, 2), (100.0, 1))


def rounded(value: float) -> float:
    """Round a number as JSON shows it: to three significant digits and at most four decimals.

    Whole digits are kept: 0.00004 gives 0, 0.0123456 gives 0.0123, 61.876 gives 61.9 and
    12345.6 gives 12346. Integral values are returned as `int`, so that JSON shows no `.0`.
    """
    size = abs(value)
    decimals = next((digits for bound, digits in _DECIMALS if size < bound), 0)
    short = round(value, decimals)
    whole = int(short)
    return whole if whole == short else short


Number = Annotated[float, PlainSerializer(rounded, return_type=Any, when_used="json")]
"""Any number; rounded in JSON by `rounded`, exact in Python."""

Count = Annotated[int, Field(ge=0)]
"""Number of things, or an offset or index from 0 on."""

Ratio = Annotated[Number, Field(ge=0.0, le=1.0)]
"""Share, score or similarity from 0 to 1."""

NonNegative = Annotated[Number, Field(ge=0.0)]
"""Number from 0 on."""
