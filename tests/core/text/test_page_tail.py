"""Ends of articles on pages, and pages without an article."""

import pytest

from core_texts import analysed
from fanmill.core.summary.extractive import lead
from fanmill.core.text.notices import is_notice
from fanmill.core.text.page_labels import label_of, labels

ARTICLE = [
    "The council of the island voted on Friday to lengthen the pier by forty metres this year.",
    "Larger boats will be able to land there at low tide, which the fishermen had asked for.",
    "The work begins in April, and the ferry will use the northern jetty until then every day.",
]
REMARK = "We waited for this since my grandfather had his boat, and now they build it at last."
ELSEWHERE = "A storm blew the roof off the old mill on the cliff, and the miller slept in his cart."


def body_of(lines: list[str]) -> str:
    text = "\n\n".join(lines)
    return "\n".join(text[start:end] for start, end in analysed(text).body)


@pytest.mark.parametrize(
    "heading",
    ["Comments (2)", "3 Kommentare", "Commentaires", "Комментарии", "评论", "コメント", "댓글 12"],
)
def test_an_article_ends_before_the_comments(heading: str) -> None:
    found = body_of([*ARTICLE, heading, "anna", REMARK, "ben", REMARK])
    assert all(each in found for each in ARTICLE)
    assert REMARK not in found


def test_comments_longer_than_the_article_do_not_take_its_place() -> None:
    found = body_of(
        [*ARTICLE, "Comments", *(f"{REMARK} {number} " * 3 + "." for number in range(20))]
    )
    assert found.startswith(ARTICLE[0])
    assert REMARK not in found


def test_a_link_to_the_comments_above_the_article_ends_nothing() -> None:
    found = body_of(["A longer pier", "Comments (2)", *ARTICLE])
    assert all(each in found for each in ARTICLE)


@pytest.mark.parametrize("heading", ["Most read", "Das könnte Sie auch interessieren", "猜你喜欢"])
def test_an_article_ends_before_other_articles(heading: str) -> None:
    found = body_of([*ARTICLE, heading, ELSEWHERE])
    assert ARTICLE[-1] in found
    assert ELSEWHERE not in found


def test_a_box_of_links_inside_an_article_does_not_end_it() -> None:
    found = body_of([*ARTICLE[:2], "Related stories", "Roof of the old mill blown off", ARTICLE[2]])
    assert all(each in found for each in ARTICLE)


@pytest.mark.parametrize(
    "biography",
    [
        "Mara Holm is a freelance reporter for the island press. She lives on the quay.",
        "Jonas Berg covers harbours and the sea.",
        "Lena Vogt ist Redakteurin im Ressort Küste. Sie mag Schiffe.",
        "Luc Morel est journaliste au service des ports.",
    ],
)
def test_the_biography_of_the_author_is_outside_the_body(biography: str) -> None:
    assert biography not in body_of([*ARTICLE, biography])


@pytest.mark.parametrize(
    "lines",
    [
        ["Home", "News", "Sport", "Log in"],
        ["Startseite", "Nachrichten", "Anmelden", "Seite nicht gefunden"],
        ["首页", "新闻", "登录"],
        ["We use cookies to see how you use our site.", "Accept all", "Settings"],
        ["Please enable JavaScript in your browser.", "Contact us"],
    ],
)
def test_a_page_of_menus_and_notices_has_no_body_and_no_summary(lines: list[str]) -> None:
    analysis = analysed("\n".join(lines))
    assert analysis.body == ()
    assert lead(analysis).sentences == ()
    assert len(analysis.furniture) == len(lines)


@pytest.mark.parametrize(
    "text", ["Home", "Salt\nBread\nMore", "News from the pier\nSport on the quay"]
)
def test_short_texts_that_are_no_menus_have_a_body(text: str) -> None:
    assert analysed(text).body == ((0, len(text)),)


@pytest.mark.parametrize(
    "line",
    [
        "The commission of inquiry met in the old customs house on Tuesday.",
        "Er erstattete Anzeige bei der Polizei, weil sein Boot fehlte.",
        "A publicidade na televisão custa mais do que no ano passado.",
        "تم الإعلان عن الخطة الجديدة في الميناء يوم الاثنين.",
        "Bà chia sẻ rằng con tàu đã rời bến từ sáng sớm.",
        "Reklamy jest coraz więcej, a reklama w prasie drożeje.",
        "Parken ligger på øya, og en annonse i avisa ga svar.",
    ],
)
def test_words_that_notices_share_with_prose_make_no_notice(line: str) -> None:
    assert not is_notice(line)


def test_labels_have_the_form_of_lines_and_no_sentence_is_one() -> None:
    for kind in ("navigation", "comments", "related", "boxes"):
        assert all(label and label == label_of(label) for label in labels(kind))
    assert label_of("The pier " * 20) == ""


def test_a_link_to_the_comments_behind_scattered_teasers_does_not_end_a_page() -> None:
    line = (
        "The ferry to the northern island sails again after the storm, as the harbour master said"
    )
    teasers = [f"{line} on day {n}.\n" + "\n".join(["Harbour"] * 8) for n in range(3)]
    article = [f"{line} to passenger number {n}." for n in range(8)]
    text = "\n".join(["Home", "News", *teasers, "Comments", *article])
    assert analysed(text).body[-1][1] == len(text)
    assert text.index(article[0]) == analysed(text).body[0][0]
