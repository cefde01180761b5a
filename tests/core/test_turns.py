from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_texts import PARAGRAPHS
from fanmill.core.document import Document
from fanmill.core.record_members import RecordMembers
from fanmill.core.stages import Summarizer, tagging_by
from fanmill.core.taggers.builtin import BUILTIN
from fanmill.core.tagging.runner import Taggers
from fanmill.core.turns import GROUP, GROUP_CHARACTERS, ByGroup, groups, in_turns


@given(st.lists(st.integers(0, 3 * GROUP_CHARACTERS // 2), max_size=60))
def test_groups_hold_each_document_once_in_order_and_are_small(sizes: list[int]) -> None:
    documents = [Document(str(at), "x" * size) for at, size in enumerate(sizes)]
    found = list(groups(documents))
    assert [each for group in found for each in group] == documents
    for group in found:
        assert 1 <= len(group) <= GROUP
        assert len(group) == 1 or sum(len(each.text) for each in group) <= GROUP_CHARACTERS


@pytest.mark.parametrize("function", [Summarizer(), tagging_by(Taggers(BUILTIN))])
def test_a_group_gives_what_each_of_its_documents_gives_alone(function: ByGroup) -> None:
    texts = ["", "One line.", *PARAGRAPHS.values()]
    alone = [function(Document("d", text)) for text in texts]
    assert function.of_group([Document("d", text) for text in texts]) == alone


def test_a_document_that_raises_harms_itself_alone_and_gets_no_further_acts() -> None:
    seen: list[tuple[str, str]] = []

    def act(name: str) -> Any:
        def noted(state: list[str]) -> None:
            seen.append((name, state[0]))
            if (name, state[0]) == ("first", "bad"):
                raise ValueError("no such act")

        return noted

    found = in_turns(
        [Document("good", ""), Document("bad", ""), Document("late", "")],
        lambda document: [document.document_id],
        (act("first"), act("second")),
        lambda state: RecordMembers(text_sha256=state[0]),
    )
    assert seen == [
        *(("first", name) for name in ("good", "bad", "late")),
        *(("second", name) for name in ("good", "late")),
    ]
    good, bad, late = found
    assert isinstance(good, RecordMembers)
    assert isinstance(late, RecordMembers)
    assert (good.text_sha256, late.text_sha256) == ("good", "late")
    assert isinstance(bad, ValueError)
