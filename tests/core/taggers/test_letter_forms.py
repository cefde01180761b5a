"""Greetings and sign-offs of letters are no keyphrases; the names beside them may be."""

# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

import pytest
from hypothesis import given

from core_texts import analysed, texts
from fanmill.core.taggers.keyphrases import keyphrases
from fanmill.core.taggers.letter_forms import letter_spans

LETTERS = {
    "en": ("Dear Ms Vale", "The garden pump leaks. The garden pump is new.", "Kind regards"),
    "de": (
        "Sehr geehrte Frau Vogt",
        "die Gartenpumpe ist undicht. Die Gartenpumpe ist neu.",
        "Mit freundlichen Grüßen",
    ),
    "fr": ("Bonjour Claire", "la pompe fuit. La pompe du jardin est neuve.", "Bien cordialement"),
    "es": ("Estimada Clara", "la bomba gotea. La bomba del jardín es nueva.", "Saludos cordiales"),
    "it": ("Gentile Chiara", "la pompa perde. La pompa del giardino è nuova.", "Distinti saluti"),
    "pt": ("Prezada Clara", "a bomba vaza. A bomba do jardim é nova.", "Atenciosamente"),
    "nl": ("Beste Klaas", "de tuinpomp lekt. De tuinpomp is nieuw.", "Met vriendelijke groet"),
    "sv": ("Hej Klara", "trädgårdspumpen läcker. Pumpen är ny.", "Med vänliga hälsningar"),
    "fi": ("Hei Klaara", "puutarhapumppu vuotaa. Pumppu on uusi.", "Ystävällisin terveisin"),
    "pl": ("Dzień dobry", "pompa ogrodowa cieknie. Pompa jest nowa.", "Pozdrawiam serdecznie"),
    "cs": ("Dobrý den", "zahradní čerpadlo teče. Čerpadlo je nové.", "S přátelským pozdravem"),
    "hu": ("Kedves Klára", "a kerti szivattyú csöpög. A szivattyú új.", "Szívélyes üdvözlettel"),
    "tr": ("Merhaba Can", "bahçe pompası damlatıyor. Pompa yeni.", "Saygılarımla"),
    "ru": ("Добрый день", "садовый насос течёт. Насос новый.", "С наилучшими пожеланиями"),
    "uk": ("Добрий день", "садовий насос тече. Насос новий.", "З найкращими побажаннями"),
    "el": ("Καλημέρα Κλειώ", "η αντλία στάζει. Η αντλία είναι καινούργια.", "Με εκτίμηση"),
    "he": ("שלום דנה", "המשאבה דולפת. המשאבה חדשה מאוד.", "בכבוד רב"),
    "ar": ("عزيزي سامي", "مضخة الحديقة تسرب الماء. المضخة جديدة.", "مع خالص التحية"),
}


@pytest.mark.parametrize("language", LETTERS)
@pytest.mark.parametrize("end", [",\n{name}", "\n{name}", ", {name}", "!\n\n{name}\n"])
def test_a_sign_off_is_no_keyphrase(language: str, end: str) -> None:
    greeting, body, closing = LETTERS[language]
    text = f"{greeting},\n\n{body}\n\n{closing}{end.format(name='Ilka Brandt')}"
    found = [each.phrase.casefold() for each in keyphrases(analysed(text))]
    assert found
    said = set(closing.casefold().split())
    assert not [phrase for phrase in found if said & set(phrase.split())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Sehr geehrte Frau Vogt,\n\nes regnet.\n\nViele Grüße, Ilka",
            ["Sehr geehrte", "Viele Grüße"],
        ),
        ("안녕하세요.\n비가 옵니다.\n감사합니다.\n김하나", ["안녕하세요.", "감사합니다."]),
        ("Hi,\n" + "a reed bends\n" * 500 + "Mange hilsner\r\nBo\n\n", ["Hi", "Mange hilsner"]),
        ("Hello Tom,\nit rains.\nThanks!\nIlka", ["Hello", "Thanks!"]),
        ("Dear diary\nis a book.\nBest of all, it is short.", []),
        ("The team sends its best regards to the keeper.\nHe is ill.", []),
        ("Best regards", []),
    ],
)
def test_spans_end_before_names_and_prose_has_none(text: str, expected: list[str]) -> None:
    assert [text[start:end].strip() for start, end in letter_spans(text)] == expected


@given(texts)
def test_spans_are_in_the_text(text: str) -> None:
    assert all(0 <= start < end <= len(text) for start, end in letter_spans(text))
