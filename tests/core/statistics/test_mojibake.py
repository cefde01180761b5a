# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

import pytest

from core_samples import SAMPLES
from core_texts import PARAGRAPHS
from fanmill.core.statistics.mojibake import mojibake
from fanmill.core.text.characters import codes_of

WINDOWS = {
    "cs": "Příliš žluťoučký kůň běžel přes dvůr a hlučně řičel, než ho děvče chytilo.",
    "pl": "Łódka płynęła po jeziorze, a żeglarz śpiewał cichą pieśń o świcie.",
    "hu": "Az idő hűvös, ezért a nő bőrkesztyűt és gyűrűt húzott, mielőtt elindult volna.",
    "ro": "Dimineaţa ne aşteaptă bunica la ţară, fiindcă vişinele sînt coapte şi grădina e plină.",
    "tr": "Şimdi dışarı çıkıyor, çünkü öğleden sonra yağmur yağacağını düşünüyor.",
    "lt": "Šiandien žmonės pietų valgė vėlai, nes širšės išgąsdino ąžuolo pavėsyje sėdinčius.",
    "el": "Αύριο το πρωί θα πάμε στη θάλασσα με τα παιδιά και τη γιαγιά.",
    "ru": "Завтра утром мы поедем на дачу, если только не будет дождя и ветра.",
    "bg": "Утре сутринта ще отидем на вилата, ако не вали дъжд и няма вятър.",
    "he": "מחר בבוקר ניסע אל הים עם הילדים ועם סבתא.",
    "ar": "غدا صباحا سنذهب إلى البحر مع الأطفال ومع الجدة.",
}
"""Sentences by language; each fits its code page of Windows."""
LATIN = {
    "de": "Die schöne Müllerin grüßt über den Bäumen die Vögel und hört ihre süßen Lieder.",
    "fr": "L'été dernier, le théâtre était fermé et la fête à côté a été annulée.",
    "es": "Mañana la niña comerá más piña en el jardín, ¿o será después?",
    "pt": "A estação não abre amanhã; as ações já são vendidas à tarde, é óbvio.",
    "vi": "Sáng mai chúng tôi sẽ đi ra biển cùng với bọn trẻ và bà ngoại.",
}
KOREAN = "내일 아침에 우리는 아이들과 할머니와 함께 바다로 갈 것이다. 비가 오면 집에서 책을 읽는다."
PAGES = {
    **dict.fromkeys(("cs", "pl", "hu", "ro"), "cp1250"),
    **dict.fromkeys(("ru", "bg"), "cp1251"),
    "el": "cp1253", "tr": "cp1254", "he": "cp1255", "ar": "cp1256", "lt": "cp1257",
}  # fmt: skip


def read_wrongly(text: str, real: str, wrong: str) -> str:
    """Return a text whose bytes are read in another encoding, C1 controls where it has none."""
    return "".join(
        bytes([byte]).decode(wrong, "ignore") or chr(byte) for byte in text.encode(real, "replace")
    )


def share(text: str) -> float:
    return mojibake(text, codes_of(text)) / len(text)


@pytest.mark.parametrize("language", sorted(PAGES))
def test_a_code_page_of_windows_read_as_the_western_one_is_mojibake(language: str) -> None:
    text = WINDOWS[language]
    assert mojibake(text, codes_of(text)) == 0
    assert share(read_wrongly(text, PAGES[language], "cp1252")) > 0.05


@pytest.mark.parametrize(
    "wrong",
    ["latin-1", "cp1252", "cp1250", "cp1251", "mac-roman", "koi8-r", "cp437", "cp850"],
)
@pytest.mark.parametrize("language", ["fr", "de", "cs", "pl", "ru", "tr", "es", "pt", "vi"])
def test_utf_8_read_in_a_code_page_is_mojibake(language: str, wrong: str) -> None:
    text = (LATIN | WINDOWS)[language]
    foreign = sum(not character.isascii() for character in text)
    assert share(read_wrongly(text, "utf-8", wrong)) * len(text) >= 0.5 * foreign


@pytest.mark.parametrize("wrong", ["cp866", "koi8-u"])
@pytest.mark.parametrize("language", ["ru", "bg"])
def test_cyrillic_in_utf_8_read_in_pages_with_frames_is_mojibake(language: str, wrong: str) -> None:
    assert share(read_wrongly(WINDOWS[language], "utf-8", wrong)) > 0.5


@pytest.mark.parametrize("language", ["el", "ar", "he"])
def test_utf_8_read_in_the_page_of_its_script_is_mojibake(language: str) -> None:
    assert share(read_wrongly(WINDOWS[language], "utf-8", PAGES[language])) > 0.5


@pytest.mark.parametrize("real", ["cp1251", "koi8-r", "iso8859-5", "cp866"])
@pytest.mark.parametrize("wrong", ["cp1252", "cp1251", "koi8-r"])
def test_russian_read_in_another_code_page_is_mojibake(real: str, wrong: str) -> None:
    if real != wrong and (real != "cp866" or wrong == "cp1251"):
        assert share(read_wrongly(WINDOWS["ru"], real, wrong)) > 0.5


@pytest.mark.parametrize(
    ("text", "real", "wrong"),
    [
        ("Le théâtre était fermé, la fête a été annulée.", "cp1252", "cp1251"),
        ("Le théâtre était fermé, la fête a été annulée.", "cp1252", "cp1253"),
        ("Müller fährt schöne Züge für Gäste.", "cp1252", "cp1251"),
        ("Mañana la niña comerá más piña en el jardín.", "cp1252", "mac-roman"),
        ("Åsa köpte två små kakor på mässan och gick hem på vägen.", "cp437", "cp1252"),
        ("Řekl, že přijel strýc, přivezl švestky a pět růží.", "iso8859-2", "cp1252"),
    ],
)
def test_western_letters_read_as_others_are_mojibake(text: str, real: str, wrong: str) -> None:
    assert share(read_wrongly(text, real, wrong)) > 0.05


@pytest.mark.parametrize(
    ("language", "real", "wrong"),
    [
        ("fr", "cp437", "cp1252"),
        ("de", "cp850", "cp1252"),
        ("es", "cp850", "cp1252"),
        ("fr", "mac-roman", "cp1252"),
        ("de", "mac-roman", "cp1252"),
        ("de", "cp1252", "cp850"),
        ("es", "cp1252", "cp437"),
        ("de", "utf-8", "cp1253"),
        ("fr", "utf-8", "cp1255"),
        ("fr", "utf-8", "cp1256"),
        ("es", "utf-8", "cp1257"),
        ("fr", "utf-8", "cp866"),
        ("de", "utf-8", "cp874"),
    ],
)
def test_western_letters_read_as_signs_are_mojibake(language: str, real: str, wrong: str) -> None:
    text = LATIN[language]
    foreign = sum(not character.isascii() for character in text)
    assert share(read_wrongly(text, real, wrong)) * len(text) >= 0.5 * foreign


def test_quotes_of_windows_read_as_control_characters_are_mojibake() -> None:
    assert share(read_wrongly("“Don’t wait”, she said, “it’s late.”", "cp1252", "latin-1")) > 0.05


@pytest.mark.parametrize(("real", "wrong"), [("cp1251", "cp866"), ("koi8-r", "cp866")])
def test_russian_read_in_the_page_of_dos_is_mojibake(real: str, wrong: str) -> None:
    text = f"{WINDOWS['ru']} Он сказал, что мы ещё не видели этого дома, и показал нам фотографию."
    assert share(read_wrongly(text, real, wrong)) > 0.5


@pytest.mark.parametrize(
    ("language", "real", "wrong"),
    [
        ("zh", "gbk", "big5"),
        ("ja", "shift_jis", "gbk"),
        ("ja", "euc_jp", "shift_jis"),
        ("ko", "euc_kr", "gbk"),
        ("zh", "utf-8", "cp932"),
        ("th", "utf-8", "cp874"),
    ],
)
def test_east_asian_text_read_in_another_encoding_is_mojibake(
    language: str, real: str, wrong: str
) -> None:
    text = KOREAN if language == "ko" else PARAGRAPHS[language]
    if wrong == "cp874":
        misread = read_wrongly(text, real, wrong)
    else:
        misread = text.encode(real, "ignore").decode(wrong, "replace")
    assert share(misread) > 0.3


def test_a_no_break_space_read_wrongly_is_mojibake() -> None:
    assert share("Price:Â\u00a012Â\u00a0USD") > 0.1


@pytest.mark.parametrize("wrong", ["gbk", "cp932"])
def test_western_letters_read_as_east_asian_ones_are_mojibake(wrong: str) -> None:
    assert share(LATIN["fr"].encode().decode(wrong, "replace")) > 0.05


@pytest.mark.parametrize(("language", "encoding"), [("zh", "gbk"), ("ja", "shift_jis")])
def test_utf_8_read_in_an_encoding_of_two_bytes_is_mojibake(language: str, encoding: str) -> None:
    misread = PARAGRAPHS[language].encode().decode(encoding, "replace")
    assert share(misread) > 0.1


@pytest.mark.parametrize("language", sorted(SAMPLES))
def test_good_text_in_capitals_has_no_mojibake(language: str) -> None:
    text = SAMPLES[language].upper()
    assert mojibake(text, codes_of(text)) == 0


@pytest.mark.parametrize(
    "text",
    [
        "A volume of 3 m³ or 5 m², see note¹ and note², page nº 4, 1º lugar, ½ cup, 20 µm.",
        "The letters are ÄÖÜ, äöüß and æøå; in Spanish áéíóú.",
        "√π and √2, ≈π, x√y, f ƒ, ∑∏∫, C√, a ≈ b",
        "├── src\n│   ├── main.py\n│   └── util.py\n└── README",
        "┌─┬┐ ╔═╤╗ ╨╥",
        "Ştiu că Ăştia vin. Ăsta e. SĂ MERGEM ÎN ŢARĂ, Ăla e, mâine şi poimâine.",
        "Ég þýði það fyrir þig, Müller og Françoise.",
        "Nýggjø og týðandi, øðrvísi, nýtt, bøur, síðani",
        "Søren og Žižek mødte Šešelj på en café",
        "«Ура!» — закричал он. — Где? КамАЗ, ГОСТы, СССР, iPhone, МГУ и ЮНЕСКО.",
        "A Škoda és a müzli, a Citroën és az über-sofőr",
        "Eesti keeles on õ, ä, ö ja ü: põõsas, töö, öö, jäääär, õun.",
        "Não põe as mãos; põem ações, lições e pães à mesa, é óbvio.",
        "µm, μg, αβγ, Δx, β-carotene, TNF-α, the π-meson and κB",
        "Eʋe ƒe ŋɔŋlɔ, ƒã, nàzã",
        "Škoda, Živa, Œuvre, MacŠolc; mΩ and kΩ cm, a±b, min≤max, n≥2, cos θ, x÷y, 5¢ and 10‰.",
        "See the note† and the other‡, §3; the “word”—or ‘words’—of 5…10 pages, 1–2.",
        "The flow is 5 m³s and 3 m³h; ¹first and ²second note.",
        "A note† and a note‡ on Søren, æøå and plan¹.",
        "iPhone和iPad都可以,App里有Wi-Fi;每A每B。",
        "ﾊﾝｶｸｶﾅ､ﾃﾞｰﾀ､ｼｽﾃﾑ, 市ｹ谷と霞ｹ関",
        "李明 王芳 张伟 刘洋 陈静 杨帆 赵磊 黄蓉 周杰 吴昊 徐丽 孙涛 胡歌 朱琳 高远 林峰",
        "เธอเดินเข้าไปในเนินเขา เนื้อหาเน้นธรรมชาติ",
        "CHCIEĆ ŻYĆ, „być”, „chcieć” i «mieć»; ĆMA, Ćwikła",
        "Жұмыс істейді, әке-шешесі, ғаламшар, өйткені ұзақ уақыт болды.",
    ],
)
def test_letters_and_signs_that_only_look_misread_are_none(text: str) -> None:
    assert mojibake(text, codes_of(text)) == 0
