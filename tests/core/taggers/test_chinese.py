# ruff: noqa: RUF001 (Chinese punctuation)

import pytest

from fanmill.core.document import Document
from fanmill.core.plugin import PluginError
from fanmill.core.taggers import chinese
from fanmill.core.taggers.builtin import keyphrase
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.tagging.runner import Taggers

TEXT = (
    "支持向量机是一种常用的文本分类方法。本文把支持向量机用于中文文本分类，\n"
    "并比较了不同核函数对分类精度的影响。结果表明，支持向量机的精度较高。"
)


def test_texts_in_other_languages_are_left_alone():
    doc = DocumentView(Document("d", "The harbour bridge reopened after its long repair."))
    assert chinese.in_words_of(list, doc) is doc


def test_without_the_extra_nothing_changes():
    doc = DocumentView(Document("d", TEXT))
    assert chinese.in_words_of(None, doc) is doc


def test_with_another_cut_the_words_are_others():
    doc = DocumentView(Document("d", TEXT))
    words = chinese.in_words_of(list, doc)
    assert words.tokens == list(doc.layout.prose)
    assert doc.tokens != words.tokens


class TestWithTheExtra:
    @pytest.fixture(autouse=True)
    def installed(self):
        pytest.importorskip("rjieba", reason="the extra chinese is not installed")

    @pytest.mark.parametrize(
        "text", [TEXT, TEXT + "\ud83d 🙂  a  b\r\n", TEXT * 2 + "Hello, world"]
    )
    def test_its_words_join_to_the_prose(self, text):
        doc = DocumentView(Document("d", text))
        words = chinese.in_words_of(chinese.jieba(), doc)
        assert words is not doc
        assert list(map(len, ["".join(words.tokens)])) == [len(doc.layout.prose)]

    def test_keyphrases_stand_where_they_say(self):
        doc = DocumentView(Document("d", TEXT))
        tags = keyphrase(doc, keyphrase.config(chinese="jieba"))
        assert tags
        for tag in tags:
            ((start, end),) = tag.spans
            assert TEXT[start:end] == tag.value

    def test_the_producer_names_its_dictionary(self):
        assert len(keyphrase.model_hash(keyphrase.config(chinese="jieba"))) == 12
        assert keyphrase.model_hash(keyphrase.config()) is None

    def test_its_words_are_others_than_those_of_icu(self):
        doc = DocumentView(Document("d", TEXT))
        assert chinese.in_words_of(chinese.jieba(), doc).tokens != doc.tokens


def test_asking_for_what_is_not_installed_is_an_error():
    if chinese.jieba() is None:
        with pytest.raises(PluginError, match=r"pip install 'fanmill\[chinese\]'"):
            Taggers([keyphrase], {"keyphrase": {"chinese": "jieba"}})
    with pytest.raises(PluginError, match="chinese"):
        Taggers([keyphrase], {"keyphrase": {"chinese": "other"}})
