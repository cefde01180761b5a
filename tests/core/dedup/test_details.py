# ruff: noqa: E501, RUF001 (texts in scripts without spaces)
"""Names, figures and dates of short texts weigh more than other words."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup_texts import text
from fanmill.core.dedup.details import FULL_WEIGHT_SHINGLES, WEIGHED_SHINGLES, details
from fanmill.core.dedup.fingerprint import Fingerprinter, Representation
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.similarity import is_near

PARAMETERS = DedupParameters()
MAKER = Fingerprinter(PARAMETERS)


def _read(body: str) -> Representation:
    content = MAKER.fingerprint(body).content
    assert content is not None
    return content


def _number(body: str) -> int:
    return len(details(body))


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ("", 0),
        ("The fund pays a dividend.", 0),
        ("The Ardent Fund pays a dividend. It is paid in June.", 3),
        ("On 5 May 2024 it pays 1.25 per share, by B2 or 3rd.", 7),
        ("THE FUND PAYS A DIVIDEND", 0),
        ("the\nArdent\nFund", 2),
        ("Фонд Ромашка платит 5 рублей.", 2),
        ("央行公告2024年6月15日", 3),
        ("المادة ١٢ من القانون", 1),
        ("Die Bank zahlt.", 1),
        ("LONDON, 5 June (Press) - The Ardent Fund pays.", 2),
        ("An old-fashioned Fund - it pays.", 0),
    ],
)
def test_details_are_names_and_words_with_digits(body: str, number: int) -> None:
    assert _number(body) == number


NOTICE = text("notice", 62).replace("\n", " ")


def test_notices_of_one_form_that_differ_in_a_figure_are_hardly_ever_near() -> None:
    """The similarity is an estimate, so this is a rate: at most 1 of 100 pairs."""
    random = Random(7)
    near = 0
    for _ in range(1000):
        words = NOTICE.split()[: random.randint(24, 62)]
        place = random.randrange(len(words))
        one, other = random.sample(range(10_000), 2)
        bodies = [
            " ".join([*words[:place], str(figure), *words[place + 1 :]]) for figure in (one, other)
        ]
        near += is_near(_read(bodies[1]).similarity_to(_read(bodies[0])), PARAMETERS)
    assert near <= 10


@given(st.integers(0, 9999), st.integers(24, 62))
def test_notices_with_the_same_figure_are_equal(figure: int, length: int) -> None:
    body = " ".join([*NOTICE.split()[: length - 1], str(figure)])
    assert _read(body).similarity_to(_read(body)).jaccard == 1


def test_notices_that_differ_in_a_word_are_near_still() -> None:
    words = NOTICE.split()
    pair = _read(" ".join([*words[:30], "another", *words[31:]])).similarity_to(_read(NOTICE))
    assert 0.8 < pair.jaccard < 0.95


def test_details_that_are_equal_change_no_estimate() -> None:
    figures = " ".join(f"{word} {number}" for number, word in enumerate(NOTICE.split()[:24]))
    changed = figures.replace(figures.split()[0], "another", 1)
    assert _read(figures).similarity_to(_read(changed)).jaccard > 0.9


@pytest.mark.parametrize("size", [FULL_WEIGHT_SHINGLES + 12, WEIGHED_SHINGLES, 300])
def test_the_weight_falls_with_the_size_of_the_text(size: int) -> None:
    words = text("long notice", size + 4).replace("\n", " ").split()
    bodies = [" ".join([*words[:20], figure, *words[21:]]) for figure in ("17", "18")]
    jaccard = _read(bodies[0]).similarity_to(_read(bodies[1])).jaccard
    plain = (size - 5) / (size + 5)
    if size < WEIGHED_SHINGLES:
        assert 0.7 < jaccard < plain - 0.05
    else:
        assert jaccard == pytest.approx(plain, abs=0.03)


FORMS = {
    "zh": "{}公司公告，本年度权益分派方案为每十股派发现金红利{}元，股权登记日为{}月{}日，红利将于次日直接划入股东账户，"
    "不送红股，不以公积金转增股本，详情请参阅公司在指定媒体披露的公告全文，投资者如有疑问可于工作时间致电董事会办公室",
    "ja": "株式会社{}は今期の純利益が{}億円になる見込みだと発表した。決算の発表は{}月{}日の取引終了後に行う予定で、"
    "配当については前期の水準を維持する方針だという。会社側は為替の動向を見極めたいとしており業績予想を据え置いた。",
    "th": "บริษัท{}ประกาศจ่ายเงินปันผลหุ้นละ{}บาท วันที่{}เดือนหน้า กำหนดรายชื่อผู้ถือหุ้น{}วัน ก่อนวันประชุม "
    "ผู้ถือหุ้นสามารถติดต่อสำนักงานใหญ่ได้ทุกวัน",
}
"""Notices of 100 to 150 characters in scripts without spaces."""


@pytest.mark.parametrize("language", list(FORMS))
def test_notices_of_one_form_without_spaces_are_hardly_ever_near(language: str) -> None:
    """At most 1 of 20 pairs with three other figures is near, and each is its own copy."""
    chance = Random(11)
    near = 0
    for _ in range(200):
        bodies = [
            FORMS[language].format("X", *(chance.randint(1, 997) for _ in range(3)))
            for _ in range(2)
        ]
        near += is_near(_read(bodies[1]).similarity_to(_read(bodies[0])), PARAMETERS)
        assert _read(bodies[0]).similarity_to(_read(f"\n{bodies[0]} ")).jaccard == 1
    assert near <= 10


@given(st.integers(0, 9999))
def test_a_copy_of_a_chinese_notice_with_a_head_and_a_foot_is_near(figure: int) -> None:
    body = FORMS["zh"].format("江南", figure, 6, 12)
    copy = f"本报讯（记者李明）{body}（责任编辑王芳）"
    assert is_near(_read(copy).similarity_to(_read(body)), PARAMETERS)


@pytest.mark.parametrize(
    "body", ["a" * 1_000_000, "1" * 1_000_000, "A " + " " * 1_000_000, " " * 1_000_000]
)
@pytest.mark.timeout(60)
def test_details_of_a_long_text_take_linear_time(body: str) -> None:
    """A pass that is quadratic in a million characters takes hours, and ends at the limit."""
    assert len(details(body)) <= 1
