"""Check digits of national numbers that python-stdnum lacks."""

from collections.abc import Callable

import pytest

from fanmill.core.pii import own_checks


@pytest.mark.parametrize(
    ("check", "number", "place"),
    [
        (own_checks.snils, "11223344595", -1),
        (own_checks.personal_inn, "500100732259", -1),
        (own_checks.uruguay_ci, "12345672", -1),
        (own_checks.taiwan_id, "A123456789", -1),
        (own_checks.my_number, "123456789018", -1),
        (own_checks.hungarian_taj, "123456788", -1),
        (own_checks.iranian_code, "0073214566", -1),
        (own_checks.saudi_id, "1054321672", -1),
        (own_checks.emirates_id, "784198543210987", -1),
        (own_checks.kuwaiti_id, "285031401239", -1),
        (own_checks.kazakh_iin, "850314301234", -1),
        (own_checks.belarusian_number, "3140385A012PB5", -1),
        (own_checks.latvian_code, "14038510127", -1),
        (own_checks.german_pension, "15140385K010", -1),
        (own_checks.medicare, "2123456701", -2),
        (own_checks.brazilian_pis, "12045678905", -1),
    ],
)
def test_a_single_check_digit_is_right(
    check: Callable[[str], bool], number: str, place: int
) -> None:
    place %= len(number)
    others = (f"{number[:place]}{digit}{number[place + 1 :]}" for digit in "0123456789")
    assert [each for each in others if check(each)] == [number]


@pytest.mark.parametrize(
    ("check", "number"),
    [
        (own_checks.egyptian_id, "29013150101230"),
        (own_checks.egyptian_id, "49001150101230"),
        (own_checks.kuwaiti_id, "285133201239"),
        (own_checks.kazakh_iin, "851314301234"),
        (own_checks.kazakh_iin, "850314901234"),
        (own_checks.belarusian_number, "3140385A012XX5"),
        (own_checks.ghana_card, "NGA-123456789-0"),
        (own_checks.venezuelan_ci, "X-12.345.678"),
        (own_checks.sri_lankan_nic, "854004567V"),
        (own_checks.sri_lankan_nic, "851234567A"),
        (own_checks.several_digits, "1111111111"),
        (own_checks.iranian_code, "1111111111"),
    ],
)
def test_days_codes_and_letters_are_those_in_use(check: Callable[[str], bool], number: str) -> None:
    assert not check(number)
