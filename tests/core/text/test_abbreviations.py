"""Abbreviations of all languages, and the sentences that they end or continue."""

# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.core.text.abbreviations import abbreviations, languages
from fanmill.core.text.layout import lay_out
from fanmill.core.text.sentences import sentence_spans

SPACED = sorted(languages() - {"th", "lo", "ja", "zh"})


def split(text: str, language: str) -> list[str]:
    return [text[a:b] for a, b in sentence_spans(lay_out(text, language).prose, language)]


def test_at_least_thirty_languages_have_a_list() -> None:
    assert len(languages()) >= 30


@pytest.mark.parametrize("language", sorted(languages()))
def test_a_list_is_case_folded_without_last_full_stops_and_of_one_meaning(language: str) -> None:
    known = abbreviations(language)
    words = known.all | known.before_small | known.starters | known.followers
    assert {word for word in words if word != word.casefold() or word.endswith(".")} == set()
    ends = known.seldom_last | known.may_end | known.units
    assert known.titles & (ends | known.before_number) == frozenset()


@st.composite
def _titles(draw: st.DrawFn) -> tuple[str, str]:
    language = draw(st.sampled_from([code for code in SPACED if abbreviations(code).titles]))
    title = draw(st.sampled_from(sorted(abbreviations(language).titles - {"st"})))
    return language, title


@given(_titles())
def test_a_title_ends_no_sentence(drawn: tuple[str, str]) -> None:
    language, title = drawn
    text = f"Aaaaa bbbbb {title}. Ccccc ddddd."
    assert split(text, language) == [text]


@st.composite
def _numbered(draw: st.DrawFn) -> tuple[str, str, int]:
    known = [code for code in SPACED if abbreviations(code).before_number]
    language = draw(st.sampled_from(known))
    word = draw(st.sampled_from(sorted(abbreviations(language).before_number)))
    return language, word, draw(st.integers(1, 9999))


@given(_numbered())
def test_a_number_belongs_to_its_abbreviation_and_then_ends_the_sentence(
    drawn: tuple[str, str, int],
) -> None:
    language, word, number = drawn
    first = f"Aaaaa bbbbb {word}. {number}."
    second = "Ccccc ddddd eeeee."
    if word.isalnum():
        assert split(f"{first} {second}", language) == [first, second]
    assert split(f"{first[:-1]} ccccc.", language) == [f"{first[:-1]} ccccc."]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["The curve is drawn in Fig. 7.", "It rises after ch. 12.", "Both are short."]),
        (
            "en",
            ["Heat 3 tbsp. oil with 40 ml. water and 2 tsp. vinegar.", "Wait for 5 mins. more."],
        ),
        ("en", ["The corr. address is in the ref. list of the conf. volume.", "It is long."]),
        ("en", ["She sold her shares of Larch Foods Inc.", "Prices fell at once."]),
        ("en", ["He spoke with Larch Foods Inc. Chairman Bo Reed for an hour.", "It helped."]),
        ("en", ["They close at 6 p.m.", "Visitors leave by the back door."]),
        ("en", ["They close at 6 p.m. Friday for the whole week.", "Visitors know."]),
        ("en", ["My aunt lives at 41 Cedar St.", "Neighbours bring her bread."]),
        ("en", ["We sailed to St. Helena and saw Mt. Actaeon.", "Nobody was there."]),
        ("en", ["Imports grew in the U.S.", "Exports shrank instead."]),
        ("en", ["The U.S. Forest Service planted oaks.", "They grew."]),
        ("en", ["The fence is 6 ft.", "Goats jump over it."]),
        ("en", ["We read about Yahoo! and its search engine.", "It was old."]),
        ("de", ["Das regelt Art. 5.", "Danach haftet der Käufer nach Ziff. 12."]),
        ("de", ["Am 7. Mai kam Prof. Dr. med. Haas aus St. Pölten.", "Er blieb bis 9.30 Uhr."]),
        ("fr", ["Voir art. 4 et fig. 2.", "Mme Roy habite av. Foch."]),
        ("es", ["Vive en la Av. Colón núm. 8.", "Llamó a la Dra. Paz el lunes."]),
        ("it", ["La tabella sta a pag. 14.", "Lo dice il sig. Conti nella fig. 3."]),
        ("pt", ["O quadro está na pág. 9.", "A Profa. Lima mora na Av. Brasil."]),
        ("nl", ["Zie blz. 20.", "Daarna sprak mevr. De Wit met dhr. Bos."]),
        ("ru", ["Схема дана на рис. 6.", "Потом он жил на ул. Гоголя в г. Омске."]),
        ("uk", ["Музей стоїть на вул. Франка.", "Потім у 1998 р. Оксана купила буд. 5."]),
        ("pl", ["W 2003 r. Wanda kupiła sklep przy al. Lipowej.", "Potem go sprzedała."]),
        ("pl", ["Zob. rys. 8.", "Dalej mówi o tym np. prof. Zając."]),
        ("cs", ["Bydlela v ul. Dlouhé č. 5.", "Potom tzv. starý dům prodal Ing. Malý."]),
        ("sk", ["Býval na nám. Slobody č. 3.", "Potom ho kúpil Mgr. Kováč."]),
        ("hu", ["Az ifj. Kovács úr pl. Egerben lakott.", "Majd elköltözött."]),
        ("tr", ["Prof. Dr. Aydın Atatürk Cad. No. 7 adresinde oturuyor.", "Sonra taşındı."]),
        ("da", ["Se fig. 4.", "Det sagde bl.a. hr. Holm den 3. Maj."]),
        ("sv", ["Se tab. 9.", "Det skrev bl.a. prof. Ek i Lund."]),
        ("fi", ["Ks. kuva 2.", "Se on esim. Turussa ja mm. Porissa."]),
        ("ro", ["Locuiește pe str. Mihai nr. 12.", "Apoi a venit dl. Pop."]),
        ("bg", ["Живее на ул. Раковски в гр. София.", "След това дойде г-н Петров."]),
        ("hu", ["A Fő u. 7. szám alatt lakik.", "Jól van."]),
        ("hr", ["Govorila je dr. sc. Marić.", "Svi su slušali."]),
        ("hr", ["Stanuje u ul. Kneza br. 4.", "Zatim je došao prof. Horvat."]),
        ("el", ["Μένει στην οδ. Ερμού με τον κ. Νίκου.", "Μετά ήρθε η κα. Άννα."]),
        ("id", ["Kantornya di Jl. Melati No. 9 dekat pasar.", "Kemudian datang Bpk. Agus."]),
        ("ms", ["Rumahnya di Jln. Ampang no. 2.", "Kemudian datang En. Ali."]),
        ("vi", ["Ông sống ở Q. Ba, TP. Huế.", "Sau đó GS. Nam đến."]),
        ("fr", ["La cour a visé l'art. R. 4127-9 du code.", "Elle casse l'arrêt."]),
        ("fr", ["Vu l'art. L. 33 et l'art. D 12-1.", "Il est applicable."]),
        ("en", ["He relied on Fed. R. Evid. 702 and Cal. Civ. Code 12.", "She did not."]),
        ("en", ["It is in Trans. Inst. Mech. Eng. of 1908.", "Few read it."]),
        ("en", ["Temp. 38.2 C at noon, then 2 tabs. of aspirin.", "He slept."]),
        ("sv", ["Hon bor på Kungsg. 14 i Lund.", "Han bor kvar."]),
        ("no", ["Kontoret er i Kirkegt. 3 og i Havnevn. 12.", "Det er stengt."]),
        ("fi", ["Toimisto on osoitteessa Hämeenk. 9 kaupungin keskustassa.", "Se on auki."]),
        ("pl", ["Fabryka kosztowała 7 mln.", "Budowa trwała rok."]),
        ("ru", ["Завод стоил 7 млн.", "Стройка длилась год."]),
        ("ru", ["Он окончил ин-т.", "Затем уехал в Омский р-н."]),
        ("uk", ["Вона закінчила ун-т.", "Потім приїхала до Львова."]),
    ],
)
def test_sentences_of_many_languages_with_abbreviations(
    language: str, sentences: list[str]
) -> None:
    assert split(" ".join(sentences), language) == sentences


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("zh", ["“你去哪里？”老王问道。", "没有人回答他。"]),
        ("zh", ['"我明天来。"她笑着说。', "门关上了。"]),
        ("zh", ["「你要走嗎？」他點頭。", "外面下著雨。"]),
        ("zh", ["老人说：“我记得。”然后闭上了眼睛。", "天亮了。"]),
        ("ar", ["سأل الولد: «أين البحر؟» ثم ركض.", "لم يسمعه أحد."]),
        ("ar", ["«من هناك؟» قالت الجدة.", "لم يجب أحد."]),
        ("fa", ["«کجا می‌روی؟» پرسید مادر.", "پسر خاموش ماند."]),
        ("he", ['"לאן אתה הולך?" שאלה האם.', "הילד שתק."]),
        ("en", ['"Who is there?" Nora asked.', "Nobody answered."]),
        ("en", ['"Run!" Peter shouted.', "The others ran."]),
        ("en", ['She asked, "Who is there?"', "Nobody answered.", "It was dark."]),
        ("zh", ["他喊道：“开门！”", "没有人回答。", "风很大。"]),
        ("de", ["Vgl. Urt. v. 5. Mai 2010, Az. I ZR 12/09.", "Das gilt auch hier."]),
        ("zh", ["雨停了.", "孩子们跑了出去.", "天边有彩虹."]),
        ("zh", ["价格是12.5元.", "明天会更贵."]),
        ("ja", ["雨がやんだ.", "子供たちは外へ出た."]),
        ("hi", ["मोहन बाजार गया|", "उसने फल खरीदे|", "शाम को वह लौटा|"]),
        ("bn", ["সে বাড়ি গেল|", "তারপর ঘুমাল|"]),
        ("tr", ["Neden geldin? diye sordu annesi.", "Çocuk sustu."]),
        ("pl", ["Otworzył okno.", "– Idź już – rzekła matka.", "– Zaraz wrócę."]),
        ("fr", ["Il se tut.", "— Partez vite, dit la vieille.", "— Pas sans vous."]),
    ],
)
def test_marks_of_other_scripts_and_dialogue(language: str, sentences: list[str]) -> None:
    text = ("" if language in {"zh", "ja"} else " ").join(sentences)
    assert split(text, language) == sentences


_PIECES = st.lists(
    st.sampled_from(["J. ", "No. ", "5. ", "U.S. ", "Ab. ", "he ", "The ", "Why? ", "Mr. ", "a) "]),
    min_size=1,
    max_size=30,
).map("".join)


@given(_PIECES, _PIECES, st.sampled_from(["en", "de", "ru"]))
def test_sentences_of_a_line_do_not_depend_on_the_lines_before(
    first: str, second: str, language: str
) -> None:
    shift = len(first) + 1
    assert sentence_spans(f"{first}\n{second}", language) == [
        *sentence_spans(first, language),
        *((start + shift, end + shift) for start, end in sentence_spans(second, language)),
    ]
