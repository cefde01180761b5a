from collections.abc import Iterator
from itertools import chain

import pytest
from hypothesis import given
from pydantic import BaseModel

from core_texts import PARAGRAPHS, texts
from fanmill.core.document import Document
from fanmill.core.plugin import Overrun, PluginError
from fanmill.core.stages import tagging_by
from fanmill.core.taggers.builtin import BUILTIN
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.tagging.runner import Taggers, in_order
from fanmill.core.tagging.tag import Tag
from fanmill.core.tagging.tagger import Tagger, tagger
from fanmill_contracts.tagging import Tagging


def doc(text: str) -> DocumentView:
    return DocumentView(Document("d", text))


def named(name: str, *needs: str) -> Tagger:
    @tagger(name, "1", needs=needs)
    def one(_: DocumentView) -> list[Tag]:
        return [Tag("test", name)]

    return one


def tagging_of(text: str) -> Tagging:
    tagging = tagging_by(Taggers(BUILTIN))(Document("d", text)).tagging
    assert isinstance(tagging, Tagging)
    return tagging


def test_tags_name_the_language_and_who_said_so() -> None:
    tagging = tagging_of(PARAGRAPHS["en"])
    (language,) = tagging.tags["language"]
    assert (language.value, language.score) == (tagging.language, tagging.language_confidence)
    assert language.score_kind == "probability"
    producer = tagging.producer_of(language)
    assert producer.name == "language"
    assert producer.library is not None
    assert producer.config_hash is None


def test_a_text_without_letters_has_no_tags() -> None:
    assert tagging_of("12 34 !") == Tagging(language="und", language_confidence=0.0)


@given(texts)
def test_tags_are_ordered_by_namespace_and_then_by_falling_score(text: str) -> None:
    tags = tagging_of(text).tags
    assert list(tags) == sorted(tags)
    for found in tags.values():
        assert list(found) == sorted(found, key=lambda tag: -tag.score)


@given(texts)
def test_no_builtin_tagger_fails_and_spans_lie_in_the_text(text: str) -> None:
    tagged = Taggers(BUILTIN).tag(doc(text))
    assert tagged.problems == ()
    for found in chain.from_iterable(tagged.tagging.tags.values()):
        assert tagged.tagging.producer_of(found)
        assert all(0 <= span.start < span.end <= len(text) for span in found.spans)


@given(texts.filter(lambda text: text.isprintable()))
def test_a_tagging_survives_json(text: str) -> None:
    tagging = tagging_of(text)
    written = tagging.model_dump_json(exclude_defaults=True)
    again = Tagging.model_validate_json(written)
    assert again.model_dump_json(exclude_defaults=True) == written
    assert list(again.tags) == list(tagging.tags)
    assert again.language_confidence == pytest.approx(tagging.language_confidence, abs=0.0005)


def test_a_tagger_that_raises_stands_among_the_problems_and_all_else_stands() -> None:
    @tagger("broken", "1")
    def broken(_: DocumentView) -> list[Tag]:
        raise LookupError("no such shelf")

    tagged = Taggers([broken, *BUILTIN]).tag(doc(PARAGRAPHS["en"]))
    assert [(each.producer, each.error) for each in tagged.problems] == [
        ("broken", "LookupError: no such shelf")
    ]
    assert tagged.tagging == tagging_of(PARAGRAPHS["en"])


def test_an_overrun_passes_a_tagger_that_catches_everything() -> None:
    @tagger("deaf", "1")
    def deaf(_: DocumentView) -> list[Tag]:
        try:
            raise Overrun("took longer than 1 s")  # noqa: TRY301
        except Exception:  # noqa: BLE001
            return [Tag("test", "caught")]

    tagged = Taggers([deaf]).tag(doc("x"))
    assert [each.error for each in tagged.problems] == ["took longer than 1 s"]
    assert tagged.tagging.tags == {}


def test_who_needs_a_tagger_that_failed_is_not_run() -> None:
    @tagger("broken", "1")
    def broken(_: DocumentView) -> list[Tag]:
        raise LookupError

    tagged = Taggers([named("needy", "broken"), broken, named("free")]).tag(doc("x"))
    assert [each.producer for each in tagged.problems] == ["broken", "needy"]
    assert [each.value for each in tagged.tagging.tags["test"]] == ["free"]


def test_taggers_run_behind_those_they_need_and_see_their_tags() -> None:
    @tagger("second", "1", needs=["first"])
    def second(document: DocumentView) -> Iterator[Tag]:
        yield Tag("test", f"after {document.tags_of('first')[0].value}")

    tagged = Taggers([second, named("first")]).tag(doc("x"))
    assert {each.value for each in tagged.tagging.tags["test"]} == {"first", "after first"}


@pytest.mark.parametrize(
    ("taggers", "message"),
    [
        ([named("a"), named("a")], "two taggers are named 'a'"),
        ([named("a", "b")], "'a' needs 'b'; known: a"),
        ([named("a", "b"), named("b", "a")], "in a circle: a, b"),
    ],
)
def test_taggers_that_do_not_fit_together_are_refused(taggers: list[Tagger], message: str) -> None:
    with pytest.raises(PluginError, match=message):
        in_order(taggers)


@pytest.mark.parametrize(
    "tag",
    [
        Tag("Upper", "x"),
        Tag("a b", "x"),
        Tag("test", ""),
        Tag("test", "x" * 501),
        Tag("test", "x", 1.1),
        Tag("test", "x", float("nan")),
        Tag("test", "x", spans=((0, 4),)),
        Tag("test", "x", spans=((2, 2),)),
        Tag("test", "x", score_kind="guess"),  # type: ignore[arg-type]
    ],
)
def test_a_tag_that_the_contract_does_not_know_is_refused(tag: Tag) -> None:
    @tagger("wrong", "1")
    def wrong(_: DocumentView) -> list[Tag]:
        return [tag]

    with pytest.raises(PluginError, match="tagger 'wrong' gave"):
        wrong(doc("abc"))


class Config(BaseModel):
    word: str = "x"


@tagger("configured", "1", languages=["de"])
def configured(_: DocumentView, cfg: Config) -> list[Tag]:
    return [Tag("test", cfg.word)]


def test_a_configuration_comes_from_its_model_and_its_hash_tells_it_apart() -> None:
    german = doc(PARAGRAPHS["de"])
    hashes = []
    for word in ("x", "y", "z"):
        tagging = Taggers([configured], {"configured": {"word": word}}).tag(german).tagging
        (tag,) = tagging.tags["test"]
        assert tag.value == word
        hashes.append(tagging.producer_of(tag).config_hash)
    assert hashes[0] is None
    assert len(set(hashes)) == 3


def test_a_tagger_is_run_on_its_languages_alone() -> None:
    assert Taggers([configured]).tag(doc(PARAGRAPHS["fr"])).tagging.tags == {}


@pytest.mark.parametrize("configs", [{"configured": {"word": 3}}, {"other": {}}])
def test_a_wrong_configuration_is_refused(configs: dict[str, dict[str, object]]) -> None:
    with pytest.raises(PluginError, match=r"configur"):
        Taggers([configured], configs)


def test_a_name_or_a_signature_that_cannot_be_is_refused() -> None:
    with pytest.raises(PluginError, match="expected lower case"):
        tagger("Big Name", "1")
    with pytest.raises(PluginError, match="without a Pydantic model"):

        @tagger("untyped", "1")
        def untyped(_, cfg):  # type: ignore[no-untyped-def]  # noqa: ANN202
            return []
