"""Languages that neighbours swallow, romanised texts, and what a confidence means: both detectors."""

# ruff: noqa: E501, RUF001 (tables of texts in other scripts)

import pytest
from hypothesis import given

from core_texts import PARAGRAPHS, texts
from fanmill.core.language import detection
from fanmill.core.language.detection import detect_languages
from fanmill.core.language.detectors import Detector, EldcDetector, FastTextDetector, eldc

SENTENCES = {
    "gl": "Onte choveu moito na aldea e os veciños quedaron na casa porque a ponte estaba pechada.",
    "ne": "हिजो गाउँमा धेरै पानी पर्यो र पुल बन्द भएकाले मानिसहरू घरमै बसे।",
    "af": "Gister het dit baie gereën in die dorp en die mense het tuis gebly omdat die brug gesluit was.",
    "mk": "Вчера врнеше многу во селото и луѓето останаа дома затоа што мостот беше затворен.",
    "cy": "Roedd hi'n bwrw glaw yn drwm yn y pentref ddoe ac arhosodd y bobl gartref.",
    "ga": "Bhí sé ag cur báistí go trom sa sráidbhaile inné agus d'fhan na daoine sa bhaile.",
    "eo": "Hieraŭ multe pluvis en la vilaĝo kaj la homoj restis hejme, ĉar la ponto estis fermita.",
    "sw": "Jana mvua kubwa ilinyesha katika kijiji na watu wengi walikaa nyumbani kwa sababu ya daraja hilo.",
    "so": "Shalay roob badan ayaa ka da'ay tuulada dadkuna guriga ayay joogeen sababtoo ah buundada waa xirnayd.",
    "mt": "Il-bieraħ għamlet ħafna xita fir-raħal u n-nies baqgħu d-dar għax il-pont kien magħluq.",
    "lb": "Gëschter huet et vill gereent am Duerf an d'Leit sinn doheem bliwwen, well d'Bréck zou war.",
}
ROMANISED = [
    "mujhe nahi pata ki wo kal aayega ya nahi lekin hum abhi ja rahe hain",
    "bhai kya kar raha hai aaj kal tum kahan ho aur kab aaoge",
    "ya ne znayu pochemu on segodnya ne prishel na rabotu, navernoe zabolel",
    "spasibo tebe ochen, zavtra budet horosho i mne nado domoj",
    "wallah ana mish 3aref leh enta keda ya habibi",
    "kalimera file, pame avrio sto nisi, thelo na ertheis kai esy alla den exo amaxi",
    "emta rag3een men el sho8l? ana we 7asan nestanna fel be4t",
    "wa9tach ghadi tji l dar? kan3ref blli nta mcha8oul, walakin khassna n7adro m3a ba3d",
    "kyō wa gakkō ni ikimasen deshita, demo ashita wa iku to omoimasu yo",
    "tā míngtiān bù lái, yīnwèi tā hěn máng, wǒmen yǐjīng zhīdào le",
    "salam azizam, emrooz hanooz daram kar mikonam vali farda miam",
    "dobre, ya tebe duzhe lyublyu, ale vchora buv vdoma i ne bachyv vas",
    "lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor",
]
SHORT = ["OK", "A B", "x y z", "+++", "♪♫ 12", "Hm"]


@pytest.fixture(params=["eldc", "fastText"])
def detector(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Detector:
    """Return each detector, and let all texts be judged by it."""
    if request.param == "eldc" and eldc is None:
        pytest.skip("eldc has no wheel for this machine")
    chosen: Detector = EldcDetector() if request.param == "eldc" else FastTextDetector()
    monkeypatch.setattr(detection, "detector", lambda: chosen)
    return chosen


@pytest.mark.parametrize("language", list(SENTENCES))
def test_a_language_is_not_taken_for_its_neighbour(detector: Detector, language: str) -> None:
    assert detect_languages(SENTENCES[language]).main.code == language


@pytest.mark.parametrize("language", list(PARAGRAPHS))
def test_paragraphs_have_their_language(detector: Detector, language: str) -> None:
    assert detect_languages(PARAGRAPHS[language]).main.code == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We meet on the 3rd floor at 7pm, bring mp3 files and 2 copies of form b5.", "en"),
        ("Le vol AF447 part du terminal 2E à 9h30, la porte est au niveau 3.", "fr"),
        ("Die A7 und die B75 sind gesperrt, Linie S3 fährt nur bis Gleis 9a.", "de"),
        ("Ka haere mātou ki te tāone āpōpō, nō te mea kāore he kai i te whare.", "mi"),
        ("El 3r pis i la 2a porta són a l'esquerra, al costat de la sala b2.", "ca"),
    ],
)
def test_digits_in_names_and_macrons_make_no_romanised_text(
    detector: Detector, text: str, language: str
) -> None:
    assert detect_languages(text).main.code == language


@pytest.mark.parametrize(
    "text", ["AAPL MSFT TSLA NVDA AMZN GOOG META", "QWZX VBNM KLJH", "wxyz qrst", "BTC ETH XRP SOL"]
)
def test_letters_of_ascii_are_in_no_language_of_another_script(
    detector: Detector, text: str
) -> None:
    others = [
        "am",
        "ar",
        "be",
        "bg",
        "bn",
        "el",
        "fa",
        "gu",
        "he",
        "hi",
        "hy",
        "ja",
        "ka",
        "kn",
        "ko",
        "ml",
        "mr",
        "pa",
        "ru",
        "ta",
        "te",
        "th",
        "uk",
        "ur",
        "zh",
    ]
    assert detect_languages(text).main.code not in others


@pytest.mark.parametrize("text", ROMANISED)
def test_romanised_texts_are_undetermined(detector: Detector, text: str) -> None:
    assert detect_languages(text).main.code == "und"


@pytest.mark.parametrize("text", SHORT)
def test_very_short_texts_have_a_low_confidence(detector: Detector, text: str) -> None:
    assert detect_languages(text).main.confidence <= 0.75


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Jučer je općina objavila da će vlak kasniti, a tko želi kruh neka dođe točno u podne.",
            "hr",
        ),
        (
            "Juče je opština objavila gde će voz stati posle podne, a deca uvek vole lepo vreme.",
            "sr",
        ),
        (
            "Danas je općina javila gdje će voz stati, ko želi hljeb i kahvu neka dođe u sedmici poslije.",
            "bs",
        ),
    ],
)
def test_croatian_serbian_and_bosnian_are_told_apart_by_their_words(
    text: str, language: str
) -> None:
    found = detect_languages(text).main
    assert found.code == language
    assert found.confidence < 0.9


@given(texts)
def test_the_model_gives_a_code_and_a_confidence_in_range(text: str) -> None:
    found = FastTextDetector().judge(text[:1000])
    assert found.code
    assert 0.0 <= found.confidence <= 1.0


def test_russian_with_its_function_words_needs_no_second_opinion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        "fanmill.core.language.second_opinion.model_probabilities",
        lambda text: asked.append(text) or {},
    )
    plain = "Он был на мосту, но не видел, как они ушли из деревни, чтобы её дети были дома."
    assert detect_languages(plain).main.code == "ru"
    assert asked == []
    detect_languages("Кайсы бала ал суу алып келди")
    assert asked


@pytest.mark.parametrize("body", ["de", "fr", "es", "ru", "zh"])
def test_two_languages_in_one_line_have_their_shares(detector: Detector, body: str) -> None:
    english = "The harbour was closed because of the storm and all ferries stayed in port. " * 6
    other = PARAGRAPHS[body].replace("\n", " ")
    other *= 1 + 160 // len(other)
    found = detect_languages(f"{english}{other[:200]}")
    assert found.main.code == "en"
    assert found.main.confidence > 0.4
    assert {each.language.code for each in found.segments} >= {"en", body}


@pytest.mark.parametrize("language", ["zh", "ja", "ko"])
def test_a_long_line_of_characters_has_the_language_of_its_script(
    detector: Detector, language: str
) -> None:
    sentences = {
        "zh": "港口周一因风暴关闭，所有渡轮都停在港内，直到晚上才恢复航行。",
        "ja": "港は月曜日に嵐のため閉鎖され、すべてのフェリーは夕方まで港に停泊した。",
        "ko": "항구는월요일에폭풍때문에폐쇄되었고모든여객선은저녁까지항구에머물렀다.",
    }
    for times in (1, 3, 6, 40):
        assert detect_languages(sentences[language] * times).main.code == language
    assert detect_languages(f"{sentences[language] * 6} The ferry left.").main.code == language
