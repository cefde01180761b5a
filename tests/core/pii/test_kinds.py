"""Personal data of many countries and scripts: what is found, and what only looks alike."""

# ruff: noqa: RUF001 (text of other scripts)

import re
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.core.pii.cards import cards
from fanmill.core.pii.checksums import luhn_is_valid
from fanmill.core.pii.detect import find
from fanmill.core.pii.items import PERSONAL
from fanmill.core.pii.national_ids import NationalId, known_ids
from fanmill.core.pii.phones import national_forms
from fanmill.core.pii.redact import REDACTION, redact_items

NO_BREAK = "\u00a0\u2009\u202f"


def found(text: str) -> list[tuple[str, str]]:
    return [(item.kind, text[item.start : item.end]) for item in find(text)]


@pytest.mark.parametrize(
    ("region", "number"),
    [(region, number) for region, listed in national_forms().items() for number in listed],
)
def test_each_national_form_is_found_without_a_label(region: str, number: str) -> None:
    assert found(f"xyz {number}, abc") == [("phone", number)], region


@pytest.mark.parametrize("known", known_ids(), ids=lambda known: f"{known.country}{known.example}")
def test_each_national_id_is_found_with_its_label(known: NationalId) -> None:
    words = known.label.pattern
    compact = re.sub(r"[^0-9A-Z]", "", known.example)
    assert known.is_valid(compact) or known.is_valid(known.example)
    if known.strong:
        assert found(f"xyz {known.example}, abc") == [("national-id", known.example)], words
    assert found(f"{known.labels[0]}: {known.example}.") == [("national-id", known.example)]
    if "national id" in known.labels:
        assert found(f"National ID: {known.example}.") == [("national-id", known.example)]


@pytest.mark.parametrize(
    "known", [known for known in known_ids() if not known.strong], ids=lambda known: known.country
)
def test_a_weak_form_without_its_label_is_no_national_id(known: NationalId) -> None:
    assert "national-id" not in dict(found(f"xyz {known.example}, abc"))


@pytest.mark.parametrize(
    "text",
    [
        "Schreibt an *",
        "邮件：*。",
        "メールは*まで",
        "이메일 *로",
        "пишите на * сегодня",
        "اكتب إلى *، شكرا",
    ],
)
@pytest.mark.parametrize(
    "address",
    [
        "ülkü.öz@bahçe.com.tr",
        "søren@blåbær.dk",
        "иван@почта.рф",
        "rené@exemple.fr",
        "kim@example.co.kr",
    ],
)
def test_mail_addresses_have_letters_beyond_ascii(text: str, address: str) -> None:
    assert found(text.replace("*", address)) == [("email", address)]


@pytest.mark.parametrize("name", ["logo@2x.webp", "hero@1.5x.jpg", "bg@3x-dark.svg", "pkg@1.2.tgz"])
def test_names_of_files_are_no_mail_addresses(name: str) -> None:
    assert found(f"open {name} now") == []


@pytest.mark.parametrize(
    "behind",
    [
        "を見る",
        "から",
        "에서",
        "를 보라",
        "，好",
        "。",
        "、",
        "的网页",
        "ได้",
        "؛ ثم",
        "، ثم",
        "।",
        "」",
        "》",
        "…",
        "” she",
        "» dit",
        "）",
        "！",
    ],
)
@pytest.mark.parametrize(
    "url", ["https://example.org/p?q=1", "http://example.net", "www.example.com/x"]
)
def test_a_url_ends_before_the_words_and_marks_of_every_script(url: str, behind: str) -> None:
    assert found(f"a {url}{behind}")[:1] == [("url", url)]


VERSIONS = (
    "Install release 2.10.3.1.",
    "Nach Fassung 7.1.0.2 kam Fassung 7.2.0.1.",
    "la versión 3.2.1.0 y la 3.2.2.0",
    "voir le chapitre 4.1.2.2",
    "Abschnitt 2.3.1.4 und 2.3.1.5",
    "пункт 5.1.2.3",
    "第3.1.2.1节",
    "バージョン2.0.1.9",
    "버전 8.1.0.3",
    "firmware 1.0.4.22",
    "wersja 1.2.3.4",
    "sürüm 9.1.2.3",
    "الإصدار 4.1.2.3",
    "संस्करण 2.1.0.5",
    "phiên bản 2.1.0.5",
    "เวอร์ชัน 2.1.0.5",
    "§ 4.1.2.3",
    "v2.1.0.5",
    "versie 2.1.0.5",
    "from build 1.2.3.4 to 2.3.4.5",
    "Firefox/118.0.2.1 Gecko",
    "requests==2.3.4.1",
    "artículos 4.1.2.3 y 4.1.2.4",
    "OpenSSH 9.1.2.3",
    "release notes 2.1.0.5",
)


@pytest.mark.parametrize("text", VERSIONS)
def test_versions_and_sections_are_no_ip_addresses(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "ping 10.4.0.7",
        "сервер 10.4.0.7",
        "主机10.4.0.7",
        "at 10.4.0.7:80",
        "the version server 10.4.0.7",
    ],
)
def test_ip_addresses_stay(text: str) -> None:
    assert found(text) == [("ip", "10.4.0.7")]


@pytest.mark.parametrize(
    "text",
    [
        "Invoice 00491234567890",
        "Auftragsnummer 0151 23456789",
        "commande n° 06 12 34 56 78",
        "pedido 912 34 56 78",
        "заказ № 8 916 123 4567",
        "订单编号13912345678",
        "注文番号 03-1234-5678",
        "read 13912345678 bytes",
        "wuchs um +49 151 234 567 Punkte",
        "+1 234 567 people",
        "1 234 567 890 Einwohner",
        "on 12.05.2023 and 13.05.2023",
        "2023-05-12 08:15:30",
        "1914-1918 and 1939-1945",
        "pages 101-110, 112-115",
        "x = 0.12345678",
    ],
)
def test_other_numbers_are_no_telephone_numbers(text: str) -> None:
    assert "phone" not in [kind for kind, _ in found(text)]


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("Telefonnummer:", "512 345 678"),
        ("Tél :", "0612345678"),
        ("Móvil", "612345678"),
        ("Telefone:", "912345678"),
        ("тел.", "2-34-56-78"),
        ("電話：", "03 1234 5678"),
        ("전화번호:", "0212345678"),
        ("هاتف:", "0501234567"),
        ("फ़ोन:", "9876543210"),
        ("โทร.", "0812345678"),
        ("SĐT điện thoại:", "0912345678"),
        ("Telp.", "02112345678"),
        ("Phone number is", "555 0123 456"),
        ("Handy-Nr.:", "0151 / 2345 6789"),
        ("Cep tel:", "5321234567"),
    ],
)
def test_a_label_in_each_language_makes_a_telephone_number(label: str, number: str) -> None:
    assert found(f"{label} {number}") == [("phone", number)]


VALID_CARDS = [
    "4111111111111111",
    "5500005555555559",
    "340000000000009",
    "30569309025904",
    "6011000990139424",
]


@pytest.mark.parametrize("digits", VALID_CARDS)
@pytest.mark.parametrize("space", ["", " ", "-", *NO_BREAK])
def test_cards_are_found_in_the_groups_of_their_issuer(digits: str, space: str) -> None:
    sizes = {14: (4, 6, 4), 15: (4, 6, 5), 16: (4, 4, 4, 4)}[len(digits)]
    groups = []
    for size in sizes:
        groups.append(digits[sum(map(len, groups)) :][:size])
    number = space.join(groups)
    assert found(f"card: {number}.") == [("card", number)]
    assert REDACTION * len(number) in redact_items(number, find(number))


@pytest.mark.parametrize("digits", VALID_CARDS)
@pytest.mark.parametrize("form", ["x{}", "{}x", "_{}", "{}_a", "a-{}", "{}-ab12", "1.{}", "{}.5"])
def test_cards_beside_letters_and_joining_signs_are_none(digits: str, form: str) -> None:
    assert "card" not in [kind for kind, _ in found(form.format(digits))]


@given(
    st.dates(min_value=date(1900, 1, 1)),
    st.times(),
    st.sampled_from(["%Y%m%d%H%M%S", "%Y%m%d%H%M%S%f"]),
)
def test_times_in_digits_are_no_cards(day: date, at: time, form: str) -> None:
    text = datetime.combine(day, at).strftime(form)
    if text[:2] in {"19", "20"}:
        assert list(cards(text, 0, len(text))) == []


@given(st.integers(0, 10**12 - 1))
def test_article_numbers_of_13_digits_are_no_cards(number: int) -> None:
    text = next(
        f"{number:012d}{last}" for last in range(10) if luhn_is_valid(f"{number:012d}{last}")
    )
    assert list(cards(text, 0, len(text))) == []


@given(
    st.lists(
        st.sampled_from(
            [
                "+33 6 12 34 56 78",
                "a@b.example",
                "GB82WEST12345698765432",
                "v4.1.1.1",
                "十",
                "\u00a0",
                "/",
                "x",
                "4111111111111111",
                "10.0.0.1",
            ]
        ),
        max_size=12,
    )
)
def test_redaction_hides_what_is_found_and_leaves_nothing_to_find(parts: list[str]) -> None:
    text = "; ".join(parts)
    hidden = redact_items(text, find(text))
    assert [item for item in find(hidden) if item.kind in PERSONAL] == []


@pytest.mark.parametrize(
    "word", ["Contact:", "Contactez-nous au", "Notre ligne :", "Noord:", "Idea:"]
)
def test_words_that_only_begin_like_a_label_hide_no_telephone_number(word: str) -> None:
    assert found(f"{word} 06 12 34 56 78") == [("phone", "06 12 34 56 78")]


@pytest.mark.parametrize("address", ["o'neill@example.ie", "sean.o'neill@example.ie"])
def test_a_mail_address_may_have_the_apostrophe_of_a_name(address: str) -> None:
    assert found(f"Write to {address}, please.") == [("email", address)]
    assert found("l'info@example.fr 'bo@example.org'") == [
        ("email", "info@example.fr"),
        ("email", "bo@example.org"),
    ]
