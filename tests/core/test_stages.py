import pytest

from core_texts import PARAGRAPHS
from fanmill.core.document import Document
from fanmill.core.stages import Summarizer, tagging_by
from fanmill.core.taggers.builtin import BUILTIN
from fanmill.core.tagging.runner import Taggers


@pytest.mark.parametrize("text", ["", *PARAGRAPHS.values()])
def test_stages_fill_the_members_of_the_record(text: str) -> None:
    document = Document("d", text)
    assert set(Summarizer()(document)) == {"statistics", "summary"}
    assert set(tagging_by(Taggers(BUILTIN))(document)) == {"tagging"}
