from hypothesis import given

from fanmill.core.tagging import tag
from fanmill_contracts.results import Tagging

from .texts import PARAGRAPHS, analysed, texts


def test_tags_name_the_language_and_who_said_so() -> None:
    tagging = tag(analysed(PARAGRAPHS["en"]))
    (language,) = (found for found in tagging.tags if found.namespace == "language")
    assert (language.value, language.score) == (tagging.language, tagging.language_confidence)
    assert language.score_kind == "probability"
    assert language.producer.library is not None


def test_a_text_without_letters_has_no_tags() -> None:
    assert tag(analysed("12 34 !")) == Tagging(language="und", language_confidence=0.0)


@given(texts)
def test_tags_are_ordered_by_namespace_and_then_by_falling_score(text: str) -> None:
    tags = tag(analysed(text)).tags
    assert list(tags) == sorted(tags, key=lambda found: (found.namespace, -found.score))


@given(texts.filter(lambda text: text.isprintable()))
def test_a_tagging_survives_json(text: str) -> None:
    tagging = tag(analysed(text))
    assert Tagging.model_validate_json(tagging.model_dump_json()) == tagging
