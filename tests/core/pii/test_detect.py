# ruff: noqa: RUF001 (text of other scripts)

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_texts import texts
from fanmill.core.document import Document
from fanmill.core.pii.checksums import iban_is_valid, luhn_is_valid
from fanmill.core.pii.detect import find
from fanmill.core.pii.items import PERSONAL
from fanmill.core.pii.redact import REDACTION, redact_document, redact_items
from fanmill.core.stages import Summarizer, redacting, tagging_by
from fanmill.core.taggers.builtin import BUILTIN
from fanmill.core.tagging.runner import Taggers
from fanmill.plugins import DocumentView, StatisticSet, statistics
from fanmill_contracts import JsonScalar


def found(text: str) -> list[tuple[str, str]]:
    return [(item.kind, text[item.start : item.end]) for item in find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to Jane.Doe+x@mail.example.org.", [("email", "Jane.Doe+x@mail.example.org")]),
        ("邮箱zhang@example.com联系", [("email", "zhang@example.com")]),
        ("see https://example.org/a(b), ok", [("url", "https://example.org/a(b)")]),
        ("(see www.example.org/x.)", [("url", "www.example.org/x")]),
        ("IBAN DE89 3704 0044 0532 0130 00 and", [("iban", "DE89 3704 0044 0532 0130 00")]),
        ("GB82WEST12345698765432", [("iban", "GB82WEST12345698765432")]),
        ("card 4111-1111-1111-1111.", [("card", "4111-1111-1111-1111")]),
        ("ISBN 0-306-40615-2", [("isbn", "0-306-40615-2")]),
        ("978-3-16-148410-0", [("isbn", "978-3-16-148410-0")]),
        ("doi:10.1000/xyz-1.2.", [("doi", "10.1000/xyz-1.2")]),
        ("from 192.168.0.254.", [("ip", "192.168.0.254")]),
        ("at 2001:db8::8a2e:370:7334", [("ip", "2001:db8::8a2e:370:7334")]),
        ("call +49 (30) 901820 now", [("phone", "+49 (30) 901820")]),
        ("call (415) 555-2671", [("phone", "(415) 555-2671")]),
        ("手机：13812345678", [("phone", "13812345678")]),
        ("Tel.: 030 / 90 18 20", [("phone", "030 / 90 18 20")]),
        ("it cost $3.5 million", [("money", "$3.5 million")]),
        ("es kostete 1.200,50 Euro", [("money", "1.200,50 Euro")]),
        ("花费300万元", [("money", "300万元")]),
        ("il coûte 240 000 dollars", [("money", "240 000 dollars")]),
        ("in 2010 500 euros", [("money", "500 euros")]),
        ("an $8.5-million loan", [("money", "$8.5-million")]),
        ("for 5 million pounds", [("money", "5 million pounds")]),
        ("foo://http://example.org/x", [("url", "http://example.org/x")]),
        ("so #Harbour2024 it is", [("hashtag", "#Harbour2024")]),
        ("号码11010519491231002X", [("national-id", "11010519491231002X")]),
    ],
)
def test_items_are_found_where_they_stand(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "DE89 3704 0044 0532 0130 01",  # check digits
        "4111 1111 1111 1112",
        "978-3-16-148410-1",
        "ISBN 0-306-40615-3",
        "110105194912310021",
        "on 2022-08-05 at 10:30",
        "version 1.2.3.4.5",
        "300.1.1.1",
        "std::vector and a::b",
        "#1 of 3",
        "a@b",
        "In 1984 there were 1,200 of them",
        "chapters 10.1 and 10.2",
        "the painter (1883-1974) of ships",
        "he is 280 pounds",
        "foo://bar",
    ],
)
def test_what_has_a_wrong_check_digit_or_only_looks_alike_is_left(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "item", ["+49 30 901820", "4111 1111 1111 1111", "192.168.0.254", "978-3-16-148410-0"]
)
def test_an_item_in_a_long_table_of_numbers_is_found(item: str) -> None:
    table = "12.5 7-3, 1 2-3. " * 200
    assert item in [text for _, text in found(f"{table}; {item}; {table}")]


@given(st.integers(0, 10**18))
def test_one_wrong_digit_breaks_every_card_number(number: int) -> None:
    digits = f"{number:018d}"
    valid = next(digits + str(last) for last in range(10) if luhn_is_valid(digits + str(last)))
    for place in range(len(valid)):
        changed = valid[:place] + str((int(valid[place]) + 1) % 10) + valid[place + 1 :]
        assert not luhn_is_valid(changed)


def test_an_iban_has_the_length_of_its_country() -> None:
    assert iban_is_valid("NO9386011117947")
    assert not iban_is_valid("NO93860111179470")
    assert not iban_is_valid("ZZ9386011117947")


@given(texts)
def test_items_never_overlap_and_redaction_keeps_every_offset(text: str) -> None:
    items = find(text)
    assert all(one.end <= other.start for one, other in pairwise(items))
    hidden = redact_items(text, items)
    assert len(hidden) == len(text)
    for item in items:
        if item.kind in PERSONAL:
            assert hidden[item.start : item.end] == REDACTION * (item.end - item.start)
        else:
            assert hidden[item.start : item.end] == text[item.start : item.end]


def counted(texts: list[str]) -> StatisticSet:
    """Return a set of statistics that notes the texts it is given, and fails."""

    @statistics("counted", "1", ())
    def count(doc: DocumentView) -> dict[str, JsonScalar]:
        texts.append(doc.text)
        raise ValueError(f"no luck with {doc.text}")

    return count


SECRETS = ("jane.doe@example.org", "+44 20 7946 0958", "DE89 3704 0044 0532 0130 00")
LETTER = (
    "Please write to jane.doe@example.org about the bridge. jane.doe@example.org answers. "
    "Her telephone is +44 20 7946 0958, her account DE89 3704 0044 0532 0130 00."
)


def test_redacted_results_and_extracts_show_no_personal_data() -> None:
    document = Document("d", LETTER, title=f"Write to {SECRETS[0]}", author=SECRETS[0])
    tagged = tagging_by(Taggers(BUILTIN, {"pii": {"mode": "redact"}}), redacts=True)(document)
    summed = redacting(Summarizer())(document)
    shown = tagged.model_dump_json() + summed.model_dump_json()
    assert not any(secret in shown for secret in SECRETS)
    assert "jane" not in shown
    assert REDACTION in shown
    spans = {
        tag.value: [LETTER[start:end] for start, end in tag.spans]
        for tag in tagged.tagging.tags["pii"]
    }
    assert spans["email"] == [SECRETS[0]] * 2
    assert spans["phone"] == [SECRETS[1]]
    assert summed.statistics == Summarizer()(document).statistics


def test_what_other_sets_found_of_a_redacted_text_was_found_once() -> None:
    texts: list[str] = []
    summed = redacting(Summarizer(plugins=(counted(texts),)))(Document("d", LETTER))
    assert texts == [LETTER]
    assert SECRETS[0] not in summed.summary.model_dump_json()
    assert REDACTION in summed.model_dump_json()
    assert SECRETS[0] not in summed.model_dump_json()


def test_without_redaction_the_extract_is_the_text_itself() -> None:
    assert SECRETS[0] in Summarizer()(Document("d", LETTER)).summary.model_dump_json()
    assert "pii" in tagging_by(Taggers(BUILTIN))(Document("d", LETTER)).tagging.model_dump_json()


def test_pii_off_says_nothing() -> None:
    tagged = tagging_by(Taggers(BUILTIN, {"pii": {"mode": "off"}}))(Document("d", LETTER))
    assert '"pii"' not in tagged.tagging.model_dump_json()


def test_the_address_of_a_document_stays_but_an_email_in_it_goes() -> None:
    document = Document("d", "", url="https://example.org/list?to=jane.doe@example.org")
    hidden, _ = redact_document(document)
    assert hidden.url is not None
    assert hidden.url.startswith("https://example.org/list?to=")
    assert "jane" not in hidden.url


@pytest.mark.parametrize("unit", ["1 ", "1-", "a@", "+1 ", "$1,", "10.1234/", "97 ", "a.b@", ":1"])
def test_long_runs_of_what_looks_like_an_item_end(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    assert all(0 <= item.start < item.end <= len(text) for item in find(text))
