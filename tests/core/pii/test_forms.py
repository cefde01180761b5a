"""Accounts, telephones and addresses in less usual forms, and numbers that resemble them."""

# ruff: noqa: RUF001 (full-width digits)

import pytest

from fanmill.core.pii.detect import find


def found(text: str) -> list[tuple[str, str]]:
    return [(item.kind, text[item.start : item.end]) for item in find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "IBAN de89-3704-0044-0532-0130-01",
        "the hash fr7630006000011234567890189a of the build",
        "open 09-12 13-17, closed on Sunday",
        "a slope of +3.14159265",
        "httpd 2.4.9.1 and mysql 8.0.3.2 are old",
        "Changes in 4.1.0.2",
    ],
)
def test_what_resembles_accounts_telephones_and_addresses_is_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("口座:FR7630006000011234567890189です", [("iban", "FR7630006000011234567890189")]),
        ("fr76 3000 6000 0112 3456 7890 189", [("iban", "fr76 3000 6000 0112 3456 7890 189")]),
        ("FR76-3000-6000-0112-3456-7890-189", [("iban", "FR76-3000-6000-0112-3456-7890-189")]),
        (
            "Llame al 91 234 56 78 o al 612 345 678.",
            [("phone", "91 234 56 78"), ("phone", "612 345 678")],
        ),
        (
            "Bel 020 123 4567 of 06 12345678.",
            [("phone", "020 123 4567"), ("phone", "06 12345678")],
        ),
        ("電話 ０４５－１２３－４５６７", [("phone", "０４５－１２３－４５６７")]),
    ],
)
def test_accounts_and_telephones_in_other_forms_are_found(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My number is 617.253.4200, he said.", ["617.253.4200"]),
        ("Cell: 07700 900456, home (01632) 960 321", ["07700 900456", "(01632) 960 321"]),
        ("Mój numer to 513 222 111.", ["513 222 111"]),
        ("Zadzwoń pod nr 22 828 11 22.", ["22 828 11 22"]),
        ("Ring mig på 28 11 22 33.", ["28 11 22 33"]),
        ("Soita numeroon 040 765 4321.", ["040 765 4321"]),
        ("제 번호는 010-2345-6789입니다.", ["010-2345-6789"]),
        ("Mijn nummer is 06-11223344.", ["06-11223344"]),
        ("Volejte na 602 123 456.", ["602 123 456"]),
        ("Call 020 7946 0100, order 7946 0101.", ["020 7946 0100"]),
        ("Zavolejte nám na číslo 602 123 456.", ["602 123 456"]),
        ("Pokličite nas na 041 234 567.", ["041 234 567"]),
        ("Helistage 5123 4567.", ["5123 4567"]),
        ("고객센터 1588-1234로 문의하세요.", ["1588-1234"]),
        ("대표전화 1577-1588입니다.", ["1577-1588"]),
        ("The war of 1577-1588 in Cologne.", []),
        ("Call 0871 234 5678 (10p per minute).", ["0871 234 5678"]),
        ("Appelez le 08 92 70 12 39 (0,35 €/min).", ["08 92 70 12 39"]),
        ("Faktura 0871 234 5678 (10 st).", []),
        ("Numer zamówienia 513 222 111.", []),
        ("p: (02) 9876 5432 m: 0412 345 678", ["(02) 9876 5432", "0412 345 678"]),
        ("It wrote 17123456789 bytes: all of them.", []),
        ("Aktenzeichen 0221 998877-12.", []),
    ],
)
def test_telephones_that_words_introduce(text: str, expected: list[str]) -> None:
    assert [value for kind, value in found(text) if kind == "phone"] == expected


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("See “https://example.org/q?x=[1]”.", "https://example.org/q?x=[1]"),
        ("[https://example.org/q]", "https://example.org/q"),
        ("(see https://example.org/a_(b).)", "https://example.org/a_(b)"),
    ],
)
def test_brackets_that_an_address_opens_belong_to_it(text: str, url: str) -> None:
    assert found(text) == [("url", url)]


@pytest.mark.parametrize("label", ["Tel.:", "Telefon:", "Téléphone :", "電話：", "Fax"])
@pytest.mark.parametrize("gap", ["\n", "\r\n", "\n  ", "\n\n"])
def test_a_label_on_the_line_above_counts(label: str, gap: str) -> None:
    assert found(f"{label}{gap}039 931 514 38 x") == [("phone", "039 931 514 38")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CPF:\n39053344705", [("national-id", "39053344705")]),
        ("Steuernummer:\r\n21/815/08150", [("national-id", "21/815/08150")]),
        ("News mobil\n1462351\nMore", []),
        ("Rechnungsnummer:\n039 931 514", []),
    ],
)
def test_labels_on_the_line_above_of_other_numbers(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        'the counts "398/2893605", "29/964524" and "2568196/81107249"',
        "Monday 08.30 - 12.00, Friday 9.00-13.30",
        "the font has ABC 0123456789",
    ],
)
def test_fractions_hours_and_the_ten_digits_are_no_telephones(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("number", ["0711/1234567", "02/12345678"])
def test_a_slash_behind_an_area_code_is_no_fraction(number: str) -> None:
    assert found(f"xyz {number}, abc") == [("phone", number)]


@pytest.mark.parametrize(
    "text", ["Kundenservice *", "Abo- und Bestellservice *", "Service client *", "客户服务 *"]
)
def test_a_country_code_outweighs_the_label_of_another_number(text: str) -> None:
    number = "+49 731 8800582"
    assert found(text.replace("*", number)) == [("phone", number)]


@pytest.mark.parametrize(
    "address", ["pe\u00adter.lin\u00addgren@exam\u00adple.se", "a\u00adb@x.org"]
)
def test_soft_hyphens_are_part_of_a_mail_address_but_not_of_its_value(address: str) -> None:
    (item,) = find(f"({address}).")
    assert (item.kind, item.end - item.start) == ("email", len(address))
    assert item.value == address.replace("\u00ad", "")


@pytest.mark.parametrize("sign", [" / ", "/", " – ", " - ", " — ", ", "])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("0161 496 0000", "07911 123 456"),
        ("028.3823.4567", "0903.123.456"),
        ("030 1234567", "0171 1234567"),
        ("+33 1 23 45 67 89", "+33 6 12 34 56 78"),
    ],
)
def test_a_slash_or_dash_parts_two_telephones(first: str, second: str, sign: str) -> None:
    for text in (f"Tel. {first}{sign}{second}.", f"xyz {first}{sign}{second}, abc"):
        assert found(text) == [("phone", first), ("phone", second)]


@pytest.mark.parametrize("number", ["0 36 31 / 46 55 08", "030 / 209 1394 30", "0711 - 123 45 67"])
def test_a_slash_or_dash_inside_a_telephone_parts_nothing(number: str) -> None:
    assert found(f"Tel.: {number}, abc") == [("phone", number)]


@pytest.mark.parametrize("label", ["TEL", "FAX", "Tel", "Fax", "TEL:", "Tel "])
@pytest.mark.parametrize("number", ["03-3581-2345", "03(3581)2345", "090(1234)5678"])
def test_japanese_labels_touch_the_number_and_brackets_its_exchange(
    label: str, number: str
) -> None:
    assert found(f"{label}{number} 東京") == [("phone", number)]


@pytest.mark.parametrize("word", ["HOTEL", "Axel", "motel", "x"])
def test_letters_of_other_words_before_digits_make_no_telephone(word: str) -> None:
    assert found(f"{word}03-3581-2345 a") == []
