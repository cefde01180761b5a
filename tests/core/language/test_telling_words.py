"""Close relatives: told by words that only one of them has, or with a confidence below 0.9."""

# ruff: noqa: E501, RUF001 (sentences, and letters of other scripts look like Latin ones)

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_texts import PARAGRAPHS
from fanmill.core.language import detection
from fanmill.core.language.detection import detect_languages
from fanmill.core.language.detectors import Detector, EldcDetector, FastTextDetector, eldc
from fanmill.core.language.relatives import alternatives
from fanmill.core.language.telling_words import telling_words, told_by_words

GROUPS = telling_words()
SENTENCES = {
    "ast": "La mio hermana tien dellos llibros de la ciudá, pero güei los neños nun quieren lleelos porque ta lloviendo.",
    "gl": "A miña irmá ten moitos libros da cidade, pero hoxe os nenos non queren lelos porque está a chover.",
    "oc": "Ma sòrre a fòrça libres de la vila, mai uèi los enfants los vòlon pas legir perque plòu dempuèi lo matin.",
    "ca": "La meva germana té molts llibres de la ciutat, però avui els nens no els volen llegir perquè plou.",
    "es": "Mi hermana tiene muchos libros de la ciudad, pero hoy los niños no quieren leerlos porque llueve.",
    "pt": "A minha irmã tem muitos livros da cidade, mas hoje as crianças não querem lê-los porque está a chover.",
    "lb": "Meng Schwëster huet vill Bicher vun der Stad, awer haut wëllen d'Kanner se net liesen, well et reent.",
    "fo": "Systir mín hevur nógvar bøkur, men í dag vilja børnini ikki lesa tær, tí tað regnar uttan íhald.",
    "is": "Systir mín á margar bækur, en í dag vilja börnin ekki lesa þær, því það rignir án afláts.",
    "ceb": "Ang akong igsoon adunay daghang libro, apan karon ang mga bata dili gusto nga mobasa kay nag-ulan.",
    "ky": "Эжемдин китептери көп, бирок бүгүн балдар аларды окугусу келбейт, анткени эртеден бери жамгыр жаап жатат жана суук болуп турат.",
    "mn": "Манай эгчид олон ном байдаг боловч өнөөдөр бороо орж байгаа тул хүүхдүүд унших дургүй байна.",
    "ba": "Апайымдың китаптары күп, әммә бөгөн балалар уларҙы уҡырға теләмәй, сөнки иртәнән бирле ямғыр яуа һәм һыуыҡ.",
    "tt": "Апамның китаплары күп, әмма бүген балалар аларны укырга теләми, чөнки иртәдән бирле яңгыр ява һәм салкын.",
    "yi": "מיין שוועסטער האט א סך ביכער, אבער היינט ווילן די קינדער זיי נישט לייענען, ווייל עס רעגנט דורך דעם גאנצן טאג.",
    "ti": "ሓፍተይ ብዙሕ መጻሕፍቲ ኣለዋ፣ ሎሚ ግን እቶም ቆልዑ ከንብብዎ ኣይደልዩን እዮም፣ ካብ ንግሆ ዝናብ ይዘንብ ኣሎ።",
    "sk": "Moja sestra má veľa kníh o meste, ale dnes ich deti nechcú čítať, pretože od rána prší a je zima.",
    "cs": "Moje sestra má hodně knih o městě, ale dnes je děti nechtějí číst, protože od rána prší a není teplo.",
    "da": "Min søster har mange bøger om byen, men i dag vil børnene ikke læse dem, fordi det regner meget udenfor.",
    "no": "Søsteren min har mange bøker om byen, men i dag vil ikke barna lese dem etter at det begynte å regne.",
    "bg": "Сестра ми има много книги за града, но днес децата не искат да ги четат, защото вали от сутринта.",
    "mk": "Сестра ми има многу книги за градот, но денес децата не сакаат да ги читаат бидејќи врне од утрото.",
}


@pytest.fixture(params=["eldc", "fastText"], autouse=True)
def detector(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Detector:
    """Return each detector, and let all texts be judged by it."""
    if request.param == "eldc" and eldc is None:
        pytest.skip("eldc has no wheel for this machine")
    chosen: Detector = EldcDetector() if request.param == "eldc" else FastTextDetector()
    monkeypatch.setattr(detection, "detector", lambda: chosen)
    return chosen


@pytest.mark.parametrize("group", list(GROUPS))
def test_a_telling_word_stands_for_one_language_of_its_group(group: str) -> None:
    for one, other in combinations(GROUPS[group].values(), 2):
        assert not one & other


@pytest.mark.parametrize("language", list(SENTENCES))
def test_a_sentence_is_in_its_language_or_the_answer_is_unsure(language: str) -> None:
    found = detect_languages(SENTENCES[language]).main
    assert found.code == language or found.confidence < 0.9


@pytest.mark.parametrize("language", ["ast", "gl", "lb", "fo", "is", "ceb", "ky", "mn", "yi"])
def test_telling_words_name_the_small_relative(language: str) -> None:
    assert detect_languages(SENTENCES[language]).main.code == language


@pytest.mark.parametrize("language", ["ast", "oc", "lb", "fo"])
def test_a_long_text_of_a_small_relative_is_in_it_as_a_whole(language: str) -> None:
    text = "\n\n".join([SENTENCES[language]] * 30)
    found = detect_languages(text)
    assert found.main.code == language
    weight = {each.language.code: each.weight for each in found.segments}
    assert max(weight, key=weight.__getitem__) == language


def test_words_speak_for_a_paragraph_of_a_large_relative() -> None:
    told = told_by_words(PARAGRAPHS["de"], "de")
    assert told is not None
    assert (told.code, told.own > told.others) == ("de", True)


@given(st.sampled_from(list(GROUPS)), st.data())
def test_the_language_with_most_words_wins_and_a_draw_keeps_the_first(
    group: str, data: st.DataObject
) -> None:
    code = data.draw(st.sampled_from(sorted(GROUPS[group])))
    own = data.draw(st.sets(st.sampled_from(sorted(GROUPS[group][code])), max_size=6))
    told = told_by_words(" ".join(own), code)
    assert told is not None
    assert (told.code, told.own) == (code, len(own))
    assert told.is_clear == (len(own) >= 2)
    for other in GROUPS[group].keys() - {code}:
        against = told_by_words(" ".join(own), other)
        assert against is not None
        assert against.code == (code if len(own) >= 2 else other)


def test_an_unsure_answer_names_its_relatives() -> None:
    assert set(alternatives("es", 0.8)) == {"gl", "pt", "ast"}
    assert alternatives("es", 0.95) == ()
    for group in GROUPS.values():
        for code in group.keys() - {"vi", "ig", "ru", "is"}:
            assert alternatives(code, 0.5), code
