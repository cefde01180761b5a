"""Languages that the detector lacks: own sentences of each, and what must not be taken for them."""

# ruff: noqa: E501, RUF001 (sentences, and letters of other scripts look like Latin ones)

import pytest
from hypothesis import given

from core_texts import PARAGRAPHS, texts
from fanmill.core.document import Document
from fanmill.core.language.detection import detect_languages
from fanmill.core.language.profiles import profiled_language
from fanmill.core.taggers.builtin import language
from fanmill.core.tagging.document_view import DocumentView

SENTENCES = {
    "af": "Ons buurman se dak lek al weer, en hy wil dit nie self regmaak nie, want hy is te oud.",
    "as": "আমাৰ ঘৰৰ চালখন ভাঙিল আৰু বৰষুণৰ পানী ভিতৰলৈ সোমাল।",
    "ceb": "Ang atop sa among balay naguba sa bagyo ug kinahanglan kining ayohon sa dili pa moulan.",
    "cy": "Mae to ein tŷ ni wedi torri yn y storm ac mae'n rhaid ei drwsio cyn y glaw nesaf.",
    "eo": "La tegmento de nia domo rompiĝis en la ŝtormo kaj ni devas ripari ĝin antaŭ la pluvo.",
    "fo": "Regnið fer ígjøgnum takið á húsinum hjá okkum, so vit mugu bøta tað, áðrenn stormurin kemur.",
    "ga": "Bhris an stoirm díon an tí againn agus caithfimid é a dheisiú sula dtagann an bháisteach.",
    "gd": "Bhris an stoirm mullach an taighe againn agus feumaidh sinn a chàradh mus tig an t-uisge.",
    "ha": "Guguwa ta lalata rufin gidanmu kuma dole ne mu gyara shi kafin ruwan sama ya sake zuwa.",
    "ig": "Oké ifufe mebiri elu ụlọ anyị, anyị kwesịrị imezi ya tupu mmiri ozo ezoo.",
    "ilo": "Nadadael ti atep ti balaymi iti bagyo ket masapul a tarimaanenmi sakbay nga agtudo.",
    "jv": "Payon omahku rusak amarga angin gedhe, mula kudu didandani sadurunge udan teka maneh.",
    "ky": "Биздин үйдүн чатыры бороондо бузулуп калды, аны жамгырга чейин оңдош керек.",
    "lb": "Den Daach vun eisem Haus ass am Stuerm futti gaangen an mir mussen en elo flécken.",
    "lg": "Omuyaga gwayonoona akasolya k'ennyumba yaffe era tulina okukaddaabiriza ng'enkuba tennatonnya.",
    "mg": "Rava ny tafon'ny tranonay noho ny rivotra mahery ka tsy maintsy amboarina izany alohan'ny orana.",
    "mi": "I pakaru te tuanui o tō mātou whare i te tupuhi, ā, me whakatika i mua i te ua.",
    "mt": "Is-saqaf tad-dar tagħna nkiser fil-maltempata u rridu nsewwuh qabel ma terġa' tagħmel ix-xita.",
    "om": "Qilleensi cimaan bantii mana keenyaa balleesse, roobni osoo hin dhufin suphuu qabna.",
    "ps": "د کور چت مې په توپان کې ړنګ شو او د باران نه مخکې یې باید جوړ کړو.",
    "rw": "Umuyaga wasenye igisenge cy'inzu yacu kandi tugomba kugisana mbere y'uko imvura yongera kugwa.",
    "sn": "Dutu rakaparadza denga remba yedu uye tinofanira kurigadzira mvura isati yanaya zvakare.",
    "so": "Duufaantu waxay jebisay saqafka gurigeenna waana inaan dayactirnaa ka hor inta uusan roob iman.",
    "st": "Sefefo se sentse marulelo a ntlo ya rona mme re tshwanetse ho a lokisa pele pula e nna hape.",
    "su": "Hateup imah kuring ruksak ku angin gedé, jadi kudu gancang dibebenerkeun saméméh hujan.",
    "sw": "Dhoruba iliharibu paa la nyumba yetu na lazima tulitengeneze kabla mvua haijanyesha tena.",
    "tg": "Боми хонаи мо аз тӯфон хароб шуд ва онро пеш аз борон таъмир кардан лозим аст, ҳамсоя мегӯяд.",
    "ti": "ናሕሲ ገዛና ብህቦብላ ፈሪሱ ኣሎ፣ ቅድሚ ዝናብ ክንጽግኖ ኣለና።",
    "tn": "Phefo e sentse marulelo a ntlo ya rona mme re tshwanetse go a baakanya pele pula e na gape.",
    "ts": "Xidzedze xi onhile lwangu ra yindlu ya hina naswona hi fanele ku ri lunghisa mpfula yi nga si na.",
    "ug": "بوراندا ئۆيىمىزنىڭ ئۆگزىسى بۇزۇلدى، يامغۇردىن بۇرۇن ئوڭشىشىمىز كېرەك.",
    "uz": "Uyimizning tomi bo'ronda buzildi va uni yomg'irdan oldin tuzatishimiz kerak bo'ladi.",
    "yi": "דער דאַך פֿון אונדזער הויז איז צעבראָכן געוואָרן אין שטורעם און מיר מוזן אים פֿאַרריכטן.",
    "yo": "Ìjì náà ba òrùlé ilé wa jẹ́, a sì gbọ́dọ̀ tún un ṣe kí òjò tó rọ̀.",
}


@pytest.mark.parametrize("code", list(SENTENCES))
def test_a_sentence_of_a_language_that_the_detector_lacks_has_its_name(code: str) -> None:
    assert detect_languages(SENTENCES[code]).main.code == code


@pytest.mark.parametrize("relatives", [("xh", "zu", "ss"), ("st", "tn", "nso")])
def test_close_relatives_are_told_from_all_others(relatives: tuple[str, ...]) -> None:
    said = {
        "xh": "Isaqhwithi sonakalise uphahla lwendlu yethu kwaye kufuneka silungise phambi kwemvula.",
        "st": SENTENCES["st"],
    }[relatives[0]]
    assert detect_languages(said).main.code in relatives


@pytest.mark.parametrize("code", sorted(PARAGRAPHS))
def test_a_known_language_is_none_of_them(code: str) -> None:
    found = detect_languages(PARAGRAPHS[code] * 3)
    assert {each.language.code for each in found.segments} == {code}


@given(texts)
def test_a_profile_has_a_confidence(text: str) -> None:
    found = profiled_language(text)
    assert found is None or (0.0 < found.confidence < 1.0 and len(found.code) in {2, 3})


@pytest.mark.parametrize(
    ("text", "code", "others"),
    [
        ("Jutros sam kupio kruh i mlijeko u dućanu pokraj kolodvora.", "hr", "bs, sr"),
        (SENTENCES["st"], "st", "tn, nso"),
        ("The roof of our house broke in the storm, and we must mend it soon.", "en", None),
    ],
)
def test_a_language_that_is_not_clear_comes_with_its_relatives(
    text: str, code: str, others: str | None
) -> None:
    (found,) = language(DocumentView(Document("d", text)))
    assert found.value == code
    assert found.reason == (others and f"or a close relative: {others}")
