# ruff: noqa: RUF001 (text of other scripts)

from pathlib import Path

import pytest
from hypothesis import given

from core_texts import texts
from fanmill.core.document import Document
from fanmill.core.plugin import PluginError
from fanmill.core.taggers.topic_model import InvalidModel, dump, evaluate, load, train
from fanmill.core.taggers.topic_terms import LANGUAGES, STEM, TOPICS, terms_hash, terms_of
from fanmill.core.taggers.topics import MAX_TOPICS, MIN_PROBABILITY, find_topics
from fanmill.core.tagging.document_view import DocumentView
from fanmill.taggers.topic_file import topic_model_tagger

SHORT = {
    "sport": "The striker scored twice before half-time and the goalkeeper saved a penalty.",
    "weather": "Heavy rain and wind tonight; snow showers and frost follow, said the forecaster.",
    "religion": "The bishop said a prayer in the cathedral before priests of the parish church.",
    "education": "Pupils and teachers welcomed the new curriculum for every school classroom.",
    "health": "Doctors at the hospital said the vaccine protects patients from the virus.",
    "economy, business and finance": "Shares fell as investors sold stock after weak profit.",
    "crime, law and justice": "The court sentenced the robber to prison after the jury's verdict.",
    "conflict, war and peace": "Rebel troops and soldiers broke the ceasefire with missile fire.",
}
CHINESE = {
    "sport": "昨晚的比赛中，主教练派上年轻球员，球队凭借前锋的进球夺冠。",
    "weather": "中央气象台发布暴雨预警，明天气温下降，局部有冰雹和大风。",
    "education": "高考今日开始，考生走进考场，教师和校长在学校门口送考。",
    "economy, business and finance": "股市今日下跌，投资者抛售股票，银行利率上调。",
}
GERMAN = {
    "sport": "Der Torhüter hielt am Ende einen Elfmeter, der Trainer lobte die Mannschaft.",
    "politics and government": "Im Parlament stimmten Abgeordnete der Koalition gegen das Gesetz.",
    "health": "Die Klinik impft Patienten gegen Masern, sagte die Ärztin.",
}
FRENCH = {
    "sport": "Le gardien arrête un penalty en finale, l'entraîneur félicite ses joueurs.",
    "health": "Les médecins de l'hôpital vaccinent les patients contre la rougeole.",
}
SPANISH = {
    "politics and government": "Los diputados de la oposición votaron contra la reforma.",
    "science and technology": "Los astrónomos midieron con el telescopio la órbita de un planeta.",
}
RUSSIAN = {
    "sport": "Вратарь отбил пенальти, и команда выиграла финал турнира.",
    "economy, business and finance": "Банк повысил ставку, акции упали, инвесторы ждут.",
}


FOREIGN = {
    "en": "The envoy said in Tehran that the embargo would be lifted. Dissidents in exile spoke "
    "of an accord with the regime before the summit.",
    "zh": "两国外长举行会谈，就边界问题达成共识，总理将于下月访问，双方反对制裁。",
    "de": "Der Außenminister flog nach Ankara, um über Sanktionen zu verhandeln. Diplomaten hoffen "
    "auf einen Gipfel.",
    "fr": "L'ambassadeur a quitté Moscou après les sanctions, et les négociations avec le "
    "gouvernement sont rompues.",
    "es": "El canciller pidió levantar las sanciones contra el régimen antes de la cumbre.",
    "ru": "Посол покинул саммит после переговоров о санкциях, сообщили дипломаты.",
}
"""Politics without parliaments, elections and parties."""


@pytest.mark.parametrize("language", sorted(FOREIGN))
def test_politics_is_more_than_its_institutions(language: str) -> None:
    view = DocumentView(Document("d", FOREIGN[language], language=language))
    assert find_topics(view)[0].topic.name == "politics and government"


def test_a_text_on_two_subjects_may_have_both() -> None:
    text = "The striker and the goalkeeper were sued. The jury heard the defendants of the league."
    found = find_topics(doc(text))
    assert {each.topic.name for each in found} == {"sport", "crime, law and justice"}
    assert found[0].probability >= found[1].probability >= MIN_PROBABILITY


def doc(text: str, title: str | None = None) -> DocumentView:
    return DocumentView(Document("d", text, title=title))


def test_there_are_seventeen_topics_with_ids_of_their_own() -> None:
    assert len({topic.medtop for topic in TOPICS}) == len(TOPICS) == 17
    assert all(len(topic.medtop) == 8 and topic.medtop.endswith("000000") for topic in TOPICS)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *SHORT.items(),
        *CHINESE.items(),
        *GERMAN.items(),
        *FRENCH.items(),
        *SPANISH.items(),
        *RUSSIAN.items(),
    ],
)
def test_a_text_has_its_topic_and_the_terms_that_say_so(name: str, text: str) -> None:
    found = find_topics(doc(text))
    assert found[0].topic.name == name
    assert found[0].terms
    assert all(
        text[start:end].casefold().startswith(found[0].terms) for start, end in found[0].spans
    )


def test_evidence_is_whole_words() -> None:
    text = "The award ceremony: war, soldiers, a missile, troops and an airstrike."
    (found, *_) = find_topics(doc(text))
    assert "war" in found.terms
    assert "war" in {text[start:end] for start, end in found.spans}
    assert min(found.spans)[0] == text.index("war,")
    german = "Beim Sommerfest: Fußballspieler, ein Torhüter und viele Trainerinnen."
    (found, *_) = find_topics(doc(german))
    assert {"Fußballspieler", "Torhüter", "Trainerinnen"} == {
        german[start:end] for start, end in found.spans
    }


def test_words_behind_elided_articles_are_found() -> None:
    french = "L'entraîneur et l'attaquant parlent d'une victoire: qu'elle compte en championnat."
    (found, *_) = find_topics(doc(french))
    assert found.topic.name == "sport"
    assert "entraîneur" in {french[start:end] for start, end in found.spans}


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_are_written_as_they_are_looked_for(language: str) -> None:
    terms = terms_of(language)
    assert {term.topic for term in terms} == set(range(17))
    for term in terms:
        assert term.text == term.text.strip(STEM) + STEM * term.text.endswith(STEM)
        assert language == "zh" or term.text == term.text.casefold()
        # The tagger looks up single words, so it would never find longer terms.
        assert " " not in term.text


def test_lists_have_a_name_for_what_they_hold() -> None:
    assert len(terms_hash()) == 12
    assert terms_of("xx") == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It was there and then it was not.",
        "O goleiro defendeu o pênalti ontem.",
        "win",
        "12 34",
    ],
)
def test_nothing_is_said_when_nothing_is_sure(text: str) -> None:
    assert find_topics(doc(text)) == ()


@given(texts)
def test_topics_are_few_sure_and_fall_in_probability(text: str) -> None:
    found = find_topics(doc(text))
    assert len(found) <= MAX_TOPICS
    chances = [each.probability for each in found]
    assert chances == sorted(chances, reverse=True)
    assert all(MIN_PROBABILITY <= chance < 1 for chance in chances)


EXAMPLES = [
    (doc(f"{word} {text} {number}"), name)
    for number, word in enumerate(("well", "today", "again", "so", "now", "then"))
    for name, text in SHORT.items()
]


def test_a_model_learns_survives_its_file_and_is_the_same_each_time(tmp_path: Path) -> None:
    model = train(EXAMPLES)
    assert model.report["accuracy"] == 1.0
    assert model.report["labels"]["sport"] == {"precision": 1.0, "recall": 1.0, "documents": 6}
    loaded = load(dump(model))
    assert loaded.version == model.version == train(EXAMPLES).version
    unseen = doc("A goalkeeper saved the penalty of the striker.")
    assert loaded.predict(unseen) == model.predict(unseen)
    assert sum(chance for _, chance in loaded.predict(unseen)) == pytest.approx(1.0, abs=1e-3)
    assert evaluate(loaded, EXAMPLES)["accuracy"] == 1.0
    assert evaluate(loaded, [(unseen, "no such label")])["accuracy"] == 0.0
    path = tmp_path / "topics.model"
    path.write_bytes(dump(model))
    (tag,) = topic_model_tagger(path)(unseen)
    assert (tag.namespace, tag.value, tag.score_kind) == ("topic", "sport", "probability")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda content: b"x" + content, "does not begin with"),
        (lambda content: content.replace(b"topics 1", b"topics 2", 1), "does not begin with"),
        (lambda content: content[:-1], "another length"),
        (lambda content: content[:-1] + bytes([content[-1] ^ 1]), "other numbers"),
        (lambda content: content.replace(b'"labels"', b'"lebals"', 1), "cannot be read"),
        (lambda _: b"fanmill topics 1\n", "cannot be read"),
    ],
)
def test_a_spoilt_model_is_refused(spoil, message: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    content = spoil(dump(train(EXAMPLES)))
    with pytest.raises(InvalidModel, match=message):
        load(content)
    path = tmp_path / "topics.model"
    path.write_bytes(content)
    with pytest.raises(PluginError, match=r"topics\.model .*FANMILL_TOPIC_MODEL_FILE"):
        topic_model_tagger(path)


def test_one_label_is_nothing_to_learn() -> None:
    with pytest.raises(InvalidModel, match="1 labels"):
        train([(doc("a"), "x")] * 10)
