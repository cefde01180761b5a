"""Sentences around quotation marks, brackets and places in many languages."""

# ruff: noqa: RUF001 (marks that look like ASCII ones belong to the texts)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.core.text.abbreviations import abbreviations, languages
from fanmill.core.text.sentences import sentence_spans

SPEECHES = [
    ("ar", "«من هناك؟»", "همس الحارس.", "لم يجب أحد."),
    ("bn", "“কে ওখানে?”", "পাহারাদার জিজ্ঞেস করল।", "সবাই চুপ ছিল।"),
    ("el", "«Ποιος είναι;»", "ρώτησε ο φύλακας.", "Κανείς δεν μίλησε."),
    ("fa", "«کی آنجاست؟»", "نگهبان پرسید.", "کسی جواب نداد."),
    ("gu", "“કોણ છે?”", "ચોકીદારે પૂછ્યું.", "બધા ચૂપ હતા."),
    ("he", '"מי שם?"', "השומר שאל.", "איש לא דיבר."),
    ("hi", "“दरवाज़े पर कौन है?”", "बूढ़े चौकीदार ने पूछा।", "सब चुप थे।"),
    ("ja", "「そこにいるのは誰だ？」", "門番は尋ねた。", "誰もいなかった。"),
    ("ja", "「もう閉める。」", "門番が低い声で言った。", "夜だった。"),
    ("ka", "„ვინ არის?“", "ჰკითხა მცველმა.", "სიჩუმე იყო."),
    ("kn", "“ಯಾರು ಅಲ್ಲಿ?”", "ಕಾವಲುಗಾರ ಕೇಳಿದ.", "ಎಲ್ಲರೂ ಸುಮ್ಮನಿದ್ದರು."),
    ("ko", "“거기 누구요?”", "문지기가 물었다.", "아무도 없었다."),
    ("ml", "“ആരാണ് അവിടെ?”", "കാവൽക്കാരൻ ചോദിച്ചു.", "എല്ലാവരും മിണ്ടാതിരുന്നു."),
    ("mr", "“कोण आहे?”", "पहारेकऱ्याने विचारले.", "सगळे गप्प होते."),
    ("ne", "“को हो?”", "पालेले सोध्यो।", "सबै चुप थिए।"),
    ("ta", "“யார் அங்கே?”", "காவலர் கேட்டார்.", "யாரும் பேசவில்லை."),
    ("te", "“ఎవరు అక్కడ?”", "కాపలాదారు అడిగాడు.", "అందరూ మౌనంగా ఉన్నారు."),
    ("ur", "”کون ہے؟“", "چوکیدار نے پوچھا۔", "سب چپ تھے۔"),
    ("zh", "“谁在门口？”", "看门人问道。", "没有人回答。"),
]
"""Language, a speech, the clause that names the speaker, another sentence."""


def sentences(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, language)]


@pytest.mark.parametrize(("language", "speech", "clause", "other"), SPEECHES)
def test_who_spoke_belongs_to_the_sentence_of_the_speech(
    language: str, speech: str, clause: str, other: str
) -> None:
    gap = "" if language in {"ja", "zh"} else " "
    spoken = f"{speech}{gap}{clause}"
    assert sentences(f"{spoken}{gap}{other}", language) == [spoken, other]


@pytest.mark.parametrize(
    ("language", "speech", "other"), [(each[0], each[1], each[3]) for each in SPEECHES]
)
def test_a_speech_ends_its_sentence_before_words_without_a_verb_of_speech(
    language: str, speech: str, other: str
) -> None:
    gap = "" if language in {"ja", "zh"} else " "
    assert sentences(f"{speech}{gap}{other}", language) == [speech, other]


def test_the_next_sentence_may_have_a_verb_of_speech_if_words_have_introduced_the_speech() -> None:
    first, second = "चौकीदार ने कहा, “सब ठीक है।”", "उसने यह भी कहा कि रात शांत थी।"
    assert sentences(f"{first} {second}", "hi") == [first, second]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "昨晚我们看了《等等！船来了》这部戏。"),
        ("zh", "《谁在门口？》这本书卖得很好。"),
        ("zh", "他租了一条船（不大。能坐六人）去钓鱼。"),
        ("ja", "昨日は芝居『待て！船長』を見た。"),
        ("ja", "船賃は千円（往復。子どもは半額）です。"),
    ],
)
def test_a_mark_in_a_title_or_an_aside_ends_no_sentence(language: str, text: str) -> None:
    assert sentences(text, language) == [text]


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("zh", ["他说《等等》很好。", "我没看。", "《海》也不错。"]),
        ("zh", ["他走了。", "（门没关。）", "灯还亮着。"]),
        ("ja", ["彼は「待て。」と言った。", "船は出た。"]),
    ],
)
def test_marks_outside_brackets_end_sentences(language: str, parts: list[str]) -> None:
    assert sentences("".join(parts), language) == parts


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("ru", ["Дом стоит в с. Заречье у реки.", "Он пуст."]),
        ("ru", ["Школа в д. Осиновка закрыта.", "Детей нет."]),
        ("mk", ["Куќата е во с. Брезово крај реката.", "Празна е."]),
        ("sr", ["Кућа је у с. Брезово крај реке.", "Празна је."]),
    ],
)
def test_a_village_with_a_single_letter_belongs_to_its_name(
    language: str, parts: list[str]
) -> None:
    assert sentences(" ".join(parts), language) == parts


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ca", "El pont és del s. XVIII i encara aguanta."),
        ("es", "El puente es del s. XVIII y aún aguanta."),
        ("gl", "A ponte é do s. XVIII e aínda aguanta."),
        ("pt", "A ponte é do séc. XVIII e ainda aguenta."),
        ("ja", "結果はFig. 4とTab. 2に示す。"),
        ("hu", "Erről a 12. tv. 7. pontja szól."),
    ],
)
def test_an_abbreviation_continues_before_its_number(language: str, text: str) -> None:
    assert sentences(text, language) == [text]


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("pl", ["Most runął w 1924 r.", "Prof. Zieliński opisał to w książce."]),
        ("cs", ["Platí zákon č. 12/1924 Sb.", "Prof. Dvořák ho vykládá."]),
        ("ru", ["Мост рухнул в 1924 г.", "Проф. Зимин описал это в книге."]),
        ("uk", ["Міст упав у 1924 р.", "Проф. Зима описав це в книзі."]),
    ],
)
def test_a_title_with_a_capital_begins_a_sentence_where_titles_are_small(
    language: str, parts: list[str]
) -> None:
    assert sentences(" ".join(parts), language) == parts


def test_the_last_letter_of_a_dotted_form_is_no_village() -> None:
    parts = ["Там продают мёд, хлеб и т. п.", "Торговля идёт вяло."]
    assert sentences(" ".join(parts), "ru") == parts


def test_titles_with_small_letters_are_abbreviations_of_the_language() -> None:
    for language in languages():
        known = abbreviations(language)
        assert known.small_titles <= known.all, language


@given(st.sampled_from(SPEECHES), st.sampled_from(["", " ", "\n\n"]))
def test_sentences_keep_every_letter(speech: tuple[str, str, str, str], gap: str) -> None:
    language, *parts = speech
    text = gap.join(parts)
    kept = "".join(sentences(text, language))
    assert "".join(kept.split()) == "".join(text.split())
