from dataclasses import replace

import pytest
from hypothesis import given

from core_texts import PARAGRAPHS, texts
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


@given(texts)
def test_a_stage_that_reuses_the_views_of_another_answers_as_if_alone(text: str) -> None:
    summarize, tag = Summarizer(), tagging_by(Taggers(BUILTIN))
    fresh = Document("d", text)
    alone = summarize(replace(fresh)), tag(replace(fresh))
    shared = Document("d", text)
    assert (summarize(shared), tag(shared)) == alone
    assert shared.views
    assert shared == fresh
    other_way = Document("d", text)
    tagged = tag(other_way)
    assert (summarize(other_way), tagged) == alone


def test_a_document_with_another_text_reuses_no_views() -> None:
    document = Document("d", PARAGRAPHS["de"])
    Summarizer()(document)
    changed = replace(document, text=PARAGRAPHS["ru"])
    assert changed.views == {}
    tagged = tagging_by(Taggers(BUILTIN))(changed)
    assert tagged.tagging is not None
    assert tagged.tagging.language == "ru"
