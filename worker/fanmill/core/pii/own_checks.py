"""Check digits of national numbers that python-stdnum lacks."""

import re
from collections.abc import Iterable
from typing import Final

from fanmill.core.pii.checksums import luhn_is_valid

_NINO: Final = re.compile(r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]")


def _weighted(digits: Iterable[str | int], weights: Iterable[int]) -> int:
    """Return the sum of digits by their weights; digits behind the last weight do not count."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def nino(number: str) -> bool:
    """Tell whether a British National Insurance number has a prefix and suffix in use."""
    return _NINO.fullmatch(number) is not None


def snils(number: str) -> bool:
    """Tell whether a Russian SNILS has its two check digits."""
    total = sum(int(digit) * (9 - place) for place, digit in enumerate(number[:9]))
    return total % 101 % 100 == int(number[9:])


def personal_inn(number: str) -> bool:
    """Tell whether a Russian INN of a person has its two check digits."""
    first, second = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
    return all(
        _weighted(number, weights) % 11 % 10 == int(number[len(weights)])
        for weights in (first, second)
    )


def uruguay_ci(number: str) -> bool:
    """Tell whether a Uruguayan identity number has its check digit."""
    weights = (2, 9, 8, 7, 6, 3, 4)
    return -_weighted(number, weights) % 10 == int(number[7])


_TAIWAN: Final = "ABCDEFGHJKLMNPQRSTUVXYWZIO"


def taiwan_id(number: str) -> bool:
    """Tell whether a Taiwanese identity number has its check digit."""
    if number[1] not in "1289":
        return False
    area = _TAIWAN.index(number[0]) + 10
    digits = [area // 10, area % 10, *map(int, number[1:])]
    return _weighted(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)) % 10 == 0


def singapore_nric(number: str) -> bool:
    """Tell whether a Singaporean NRIC or FIN has its check letter."""
    if number[0] not in "STFG":
        return False
    weights = (2, 7, 6, 5, 4, 3, 2)
    total = _weighted(number[1:8], weights)
    total += 4 if number[0] in "TG" else 0
    return number[8] == ("JZIHGFEDCBA" if number[0] in "ST" else "XWUTRQPNMLK")[total % 11]


def hong_kong_id(number: str) -> bool:
    """Tell whether a Hong Kong identity number, without brackets, has its check digit."""
    if not (number[-1].isdecimal() or number[-1] == "A"):
        return False
    padded = number.rjust(9)
    values = [36 if each == " " else int(each, 36) for each in padded]
    return sum(value * (9 - place) for place, value in enumerate(values)) % 11 == 0


def my_number(number: str) -> bool:
    """Tell whether a Japanese individual number has its check digit."""
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = _weighted(number, weights) % 11
    return int(number[11]) == (0 if rest <= 1 else 11 - rest)


def vietnamese_cccd(number: str) -> bool:
    """Tell whether a Vietnamese identity number begins with the code of a province."""
    return "001" <= number[:3] <= "096"


def hungarian_taj(number: str) -> bool:
    """Tell whether a Hungarian social security number has its check digit."""
    total = sum(int(digit) * (7 if place % 2 else 3) for place, digit in enumerate(number[:8]))
    return total % 10 == int(number[8]) and total > 0


def iranian_code(number: str) -> bool:
    """Tell whether an Iranian national code has its check digit."""
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(number[:9])) % 11
    return int(number[9]) == (rest if rest <= 1 else 11 - rest) and len(set(number)) > 1


def egyptian_id(number: str) -> bool:
    """Tell whether an Egyptian national number has a century and a day of birth."""
    return number[0] in "23" and _is_day(number[3:5], number[5:7])


def saudi_id(number: str) -> bool:
    """Tell whether a Saudi identity or residence number has its check digit."""
    return number[0] in "12" and luhn_is_valid(number)


def emirates_id(number: str) -> bool:
    """Tell whether an Emirates ID has the code of the country and its check digit."""
    return number.startswith("784") and luhn_is_valid(number)


def kazakh_iin(number: str) -> bool:
    """Tell whether a Kazakh individual number has a day of birth and its check digit."""
    if not (_is_day(number[2:4], number[4:6]) and number[6] in "0123456"):
        return False
    for first in (1, 3):
        rest = _weighted(number, ((first + place - 1) % 11 + 1 for place in range(11))) % 11
        if rest < 10:  # noqa: PLR2004
            return rest == int(number[11])
    return False


def belarusian_number(number: str) -> bool:
    """Tell whether a Belarusian identity number has its check digit."""
    values = [int(each, 36) for each in number[:13]]
    total = sum(value * weight for value, weight in zip(values, (7, 3, 1) * 5, strict=False))
    return total % 10 == int(number[13]) and number[0] in "123456" and number[11:13] in _BELARUS


_BELARUS: Final = frozenset({"PB", "BA", "BI"})


def latvian_code(number: str) -> bool:
    """Tell whether a Latvian personal code has its check digit; new ones, from 32, have none."""
    if number.startswith("32"):
        return True
    weights = (1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = _weighted(number, weights)
    return (1101 - total) % 11 == int(number[10]) and _is_day(number[2:4], number[:2])


def german_pension(number: str) -> bool:
    """Tell whether a German pension insurance number has its check digit."""
    letter = f"{ord(number[8]) - ord('A') + 1:02d}"
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    products = (
        int(d) * w for d, w in zip(number[:8] + letter + number[9:11], weights, strict=True)
    )
    return sum(product // 10 + product % 10 for product in products) % 10 == int(number[11])


def medicare(number: str) -> bool:
    """Tell whether an Australian Medicare number has its check digit."""
    weights = (1, 3, 7, 9, 1, 3, 7, 9)
    total = _weighted(number, weights)
    return number[0] in "23456" and total % 10 == int(number[8])


def brazilian_pis(number: str) -> bool:
    """Tell whether a Brazilian PIS, PASEP or NIS has its check digit."""
    weights = (3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    rest = 11 - _weighted(number, weights) % 11
    return (rest if rest < 10 else 0) == int(number[10]) and len(set(number)) > 1  # noqa: PLR2004


def kuwaiti_id(number: str) -> bool:
    """Tell whether a Kuwaiti civil number has a day of birth and its check digit."""
    weights = (2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = _weighted(number, weights)
    return 11 - total % 11 == int(number[11]) and _is_day(number[3:5], number[5:7])


def ghana_card(number: str) -> bool:
    """Tell whether a number begins with the code of Ghana."""
    return number.startswith("GHA")


def venezuelan_ci(number: str) -> bool:
    """Tell whether a Venezuelan identity number begins with the letter of a citizen or resident."""
    return number[0] in "VE"


def sri_lankan_nic(number: str) -> bool:
    """Tell whether a Sri Lankan identity number has a day of the year, 500 more for women."""
    day = int(number[2:5]) if len(number) == 10 else int(number[4:7])  # noqa: PLR2004
    return 1 <= day % 500 <= 366 and number[-1] in "0123456789VX"  # noqa: PLR2004


def several_digits(number: str) -> bool:
    """Tell whether a number has different digits, for countries without a check digit."""
    return len(set(number)) > 1


def _is_day(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31  # noqa: PLR2004
