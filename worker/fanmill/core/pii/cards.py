"""Payment cards: lengths by issuer, and groups of digits."""

import re
from collections.abc import Iterator
from typing import Final

from fanmill.core.pii.checksums import luhn_is_valid
from fanmill.core.pii.items import Item
from fanmill.core.pii.letters import ALPHABETIC, HYPHENS, SPACES

_ISSUERS: Final[tuple[tuple[int, int, int], ...]] = (
    # First and last prefix of an issuer, and its number of digits (ISO/IEC 7812).
    (4, 4, 16),  # Visa
    (51, 55, 16),  # Mastercard
    (2221, 2720, 16),
    (34, 34, 15),  # American Express
    (37, 37, 15),
    (300, 305, 14),  # Diners Club
    (3095, 3095, 14),
    (36, 36, 14),
    (38, 39, 14),
    (6011, 6011, 16),  # Discover
    (644, 659, 16),
    (3528, 3589, 16),  # JCB
    (62, 62, 16),  # UnionPay
    (5018, 5018, 16),  # Maestro
    (5020, 5020, 16),
    (5038, 5038, 16),
    (5893, 5893, 16),
    (6304, 6304, 16),
    (6759, 6763, 16),
    (2200, 2204, 16),  # Mir
    (6521, 6522, 16),  # RuPay
    (5067, 5067, 16),  # Elo
    (6362, 6363, 16),
    (9792, 9792, 16),  # Troy
)
_GROUPED_ONLY: Final[tuple[tuple[int, int, int], ...]] = (
    # 19 digits without spaces are as likely the number of a message.
    (62, 62, 19),
    (4, 4, 19),
)
_GROUPS: Final = {
    14: ((4, 6, 4),),
    15: ((4, 6, 5),),
    16: ((4, 4, 4, 4),),
    19: ((4, 4, 4, 4, 3), (6, 13)),
}
_SEPARATORS: Final = SPACES + HYPHENS
_CARD: Final = re.compile(
    rf"(?<![{ALPHABETIC}_\d.,/+#@\-])(?<!\d[{_SEPARATORS}])"
    rf"\d(?:[{_SEPARATORS}]?\d){{13,18}}+"
    rf"(?![{ALPHABETIC}_\d@\-])(?![{_SEPARATORS}.,/:]\d)"
)


def cards(text: str, begin: int, behind: int) -> Iterator[Item]:
    """Yield payment card numbers: prefix and length of an issuer, and a valid check digit."""
    for found in _CARD.finditer(text, begin, behind):
        groups = re.split(rf"[{_SEPARATORS}]", found[0])
        digits = "".join([str(int(each)) for each in "".join(groups)])
        if _is_card(digits, tuple(map(len, groups))):
            yield Item("card", found.start(), found.end(), digits, 1.0)


def _is_card(digits: str, groups: tuple[int, ...]) -> bool:
    grouped = len(groups) > 1
    if grouped and groups not in _GROUPS.get(len(digits), ()):
        return False
    issuers = (*_ISSUERS, *_GROUPED_ONLY) if grouped else _ISSUERS
    return (
        len(set(digits)) > 1
        and any(
            len(digits) == length and low <= int(digits[: len(str(low))]) <= high
            for low, high, length in issuers
        )
        and luhn_is_valid(digits)
    )
