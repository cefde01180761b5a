"""Check digits of national numbers that python-stdnum lacks."""

import re
from typing import Final

_NINO: Final = re.compile(r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]")


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
        sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % 11 % 10
        == int(number[len(weights)])
        for weights in (first, second)
    )


def uruguay_ci(number: str) -> bool:
    """Tell whether a Uruguayan identity number has its check digit."""
    weights = (2, 9, 8, 7, 6, 3, 4)
    total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
    return -total % 10 == int(number[7])


_TAIWAN: Final = "ABCDEFGHJKLMNPQRSTUVXYWZIO"


def taiwan_id(number: str) -> bool:
    """Tell whether a Taiwanese identity number has its check digit."""
    if number[1] not in "1289":
        return False
    area = _TAIWAN.index(number[0]) + 10
    digits = [area // 10, area % 10, *map(int, number[1:])]
    return (
        sum(d * w for d, w in zip(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True)) % 10 == 0
    )


def singapore_nric(number: str) -> bool:
    """Tell whether a Singaporean NRIC or FIN has its check letter."""
    if number[0] not in "STFG":
        return False
    weights = (2, 7, 6, 5, 4, 3, 2)
    total = sum(int(d) * w for d, w in zip(number[1:8], weights, strict=True))
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
    rest = sum(int(d) * w for d, w in zip(number, weights, strict=False)) % 11
    return int(number[11]) == (0 if rest <= 1 else 11 - rest)


def vietnamese_cccd(number: str) -> bool:
    """Tell whether a Vietnamese identity number begins with the code of a province."""
    return "001" <= number[:3] <= "096"
