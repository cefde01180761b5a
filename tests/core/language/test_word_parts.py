"""Close relatives told by parts of words, with a high confidence in single sentences."""

# ruff: noqa: E501, RUF001 (sentences, and letters of other scripts look like Latin ones)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_texts import texts
from fanmill.core.language.detection import detect_languages
from fanmill.core.language.word_parts import _malay_words, told_by_parts

SENTENCES = {
    "es": "El panadero de la esquina ya no abre los domingos porque su hijo se ha ido a vivir lejos.",
    "pt": "O padeiro da esquina já não abre aos domingos porque o filho dele foi viver para longe.",
    "gl": "O panadeiro da esquina xa non abre os domingos porque o seu fillo foise vivir moi lonxe.",
    "ca": "El forner de la cantonada ja no obre els diumenges perquè el seu fill se n'ha anat lluny.",
    "ast": "El panaderu de la esquina yá nun abre los domingos porque'l so fíu marchó a vivir lloñe.",
    "oc": "Lo fornièr del canton dobrís pas pus lo dimenge perque son filh es anat viure plan luènh.",
    "da": "Bageren på hjørnet holder ikke længere åbent om søndagen, fordi hans søn er flyttet bort.",
    "no": "Bakeren på hjørnet holder ikke lenger åpent på søndager fordi sønnen hans har flyttet bort.",
    "sv": "Bagaren på hörnet har inte längre öppet på söndagar eftersom hans son har flyttat bort.",
    "cs": "Pekař na rohu už v neděli neotevírá, protože se jeho syn odstěhoval někam daleko.",
    "sk": "Pekár na rohu už v nedeľu neotvára, pretože sa jeho syn odsťahoval niekam ďaleko.",
    "nl": "De bakker op de hoek is op zondag niet meer open, omdat zijn zoon ver weg is gaan wonen.",
    "af": "Die bakker op die hoek maak nie meer op Sondae oop nie, want sy seun het ver weg gaan woon.",
    "ru": "Пекарь на углу больше не работает по воскресеньям, потому что его сын уехал далеко.",
    "uk": "Пекар на розі більше не працює в неділю, бо його син поїхав жити далеко звідси.",
    "be": "Пекар на рагу больш не працуе ў нядзелю, бо яго сын паехаў жыць далёка адсюль.",
    "bg": "Пекарят на ъгъла вече не отваря в неделя, защото синът му замина да живее далече.",
    "mk": "Пекарот на аголот веќе не отвора во недела, затоа што син му замина да живее далеку.",
    "sr": "Пекар на углу више не ради недељом, јер је његов син отишао да живи негде далеко.",
    "hi": "कोने वाला बेकर अब रविवार को दुकान नहीं खोलता क्योंकि उसका बेटा दूर रहने चला गया है।",
    "mr": "कोपऱ्यावरचा बेकर आता रविवारी दुकान उघडत नाही कारण त्याचा मुलगा लांब राहायला गेला आहे.",
    "ne": "कुनाको बेकरीले अब आइतबार पसल खोल्दैन किनभने उसको छोरा टाढा बस्न गएको छ।",
}
"""A sentence in each language."""
GROUPS = (
    "es pt gl ast ca oc",
    "da no sv",
    "cs sk",
    "nl af",
    "ru uk be bg mk sr",
    "hi mr ne",
)


MALAY = {
    "id": "Toko roti di sudut jalan tidak lagi buka hari Senin karena istri pemiliknya pindah ke provinsi lain. Koran "
    "kemarin memuat kasus itu, dan besok sore dokter serta karyawan pabrik membicarakan uang sewanya.",
    "ms": "Kedai roti di simpang jalan tidak lagi dibuka pada hari Isnin kerana isteri pemiliknya berpindah ke negeri "
    "lain. Doktor dan kakitangan universiti berkata kes itu melibatkan lima peratus jiran mereka sahaja.",
}
"""A paragraph in each of two languages that differ in few words."""


@pytest.mark.parametrize("language", list(MALAY))
def test_a_paragraph_of_indonesian_or_malay_has_a_high_confidence(language: str) -> None:
    found = detect_languages(MALAY[language]).main
    assert found.code == language
    assert found.confidence >= 0.9


def test_a_word_with_both_spellings_decides_nothing() -> None:
    words = [listed for each in _malay_words().values() for listed in sorted(each)]
    assert len(words) == len(set(words))
    told = told_by_parts("universitas universiti karena kerana", "id")
    assert told is not None
    assert not told.is_clear


@pytest.mark.parametrize("language", list(SENTENCES))
def test_a_sentence_is_told_from_those_of_all_relatives(language: str) -> None:
    (relatives,) = (group.split() for group in GROUPS if language in group.split())
    for each in relatives:
        told = told_by_parts(SENTENCES[language], each)
        assert told is not None
        assert told.code == language or told.lead < 6


@pytest.mark.parametrize(
    "language", ["es", "pt", "gl", "ca", "da", "cs", "sk", "nl", "ru", "uk", "bg", "sr"]
)
def test_a_sentence_of_a_language_with_relatives_has_a_high_confidence(language: str) -> None:
    found = detect_languages(SENTENCES[language]).main
    assert (found.code, found.confidence >= 0.9) == (language, True)


@pytest.mark.parametrize("text", ["", "12", "...", "xyzzy qwfp", "ооо", "Ibsen Oslo"])
def test_a_text_without_parts_of_the_table_is_never_clear(text: str) -> None:
    for each in " ".join(GROUPS).split():
        told = told_by_parts(text, each)
        assert told is not None
        assert not told.is_clear


@pytest.mark.parametrize("language", ["en", "zh", "und", ""])
def test_a_language_without_listed_relatives_is_not_told(language: str) -> None:
    assert told_by_parts("de la que no se", language) is None


@given(texts, st.sampled_from(" ".join(GROUPS).split()))
def test_the_winner_leads_each_language_of_its_group(text: str, code: str) -> None:
    told = told_by_parts(text, code)
    assert told is not None
    assert told.lead >= 0
    assert (told.own == 0) or (told.own >= told.lead)
    again = told_by_parts(text, told.code)
    assert again is not None
    assert (again.code, again.own) == (told.code, 0)


@given(texts, texts)
def test_case_and_repetition_change_nothing(one: str, other: str) -> None:
    text = f"{one} {other}".lower()
    assert told_by_parts(f"{text} {text}", "es") == told_by_parts(text, "es")
