"""Number types of the record, and their rounding in JSON."""

from typing import Annotated, Any

from pydantic import Field, PlainSerializer


def rounded(value: float) -> float:
    """Round a number as JSON shows it: to three significant digits and at most four decimals.

    Whole digits are kept: 0.00004 gives 0, 0.0123456 gives 0.0123, 61.876 gives 61.9 and
    12345.6 gives 12346. Integral values are returned as `int`, so that JSON shows no `.0`.
    """
    # Comparisons, not a table: a record has dozens of numbers, and a search takes longer.
    size = abs(value)
    if size < 1.0:
        short = round(value, 4 if size < 0.1 else 3)  # noqa: PLR2004
    elif size < 100.0:  # noqa: PLR2004
        short = round(value, 2 if size < 10.0 else 1)  # noqa: PLR2004
    else:
        short = round(value, 0)
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
