import pytest

from core_texts import PARAGRAPHS
from fanmill.core.document import Document
from fanmill.core.stages import summarize_document, tag_document


@pytest.mark.parametrize("text", ["", *PARAGRAPHS.values()])
def test_stages_fill_the_members_of_the_record(text: str) -> None:
    document = Document("d", text)
    assert set(summarize_document(document)) == {"statistics", "summary"}
    assert set(tag_document(document)) == {"tagging"}
