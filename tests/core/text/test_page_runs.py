"""Pages without complete paragraphs: overviews, lists behind menus; captions among paragraphs."""

# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

import pytest

from core_texts import analysed
from fanmill.core.summary.extractive import lead

MENU = ["Home", "News", "Contact"]
TEASER = "The lighthouse on the northern cape gets a new lamp before winter, so the keeper is glad"


@pytest.mark.parametrize(
    "end", ["...", "…", " […]", ".\nRead more", ".\nWeiterlesen", ".\nLire la suite"]
)
def test_an_overview_of_teasers_has_no_body(end: str) -> None:
    text = "\n".join(["Home", "News", *(f"Headline {n}\n{TEASER}{end}" for n in range(4))])
    assert analysed(text).body == ()
    assert lead(analysed(text)).sentences == ()


def test_an_article_among_teasers_has_a_body() -> None:
    teasers = [f"Headline {n}\n{TEASER}...\nRead more" for n in range(9)]
    article = [f"{TEASER}, said mate number {n}." for n in range(2)]
    text = "\n".join(["Home", "News", "Contact", *article, *teasers])
    assert analysed(text).body[0][0] == text.index(article[0])


def test_paragraphs_that_break_off_do_not_hide_an_article() -> None:
    teasers = [f"Headline {n}\n{TEASER}..." for n in range(2)]
    article = [f"{TEASER}, said mate number {n}." for n in range(5)]
    text = "\n".join(["Home", "News", *teasers, *article])
    assert analysed(text).body[0][0] == text.index(article[0])


def test_an_article_whose_lines_end_no_sentence_begins_behind_the_menu() -> None:
    lines = [TEASER, f"{TEASER} and of the lens", f"{TEASER} and of the oil"]
    text = "\n".join(["Home", "News", "Contact", "A New Lamp For The Old Cape", *lines, "Share"])
    assert analysed(text).body == ((text.index(lines[0]), text.index("\nShare")),)


@pytest.mark.parametrize(
    "line",
    [
        "An artist’s illustration of the lamp that will be mounted on the cape before the winter.",
        "By Nora Birk, a writer at the Cape Courier who covers the lighthouses of the coast.",
        "Portions of this page are © 1998-2015 by the keepers of the cape and by their families.",
    ],
)
def test_captions_authors_and_rights_are_outside_the_body(line: str) -> None:
    article = [f"{TEASER}, said mate number {n}." for n in range(5)]
    text = "\n".join(["Home", "News", line, *article])
    assert analysed(text).body[0][0] == text.index(article[0])


def with_headings(count: int) -> list[str]:
    return [
        line
        for n in range(count)
        for line in (f"Day {n}", f"{TEASER}, said mate number {n}. {TEASER.replace('new', 'old')}.")
    ]


@pytest.mark.parametrize("count", [4, 6, 9])
def test_an_article_with_a_heading_above_each_paragraph_begins_at_the_first(count: int) -> None:
    article = with_headings(count)
    end = [f"{TEASER}, said mate number {n}." for n in range(90, 92)]
    text = "\n".join(["Home", "News", "Contact", "The lamp, day by day", *article, *end, "Share"])
    (body,) = analysed(text).body
    assert body[0] == text.index(article[1])
    assert body[1] >= text.index(end[-1]) + len(end[-1])


@pytest.mark.parametrize("entries", [6, 12, 20])
def test_lists_between_paragraphs_do_not_end_an_article(entries: int) -> None:
    part = [f"{TEASER}, said mate number {n}. {TEASER.replace('new', 'old')}." for n in range(4)]
    tools = [f"Tool {n}" for n in range(entries)]
    text = "\n".join(["Home", "News", "Contact", *part, *tools, *part[::-1], "Share"])
    (body,) = analysed(text).body
    assert body[0] == text.index(part[0])
    assert body[1] >= text.rindex(part[0]) + len(part[0])


def test_an_article_begins_before_a_long_table_between_its_paragraphs() -> None:
    said = f"{TEASER} and says so. " * 4
    opening = [f"{said}Mate number {n} agrees." for n in range(3)]
    rest = [f"{said}Keeper number {n} agrees." for n in range(30)]
    text = "\n".join([*MENU, *opening, *(f"Row {n}" for n in range(60)), *rest])
    assert analysed(text).body == ((text.index(opening[0]), len(text)),)


def test_headings_and_links_between_lone_paragraphs_do_not_hide_an_article() -> None:
    said = f"{TEASER} and says so. " * 3
    parts = [f"Day {n}\nRelated: day {n}\n{said}Mate number {n} agrees." for n in range(8)]
    about = [f"{TEASER}, as keeper {n} told us." for n in range(2)]
    text = "\n".join([*MENU, *parts, "Cape Courier", "Harbour Street", *about])
    assert analysed(text).body[0][0] == text.index(said)


def test_an_article_behind_many_headlines_begins_behind_them() -> None:
    headlines = [f"{TEASER} as winter {n} comes near and the keeper has no oil" for n in range(60)]
    article = [f"{TEASER} and says so to all who ask. " * 2 + f"Mate {n}." for n in range(9)]
    text = "\n".join([*MENU, *headlines, "Next", *article])
    assert analysed(text).body[0][0] == text.index(article[0])


def test_a_long_menu_separates_a_footer_from_an_article() -> None:
    article = [f"{TEASER}, said mate number {n}." for n in range(6)]
    menu = [f"Section {n}" for n in range(40)]
    footer = [f"{TEASER}, said keeper number {n}." for n in range(2)]
    text = "\n".join(["Home", "News", "Contact", *article, *menu, *footer])
    (start, end), *_ = analysed(text).body
    assert start == text.index(article[0])
    assert end < text.index(footer[0])


NOTICES_IN_A_ROW = {
    "en": "We may receive a commission if you follow a link on this page to a shop, at no cost.",
    "de": "Wir verwenden Cookies, um diese Seite zu verbessern; mehr in den Einstellungen.",
    "fr": "Nous utilisons des cookies pour mesurer l'audience de ce site, avec votre accord.",
    "es": "Utilizamos cookies propias para mejorar su visita a este sitio y para contarlas.",
    "ru": "Наш сайт использует файлы cookie; продолжая просмотр, вы соглашаетесь с этим.",
    "zh": "为了给您更好的体验，本网站会保存Cookie，继续浏览即表示您同意我们的使用方式。",
    "ja": "当サイトでは利便性の向上のためクッキーを使用しています。設定は変更できます。",
}
ARTICLES = {
    "zh": "北角的灯塔在冬天之前要换一盏新灯，守塔人说这盏灯比旧的亮得多，第{n}天就能完工。",
    "ja": "北の岬の灯台は冬が来る前に新しい灯りに替わり、守り人によると{n}日目には工事が終わる。",
}


@pytest.mark.parametrize("language", sorted(NOTICES_IN_A_ROW))
def test_a_body_never_begins_with_notices_far_down_the_page(language: str) -> None:
    said = ARTICLES.get(language, f"{TEASER}, said mate number {{n}}.")
    teasers = [said.format(n=n) for n in range(40, 48)]
    spread = [line for n, each in enumerate(teasers) for line in (each, *[f"Menu {n}"] * 9)]
    article = [said.format(n=n) for n in range(60, 72)]
    text = "\n".join(["Home", *spread, *[NOTICES_IN_A_ROW[language]] * 5, *article])
    assert analysed(text).body[0][0] == text.index(article[0])


DISCLOSURES = {
    "en": "We may receive a commission if you buy something through a link on this page.",
    "de": "Kaufen Sie über einen Affiliate-Link auf der Seite ein, so erhalten wir eine Provision.",
    "fr": "Cette page a des liens affiliés : nous touchons une commission sur vos achats.",
    "es": "Esta página tiene enlaces de afiliados y podemos recibir una comisión por sus compras.",
    "pl": "Na tej stronie są linki afiliacyjne, za które możemy otrzymać prowizję od sprzedawców.",
    "ru": "На странице есть партнёрские ссылки, за которые мы можем получать комиссию.",
    "tr": "Bu sayfadaki satış ortaklığı bağlantıları sayesinde komisyon kazanabiliriz.",
    "vi": "Trang có liên kết tiếp thị; chúng tôi có thể nhận hoa hồng khi bạn mua hàng.",
    "ja": "このページにはアフィリエイトリンクがあり、店から手数料が支払われることがあります。",
    "ko": "이 글에는 제휴 링크가 있으며 물건을 사시면 일정한 수수료를 받을 수 있습니다.",
}
CAPTIONS = {
    "en": "The new lamp on the cape, shortly before it was lit. Courtesy of the Cape Courier.",
    "de": "Ein Leuchtturm bei Sturm: Das Licht ist auch bei Regen zu sehen (Symbolbild).",
    "fr": "Un phare au large de la côte nord pendant la tempête de novembre. Photo d'illustration.",
    "es": "Un faro de la costa norte durante el temporal de la semana pasada. Imagen de archivo.",
    "sv": "Fyren på udden i norr under stormen i november förra året. Arkivbild.",
    "fi": "Pohjoisen niemen majakka myrskyssä viime vuoden marraskuussa. Arkistokuva.",
    "cs": "Maják na severním mysu za bouře v listopadu minulého roku. Ilustrační foto.",
    "uk": "Маяк на північному мисі під час бурі в листопаді минулого року. Архівне фото.",
    "id": "Mercusuar di tanjung utara saat badai pada bulan November tahun lalu. Foto arsip.",
}


@pytest.mark.parametrize("line", [*DISCLOSURES.values(), *CAPTIONS.values()])
def test_disclosures_and_captions_are_outside_the_body(line: str) -> None:
    article = [f"{TEASER}, said mate number {n}." for n in range(5)]
    text = "\n".join(["Home", "News", line, *article])
    assert analysed(text).body[0][0] == text.index(article[0])


@pytest.mark.parametrize(
    "line",
    [
        "The agents receive a commission on each lamp that the cape sells to the islands.",
        "Der Verkäufer erhält eine kleine Provision für jede Lampe, die er auf der Insel verkauft.",
        "We may receive heavy snow on the cape before winter comes, said the keeper of the lamp.",
    ],
)
def test_prose_about_commissions_is_in_the_body(line: str) -> None:
    text = "\n".join(["Home", "News", line, *(f"{TEASER}, said mate {n}." for n in range(5))])
    assert analysed(text).body[0][0] == text.index(line)
