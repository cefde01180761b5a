# ruff: noqa: ISC004 (texts that are longer than a line)

import pytest
from hypothesis import given

from core_texts import PARAGRAPHS, texts
from fanmill.core.document import Document
from fanmill.core.taggers.text_quality import findings
from fanmill.core.tagging.document_view import DocumentView

PROSE = (
    "The harbour bridge reopened on Friday after eleven weeks of repair. Drivers had waited since "
    "May for the two middle spans to be lifted and for their bearings to be replaced by new ones. "
    "The works cost more than was planned, for the river stood high in June and cranes stood idle."
)
CODE = """
def mean(values):
    total = 0
    for value in values:
        total += value
    return total / len(values)

class Stack:
    def __init__(self):
        self._items = []

    def push(self, item):
        self._items.append(item)

    def pop(self):
        return self._items.pop()
"""


def kinds(text: str, **fields: str) -> set[str]:
    return {found.value for found in findings(DocumentView(Document("d", text, **fields)))}  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "Short note.", PROSE, *PARAGRAPHS.values()])
def test_prose_and_short_texts_are_not_remarkable(text: str) -> None:
    assert kinds(text) == set()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (CODE, "code"),
        (
            "\n".join(f"- item number {number} of the long list" for number in range(12)),
            "list-like",
        ),
        (f"{PROSE}\n" * 6, "repetitive"),
        ("the old grey goose is dead " * 40, "repetitive"),
        (
            "Home. About us. Contact us. Sign in. Subscribe to our newsletter. We use a cookie to "
            "give you more of what you like, see our privacy policy and terms of use. Sitemap. "
            "All rights reserved by the owner of this page and of all the other pages.",
            "boilerplate-like",
        ),
        (
            "Buy now and act now! Limited time free trial, risk free, money back. Click here to "
            "earn extra from home, you and your friends will be glad that you did it today, so do "
            "not wait any longer and order now.",
            "spam",
        ),
    ],
)
def test_other_kinds_of_text_are_told_with_a_reason(text: str, kind: str) -> None:
    assert kind in kinds(text)
    assert all(found.reason for found in findings(DocumentView(Document("d", text))))


def test_a_long_text_may_speak_of_such_things() -> None:
    assert kinds(f"{PROSE} A banner said: click here, buy now, free trial. " + PROSE * 40) <= {
        "repetitive"
    }


def test_a_declared_language_that_is_wrong_is_told() -> None:
    assert kinds(PROSE, language="de") == {"language-mismatch"}
    assert kinds(PROSE, language="en-GB") == set()


@given(texts)
def test_scores_are_in_range(text: str) -> None:
    assert all(0.0 <= found.score <= 1.0 for found in findings(DocumentView(Document("d", text))))
