"""Lines around an article that are not its prose: credits, dates, salutations."""

# ruff: noqa: RUF001 (letters of other scripts belong to the texts)

import pytest

from fanmill.core.analysis import Analysis
from fanmill.core.document import Document
from fanmill.core.summary.extractive import lead

ARTICLE = {
    "de": "Der Damm am See wurde am Montag verstärkt. Die Arbeiten dauerten drei Wochen.",
    "en": "The dam at the lake was strengthened on Monday. The work took three weeks.",
    "es": "El dique del lago fue reforzado el lunes. Las obras duraron tres semanas.",
    "fr": "La digue du lac a été renforcée lundi. Les travaux ont duré trois semaines.",
    "hu": "A tó gátját hétfőn megerősítették. A munka három hétig tartott.",
    "ko": "호수의 둑이 월요일에 보강되었다. 공사는 삼 주가 걸렸다.",
    "pl": "Tama na jeziorze została w poniedziałek wzmocniona. Prace trwały trzy tygodnie.",
    "ru": "Плотину на озере укрепили в понедельник. Работы длились три недели.",
    "tr": "Göldeki set pazartesi günü güçlendirildi. Çalışma üç hafta sürdü.",
    "uk": "Дамбу на озері зміцнили в понеділок. Роботи тривали три тижні.",
}


def first_sentence(text: str) -> str:
    analysis = Analysis(Document("d", text))
    return text[slice(*next((s.start, s.end) for s in lead(analysis).sentences))]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("de", "Hallo Ida!"),
        ("en", "Hello Ida!"),
        ("es", "Estimada Ida Vega,"),
        ("fr", "Bonjour Ida !"),
        ("hu", "Kedves Ida!"),
        ("ko", "안녕하세요, 이다!"),
        ("pl", "Cześć Ido!"),
        ("ru", "Здравствуйте, Ида!"),
        ("tr", "Merhaba Ida!"),
        ("uk", "Добрий день, Ідо!"),
        ("hu", "Frissítve 2023. június 4. 9:30"),
        ("ko", "입력 2023.06.04. 오전 9:30 수정 2023.06.04. 오후 1:20"),
        ("pl", "Fot. Ida Lis / Gazeta Jeziorna"),
        ("uk", "Фото: І. Лис / Озерна газета"),
        ("tr", "Fotoğraf: İ. Kaya / Göl Postası"),
        ("fr", "Crédit photo : I. Lis / La Gazette"),
    ],
)
def test_a_line_before_the_article_is_not_in_the_summary(language: str, line: str) -> None:
    article = ARTICLE[language]
    assert article.startswith(first_sentence(f"{line}\n\n{article}"))


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Liebe kennt keine Grenzen."),
        ("en", "Dear is the lake to all who swim in it."),
        ("en", "Updated rules of 2019 are kept in the town hall."),
        ("ru", "Дорогой ценой досталась эта плотина."),
    ],
)
def test_a_sentence_that_begins_like_such_a_line_stays(language: str, sentence: str) -> None:
    assert first_sentence(f"{sentence}\n\n{ARTICLE[language]}") == sentence


def test_a_salutation_alone_is_the_whole_text() -> None:
    assert first_sentence("Hello Ida!") == "Hello Ida!"
