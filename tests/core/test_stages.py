import pytest

from core_texts import PARAGRAPHS
from fanmill.core.document import Document
from fanmill.core.stages import Summarizer, tagging_by
from fanmill.core.taggers.builtin import BUILTIN
from fanmill.core.tagging.runner import Taggers


@pytest.mark.parametrize("text", ["", *PARAGRAPHS.values()])
def test_stages_fill_the_members_of_the_record(text: str) -> None:
    document = Document("d", text)
    summarized = Summarizer()(document)
    assert summarized.statistics is not None
    assert summarized.summary is not None
    assert summarized.tagging is None
    assert summarized.problems == ()
    tagged = tagging_by(Taggers(BUILTIN))(document)
    assert tagged.tagging is not None
    assert tagged.statistics is None
    assert tagged.problems == ()
