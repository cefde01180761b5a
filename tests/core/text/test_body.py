"""Bodies of documents: pages are generated, with the parts that pages of the web have."""

# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_texts import analysed, texts
from fanmill.core.document import Document
from fanmill.core.summary.extractive import lead
from fanmill.core.taggers.keyphrases import keyphrases
from fanmill.core.taggers.topics import find_topics
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.text.notices import is_notice

NOTICES = {
    "en": "Our partners and we store cookies on your device to measure how you use these pages.",
    "de": "Damit Sie alle Inhalte sehen, setzen wir Cookies ein; mehr in den Einstellungen.",
    "fr": "Nous et nos partenaires déposons des cookies pour mesurer l'audience de ce site.",
    "es": "Para mejorar su visita usamos cookies propias y de terceros en este sitio.",
    "it": "Questo sito installa cookie tecnici; continuando accetti le nostre impostazioni.",
    "pt": "Ao navegar neste portal você aceita os cookies que usamos para medir visitas.",
    "nl": "Om deze website te verbeteren plaatsen wij cookies; kies uw instellingen.",
    "pl": "Nasz serwis korzysta z plików cookies zgodnie z ustawieniami przeglądarki.",
    "cs": "Tento web ukládá soubory cookie; používáním stránek s tím souhlasíte.",
    "sv": "Vi sparar kakor för att den här webbplatsen ska fungera så bra som möjligt.",
    "da": "Vi gemmer cookies for at huske dine indstillinger på denne side.",
    "fi": "Käytämme evästeitä, jotta sivusto toimisi paremmin. Voit muuttaa asetuksia.",
    "hu": "Weboldalunk sütiket használ, hogy jobb élményt adjon. Elfogadom.",
    "ro": "Acest site folosește cookie-uri pentru o experiență mai bună a vizitei dvs.",
    "tr": "Sitemizde size daha iyi hizmet vermek için çerezler kullanıyoruz.",
    "el": "Η ιστοσελίδα μας χρησιμοποιεί cookies για να σας προσφέρει καλύτερη εμπειρία.",
    "ru": "Наш сайт сохраняет файлы cookie; продолжая просмотр, вы с этим соглашаетесь.",
    "uk": "Наш сайт зберігає файли cookie, щоб ви мали зручніший перегляд.",
    "bg": "Нашият сайт използва бисквитки, за да ви предложи по-добро обслужване.",
    "ar": "نحن نستخدم ملفات تعريف الارتباط لتحسين تجربتك في الموقع.",
    "he": "האתר שלנו משתמש בקובצי עוגיות כדי לשפר את החוויה שלך.",
    "hi": "हमारी वेबसाइट बेहतर अनुभव के लिए कुकी का उपयोग करती है।",
    "id": "Kami menyimpan cookie agar situs ini lebih nyaman bagi Anda.",
    "vi": "Chúng tôi dùng cookie để trang web này phục vụ bạn tốt hơn.",
    "zh": "为了给您更好的体验，本网站会保存Cookie。",
    "ja": "当サイトでは利便性向上のためクッキーを使用しています。",
    "ko": "당사 사이트는 더 나은 서비스를 위해 쿠키를 사용합니다.",
    "th": "เว็บไซต์ของเราใช้คุกกี้เพื่อให้คุณได้รับประสบการณ์ที่ดี",
}


@pytest.mark.parametrize("language", sorted(NOTICES))
def test_a_cookie_notice_is_a_notice_in_any_wording(language: str) -> None:
    assert is_notice(NOTICES[language])


@pytest.mark.parametrize(
    "line",
    [
        "This story is more than 4 years old.",
        "Dieser Artikel ist älter als 3 Jahre.",
        "Cet article date de plus de 5 ans.",
        "Este artículo tiene más de 2 años.",
        "This page is a year old.",
        "This content is older than five years.",
        "Dieser Beitrag ist mehr als ein Jahr alt.",
        "Cet article a plus d'un an.",
        "Esta noticia tiene más de un año.",
        "Questo articolo ha più di due anni.",
        "Este artigo foi escrito há mais de três anos.",
        "Dit artikel is ouder dan een jaar.",
        "Ten artykuł ma więcej niż rok.",
        "Этому материалу больше двух лет.",
        "Цій статті понад рік.",
        "Bu makale iki yıldan eski.",
        "Den här artikeln är mer än ett år gammal.",
        "此文发表于三年前。",
        "この記事は二年以上前に書かれました。",
        "We and our partners keep information on a device.",
        "Wir und unsere Partner lesen Daten.",
        "Nous et nos partenaires lisons des données.",
        "You have 3 free articles left this month.",
        "Please enable JavaScript in your browser to read the page.",
        "Image source, North Press",
        "Sign up for our weekly letters.",
        "Share this on the network of your choice.",
    ],
)
def test_other_notices(line: str) -> None:
    assert is_notice(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "The bakery sells oat cookies with raisins from six in the morning.",
        "The regulator fined two advertisers for cookies that nobody had allowed.",
        "A third of all pages crash in the new browser, engineers said on Monday.",
        "Der Rat vertagte den Beschluss über den Datenschutz auf den Herbst.",
        "The church is more than 400 years old.",
    ],
)
def test_prose_is_no_notice(line: str) -> None:
    assert not is_notice(line)


MENU = ["Home", "News", "Weather", "Sport", "Sign in", "Search", "Menu", "Subscribe", "About us"]
SHORT = [
    "Related articles",
    "Advertisement",
    "Photo: North Press",
    "Share this article",
    "By Alma Reyes and Tom Okoro",
    "Published 3 March 2024",
]
SUBJECTS = ["The ferry company", "A group of farmers", "The regional court", "Her former teacher"]
VERBS = ["announced plans for", "spent several months on", "wrote a long report about"]
OBJECTS = ["the new harbour wall", "a railway across the moor", "the rights of tenants"]
ENDS = ["despite heavy criticism", "after the storms of last winter", "in front of a large crowd"]


def page(seed: int) -> tuple[str, list[str]]:
    """Return a page, one block a line, and the paragraphs of its article."""
    chance = Random(seed)

    def sentence() -> str:
        parts = (chance.choice(part) for part in (SUBJECTS, VERBS, OBJECTS, ENDS))
        return f"{' '.join(parts)}, number {chance.randrange(10_000)}."

    article = [
        " ".join(sentence() for _ in range(chance.randint(2, 4)))
        for _ in range(chance.randint(3, 12))
    ]
    before = [NOTICES["en"]] if chance.random() < 0.5 else []
    before += chance.sample(MENU, chance.randint(3, len(MENU)))
    if chance.random() < 0.5:
        before += [f"{sentence()[:-1]} again and again.", "Photo: North Press"]
    before += ["Harbour wall divides the town", *chance.sample(SHORT, 3)]
    inside = list(article)
    for _ in range(chance.randint(0, 3)):
        inside.insert(chance.randrange(2, len(inside) + 1), chance.choice(SHORT))
    after = [*chance.sample(MENU, 5), "© 2024 North Press. All rights reserved."]
    return "\n".join([*before, *inside, *after]), article


def test_extracts_of_pages_are_from_the_article() -> None:
    hits = total = 0
    for seed in range(200):
        text, article = page(seed)
        for found in lead(analysed(text)).sentences:
            total += 1
            hits += any(found.text in paragraph for paragraph in article)
    assert total == 600
    assert hits / total >= 0.98


@given(st.integers(0, 10_000))
def test_the_body_of_a_page_has_its_article(seed: int) -> None:
    text, article = page(seed)
    body = [text[start:end] for start, end in analysed(text).body]
    found = sum(any(paragraph in each for each in body) for paragraph in article)
    assert found >= len(article) - 1


@given(texts)
def test_the_body_is_made_of_ordered_spans_and_no_text_with_words_lacks_it(text: str) -> None:
    analysis = analysed(text)
    at = 0
    for start, end in analysis.body:
        assert at <= start < end <= len(text)
        assert text[start:end].strip() == text[start:end]
        at = end
    assert bool(analysis.body) == bool(text.strip())


WRAPPED = (
    "The keeper of the northern light wrote down every ship that passed below his window,\n"
    "and on some evenings he wrote down the whales as well. Nobody had asked him to do it.\n"
    "In the spring a clerk came from the office and took the nine notebooks to the capital,\n"
    "where they were bound in calf. The whales were counted a second time."
)


@pytest.mark.parametrize(
    "text",
    [
        WRAPPED,
        "Salt\nBread\nCandles",
        "The tide is out,\nthe boats lie still,\nthe gulls walk slowly up the hill.",
        "The pool is closed today.",
        "今天游泳池关闭。",
        "# Oars\n\nOars are made of ash.\n\n- light\n- strong",
    ],
)
def test_the_body_of_other_texts_is_the_whole_text(text: str) -> None:
    (body,) = analysed(text).body
    assert body == (0, len(text))


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: Oars\ndescription: All that you must know of oars.\ntags:\n  - sea\n---\n",
        '+++\ntitle = "Oars"\ndescription = "All that you must know of oars."\n+++\n',
        "---\nTitre: Rames\nrésumé: Tout ce qu'il faut savoir.\n...\n",
    ],
)
def test_front_matter_is_no_prose(front: str) -> None:
    text = f"{front}\nOars are made of ash. They last for years."
    assert [each.text for each in lead(analysed(text)).sentences] == [
        "Oars are made of ash.",
        "They last for years.",
    ]


def test_a_rule_between_paragraphs_is_no_front_matter() -> None:
    text = "---\n\nOars are made of ash, and they last.\n\n---\n\nMasts are not."
    assert lead(analysed(text)).sentences[0].text == "Oars are made of ash, and they last."


def test_the_own_words_of_a_mail_come_before_quoted_ones() -> None:
    text = (
        "Hello Mira,\n\nI bring the oars on Friday.\n\n"
        "On 4 May 2024 at 09:12, Mira Voss <mira@example.org> wrote:\n"
        "> Do you still have the oars? We need\n> them on the lake.\n"
    )
    assert [each.text for each in lead(analysed(text)).sentences] == ["I bring the oars on Friday."]


PAGES = {
    "en": """Football Tennis Golf Rugby
The mayor signed the by-law on Monday after the councillors had voted for it twice in May.
Voters of both parties had asked the council for a referendum on the tram for years.""",
    "de": """Bundesliga Tennis Champions-League
Der Bürgermeister unterschrieb die Verordnung, nachdem der Gemeinderat ihr zugestimmt hatte.
Abgeordnete der Opposition hatten im Landtag seit Jahren ein neues Gesetz verlangt.""",
    "zh": """足球 英超 网球
市长星期一签署了新的条例，此前议会两次投票通过了这项法案，选民要求多年的公投也将举行。
两个政党的议员多年来一直要求举行全民公投，反对党的候选人在竞选中也支持这项改革计划。""",
}


@pytest.mark.parametrize("language", sorted(PAGES))
def test_menus_name_neither_keyphrases_nor_topics(language: str) -> None:
    menu, prose = PAGES[language].split("\n", 1)
    entries = menu.split()
    page = "\n".join([*entries, "", prose, ""])
    view = DocumentView(Document("d", page, language=language))
    said = {each.phrase.casefold() for each in keyphrases(view)}
    assert not said & set(map(str.casefold, entries))
    assert [each.topic.name for each in find_topics(view)] == ["politics and government"]


def test_a_headline_before_the_body_still_names_the_subject() -> None:
    prose = "\n".join(PAGES["en"].splitlines()[1:] * 2)
    view = DocumentView(Document("d", f"Home\nWhat the tramway of Kolby will cost\n{prose}\n"))
    assert any("Kolby" in each.phrase for each in keyphrases(view))


@given(texts)
def test_furniture_is_outside_the_body_and_in_text_order(text: str) -> None:
    analysis = analysed(text)
    spans = sorted([*analysis.body, *analysis.furniture])
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
