# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

import pytest

from core_texts import analysed
from fanmill.core.text.layout import lay_out
from fanmill.core.text.sentences import sentence_spans


def split(text: str, language: str) -> list[str]:
    prose = lay_out(text, language).prose
    return [text[start:end] for start, end in sentence_spans(prose, language)]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        # marks of citations and footnotes belong to the sentence before
        ("en", ["The lake is deep.[4]", "Nobody swims there.[5][12]", "It is cold."]),
        ("en", ["The lake is deep.[citation needed]", "It is cold."]),
        ("en", ["The lake is deep.¹", "Nobody swims there.²", "It is cold."]),
        ("en", ["The lake is deep.3", "Nobody swims there.4", "It is cold."]),
        ("de", ["Der See ist tief.[4]", "Niemand schwimmt dort.[5]", "Er ist kalt."]),
        ("en", ["See para. 4.[2]", "The lake is deep (5 m).", "It is in No.5 The Row."]),
        # quotation marks that open a sentence, and spaced ones that close it
        ("de", ["»Wo ist der See?«, fragte sie.", "»Er ist weit weg.«", "Sie ging."]),
        ("sv", ["Hon gick.", "”Var är sjön?” frågade han.", "”Långt borta.”"]),
        ("fr", ["« Le lac est loin. »", "Elle partit.", "« Non ! »", "Il resta."]),
        # the sign of three points, before a capital letter only
        ("en", ["We could swim…", "Nobody does.", "It is… cold."]),
        ("it", ["Potremmo nuotare…", "Nessuno lo fa."]),
        ("nl", ["Het meer is diep.", "'t Is koud.", "'s Avonds zwemt niemand."]),
        ("hy", ["Լիճը խորն է:", "Ոչ ոք չի լողում:", "2020 թ. ցուրտ էր:"]),
        # stressed sentences
        ("en", ["**Note.**", "The lake is *very* deep.", "_Nobody swims._", "It is cold."]),
        ("de", ["*Achtung!*", "Der See ist tief.", "Preis* und **Ort** stehen unten."]),
        ("bo", ["མཚོ་གཏིང་ཟབ་པོ་རེད།", "སུས་ཀྱང་རྐྱལ་གྱི་མ་རེད།"]),
        # faces of chats, with a mark before them or without, before a capital or a caseless letter
        ("en", ["Thanks! :)", "See you at the lake ;-)", "It is cold :(", "Nobody swims."]),
        ("de", ["Danke dir :-D", "Bis bald am See! :))", "Es ist :) kalt."]),
        ("ru", ["Спасибо :)", "До встречи на озере! ;)", "Холодно."]),
        ("ar", ["شكرا لك :)", "البحيرة باردة اليوم."]),
        ("fr", ["Deux prix : (5 €) Paris et (6 €) Lyon.", "Merci ! :)", "À demain."]),
    ],
)
def test_sentences_begin_where_marks_hide_it(language: str, sentences: list[str]) -> None:
    assert split(" ".join(sentences), language) == sentences


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("de", ["Das regelt § 4 i. V. m. Art. 2 der Satzung.", "Sie liegt u. a. Bürgern vor."]),
        ("de", ["Das Amt in der Seestr. 4 ist zu.", "Die Fa. Holm wohnt Hafenstr. 12.", "Gut."]),
        ("de", ["So das Urt. v. 4. Mai 2001, Rn. 3 ff.", "Das gilt auch hier."]),
        ("pt", ["O art. 5, inc. IV, da lei garante isso.", "Assim ficou."]),
        ("it", ["Si veda l'all. 3 del testo.", "La spesa è alta."]),
        ("en", ["They met (at last!) in May.", "The work (vol. II) is (almost.) done."]),
        ("nl", ["Het kantoor aan de Meerstr. 4 is dicht.", "Zie blz. 3."]),
        ("fr", ["J.-B. Morel habite ici.", "L'av. Foch est loin.", "C'est M.-A. Petit."]),
        ("ca", ["Viu a l'av. Nova, núm. 3.", "Vegeu pàg. 4.", "Fi."]),
        ("pl", ["Kosztuje 5 zł.", "Jan zapłacił."]),
        ("pl", ["Ma ok. 3 tys. akcji po 5 zł.", "Zob. art. 3.", "Tyle."]),
        ("bg", ["Струва 5 лв.", "Вж. стр. 3.", "Край."]),
        ("ru", ["Жил он до н. э. и т. д.", "См. рис. 3.", "Всё."]),
        ("ru", ["Были лодки, сети и т. п.", "Рыбаки ушли."]),
        ("fi", ["Tulos oli 67.", "Ministeri lähti.", "Hän tuli 3. toukokuuta."]),
        ("da", ["Svaret var 13.", "Måske er det rigtigt.", "Han kom den 3. maj."]),
        ("en", ["See id. at 4.", "So say Okafor et al.", "They left."]),
        ("en", ["It cost Rs. 500.", "The board is 4 ft. 10 in. wide.", "He came in.", "She left."]),
        ("pl", ["Tak mówi ustawa (Dz. U. Nr 4, poz. 9).", "Sąd milczy."]),
        ("nl", ["Zij woont aan de Herengr. 9 in Leiden.", "Hij ook."]),
        ("hu", ["A Ptk. 6. pontja ezt mondja.", "A bíró hallgat."]),
        ("vi", ["Bà dạy ở ĐH. Đà Lạt.", "Bà viết sách."]),
        ("de", ["»Wo liegt der See?« rief er.", "»Weit weg.«", "Sie ging."]),
        ("cs", ["„Kde je jezero?“ volala matka.", "Nikdo neodpověděl."]),
        ("ru", ["Это сказал Лапин К. Д.", "Гости молчали."]),
        ("ru", ["Автор: Зимина В.П.", "Название работы неизвестно."]),
        ("uk", ["Це сказав Гнатюк К. Д.", "Гості мовчали."]),
        ("be", ["Гэта сказаў Васілеўскі К. Д.", "Госці маўчалі."]),
        ("ru", ["Тогда в Москве А. П. Чехов писал пьесы.", "Читал их Р. Т. Лапин."]),
        ("ru", ["Лапин К. Д. История озёр."]),
        ("cs", ["Lístek stál 40 Kč.", "Děti platily méně."]),
        ("hu", ["A jegy 900 Ft.", "Gyerekek kevesebbet fizetnek."]),
        ("sv", ["Biljetten kostade 40 kr.", "Barn betalade mindre."]),
        ("nl", ["Het kost 20 euro p.p.", "Kinderen betalen minder."]),
        ("it", ["Abita in via Roma 4, int. 2.", "Non risponde."]),
        ("ta", ["எஸ். ராமன் வந்தார்.", "அவர் ரூ. 500 கொடுத்தார்."]),
        ("ko", ["회사는 1990. 5. 3. 설립되었다.", '"어디 가니?" 하고 물었다.', "그는 갔다."]),
        ("ka", ["იცნობ მას?", "დიახ!", "ის მოვიდა."]),
    ],
)
def test_abbreviations_of_more_kinds(language: str, sentences: list[str]) -> None:
    assert split(" ".join(sentences), language) == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("他问：“湖在哪里？”她说：“不远。”", ["他问：“湖在哪里？”", "她说：“不远。”"]),
        ("“湖在哪里？”他问。“不远。”", ["“湖在哪里？”他问。", "“不远。”"]),
    ],
)
def test_words_with_a_colon_introduce_the_next_chinese_speech(
    text: str, sentences: list[str]
) -> None:
    assert split(text, "zh") == sentences


@pytest.mark.parametrize("marks", [("i", "ii", "iii"), ("1", "2", "3"), ("a", "b", "c")])
@pytest.mark.parametrize("end", [".", ")"])
def test_the_mark_of_an_item_is_no_sentence(marks: tuple[str, ...], end: str) -> None:
    items = [f"{mark}{end} Open the lid of the box." for mark in marks]
    assert split("\n".join(items), "en") == items


@pytest.mark.parametrize(
    "marks", [("一、", "二、"), ("（一）", "（二）"), ("1.", "2."), ("1、", "2、")]
)
def test_items_of_chinese_lists_need_no_space_behind_their_mark(marks: tuple[str, str]) -> None:
    items = [f"{mark}被告向原告支付费用。" for mark in marks]
    assert split("\n".join(["判决如下：", *items]), "zh") == ["判决如下：", *items]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the gov\u00ad\nernment met", ["the", "government", "met"]),
        ("a well-\nknown writer", ["a", "well", "known", "writer"]),
        ("a har-\nbour town", ["a", "harbour", "town"]),
    ],
)
def test_words_at_line_ends(text: str, words: list[str]) -> None:
    analysis = analysed(text)
    assert analysis.words == words
    assert "\n" not in analysis.readable(0, len(text))


def test_a_page_number_beside_a_running_head_is_page_furniture() -> None:
    text = (
        "The Sea Book      3\n\nThe boats that\n\f4      The Sea Book\n\nleft the port came\n"
        "\fThe Sea Book      5\n\nback at noon. It was late."
    )
    analysis = analysed(text)
    said = [" ".join(analysis.readable(*span).split()) for span in analysis.sentences]
    assert said[-2:] == ["The boats that left the port came back at noon.", "It was late."]


def test_lines_of_georgian_do_not_continue_as_if_they_were_small_letters() -> None:
    text = "სათაური\nხიდი დაიხურა გუშინ საღამოს ქარიშხლის გამო და ხალხი წავიდა. ის გაიხსნა."
    assert split(text, "ka")[0] == "სათაური"
