# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

import textwrap

import pytest

from core_texts import analysed, sentences
from fanmill.core.text.layout import is_column, lay_out
from fanmill.core.text.non_prose import crawl_header_length, is_non_prose
from fanmill.core.text.sentences import sentence_spans


@pytest.mark.parametrize(
    ("text", "lines", "paragraphs"),
    [
        ("", 0, 0),
        ("\n", 1, 0),
        ("a", 1, 1),
        ("a\n", 1, 1),
        ("a\r\nb", 2, 1),
        ("a\n\nb\n \nc", 5, 3),
        ("\n\n a\n", 3, 1),
        ("a\u2028b\x85c\rd", 4, 1),
    ],
)
def test_lines_and_paragraphs_are_counted(text: str, lines: int, paragraphs: int) -> None:
    layout = lay_out(text, "en")
    assert (layout.lines, layout.paragraphs) == (lines, paragraphs)


@pytest.mark.parametrize(
    "line",
    [
        "Source: People's Daily",
        "source：Xinhua",
        "来源：人民日报",
        "（记者 张三）",
        "责任编辑：王五",
        "Quelle: dpa",
        "Fuente: EFE",
        "Источник: ТАСС",
        "المصدر: وكالات",
        "By Jane Doe and Li Wei",
        "Von Anna Müller, Berlin",
        "© 2022 Example Ltd. All rights reserved.",
        "Published: 5 August 2022",
    ],
)
def test_notes_beside_the_prose_are_furniture(line: str) -> None:
    assert is_non_prose(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Sources close to the minister say otherwise.",
        "By Monday the water had reached the old town.",
        "By far the best",
        "Dates and figs are sweet: try them.",
        "Source: " + "a long story, " * 20,
        "来源不明的消息很多。",
    ],
)
def test_prose_is_no_furniture(line: str) -> None:
    assert not is_non_prose(line)


def test_a_crawl_header_is_the_whole_line_unless_the_article_follows() -> None:
    header = " date 2022-08-05 Rain at last. What now?"
    assert crawl_header_length(header) == len(header)
    assert crawl_header_length(header + " It rained." * 40) == len(" date 2022-08-05")
    assert crawl_header_length("The date 2022-08-05 is set.") == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A page break, alone and with page number and running head.
        ("Snow lay on the pass until\n\x0cthe end of June. Then it melted.", 2),
        ("Snow lay on the pass until\n\n14\n\x0cthe end of June. Then it melted.", 2),
        ("Der Schnee lag bis\n\n- 3 -\n\x0cEnde Juni auf dem Pass. Dann schmolz er.", 2),
        ("山上的雪一直到六月底才\n\x0c开始融化。然后河水上涨了。", 2),
        ("山の雪は六月の末になってようやく\n\x0c解け始めた。", 1),
        # Initials, dashes and numbers at the starts of wrapped lines.
        ("The mill on the upper river was drawn in great detail by\nM. Okoro for the town.", 1),
        ("Le moulin, que la commune avait acheté l'an dernier\n— trop cher, dit-on —, brûle.", 1),
        ("Die Mühle am oberen Fluss brannte in der Nacht zum\n3. Oktober vollständig ab.", 1),
        ("Мельница на реке, которую город купил в прошлом году\n– слишком дорого, – сгорела.", 1),
        # Real items stay apart.
        ("We need for the long trip to the coast:\n- bread and water\n- a map", 3),
        ("A. Read the whole page first\nB. Answer all the questions below\nC. Leave", 3),
        # Quoted mail.
        ("> Can you bring the large key to the\n> mill tomorrow? I have\n> lost mine.", 2),
        ("Yes.\n> Can you bring it to the\n> mill?\nI can.", 3),
        ("> > Will he come to the\n> > mill?\n> No idea.", 2),
    ],
)
def test_sentences_continue_over_pages_wrapped_lines_and_quotes(text: str, expected: int) -> None:
    assert len(sentences(text)) == expected


RUNNING = "".join(
    f"Annals of Mills 12\n\nThe wheel of the {name} mill was turned by\n\n{page}\n\x0c"
    f"Annals of Mills 12\n\na stream that never froze. The {name} one was built of oak.\n\n\x0c"
    for page, name in enumerate(("upper", "old", "northern"))
)


def test_running_heads_and_page_numbers_are_not_in_sentences() -> None:
    analysis = analysed(RUNNING)
    said = [analysis.readable(*span) for span in analysis.sentences]
    assert not [each for each in said if "Annals" in each and "wheel" in each]
    wheels = [each.split() for each in said if "wheel" in each]
    assert wheels == [
        f"The wheel of the {name} mill was turned by a stream that never froze.".split()
        for name in ("upper", "old", "northern")
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The cen-\ntury began.", ["The", "century", "began"]),
        ("Das Ver-\r\nfahren ruht.", ["Das", "Verfahren", "ruht"]),
        ("Le gou-\nvernement", ["Le", "gouvernement"]),
        ("Прави-\nтельство", ["Правительство"]),
        ("Luft-\nund Raumfahrt", ["Luft", "und", "Raumfahrt"]),
        ("a well-\nknown mill", ["a", "well", "known", "mill"]),
        ("sea-front and sea-\nfront", ["sea", "front", "and", "sea", "front"]),
        ("Baden-\nWürttemberg", ["Baden", "Württemberg"]),
    ],
)
def test_words_broken_at_line_ends_are_whole(text: str, words: list[str]) -> None:
    analysis = analysed(text)
    assert analysis.words == words
    assert analysis.folded_words == [word.casefold() for word in words]
    assert [analysis.readable(*span) for span in analysis.word_spans] == words


def test_bars_quote_mail_unless_they_are_a_table() -> None:
    quoted = (
        "| Could the choir sing in the small chapel, as the\n| large one is cold in winter?\n\nYes."
    )
    assert len(sentences(quoted)) == 2
    assert lay_out(quoted, "en").quoted
    assert not lay_out("| town | rain |\n| Arden | 12 |\n", "en").quoted
    assert not lay_out("cat a.txt |\n| sort\n", "en").quoted


def test_a_sentence_goes_on_behind_the_running_head_of_a_page() -> None:
    text = "The ships that came in spring were loaded with\n\x0c\n{head}\n\ntimber. They left."
    for head in ("Annals of Shipping 31", "31 Annals of Shipping", "31"):
        assert len(sentences(text.format(head=head))) == 2


def test_a_compound_goes_on_behind_its_hyphen() -> None:
    text = "Nous avons traversé la plaine vers Saint-\nMalo par le train. Il pleuvait."
    assert len(sentences(text)) == 2


@pytest.mark.parametrize(
    "row",
    ["— — —", "---", "***", "* * *", "~", "§", "◇◇◇", "• • •", "—", "⁂", "###", "___", "❧", "🌸🌸"],
)
@pytest.mark.parametrize(
    ("language", "before", "behind"),
    [
        ("en", "The ferry leaves the old harbour of the town at eight", "nobody is on board."),
        ("de", "Die Fähre verlässt den alten Hafen der Stadt um acht und", "niemand ist an Bord."),
        ("el", "Το πλοίο φεύγει από το παλιό λιμάνι στις οκτώ το πρωί", "κανείς δεν ήρθε."),
        ("zh", "一只猫。", "一只猫。"),
        ("ja", "猫がいる", "犬もいる。"),
        ("hi", "नाव आठ बजे बंदरगाह से जाती है", "कोई नहीं आया।"),
        ("he", "המעבורת עוזבת את הנמל הישן בשעה שמונה", "איש לא בא."),
    ],
)
def test_a_row_of_signs_ends_the_prose_on_both_sides(
    row: str, language: str, before: str, behind: str
) -> None:
    prose = lay_out(f"{before}\n{row}\n{behind}", language).prose
    found = [prose[start:end] for start, end in sentence_spans(prose, language)]
    assert found == [before, behind]


@pytest.mark.parametrize("left_over", ["”", ")", ".", "»", ".”", "…"])
def test_a_mark_alone_on_its_line_belongs_to_the_sentence_before(left_over: str) -> None:
    text = f"The ferry leaves the old harbour of the town at eight\n{left_over}\n\nBring a coat."
    assert len(sentences(text)) == 2
    assert sentences(text)[0].endswith(left_over)


@pytest.mark.parametrize(
    "lines",
    [
        [
            "2031-05-02 08:15:00 WARN the disk of the second mill is almost full",
            "2031-05-02 08:15:07 ERROR cannot write the table of the tides: /srv/tides.txt",
            "2031-05-02 08:15:08 INFO stopped",
        ],
        [
            "[08:15] nora: are you coming to the old harbour this evening or not",
            "[08:17] piet: yes, as soon as the children are asleep and the rain stops",
            "[08:17] nora: Good",
        ],
        [
            "02/05/2031, 08:15 - Nora: Are you coming to the old harbour this evening",
            "02/05/2031, 08:17 - Piet: Yes, as soon as the children are asleep",
        ],
        [
            "Interviewer: And when did you come to live in this valley by the sea?",
            "Mrs Odell: When the mill was closed, and nobody had any work to offer",
            "Interviewer: Did you never want to leave again?",
        ],
        [
            "The plan of the new harbour wall is here: https://example.org/harbour/wall?page=2",
            "Tomorrow we vote",
        ],
        ["For the dough:", "500 g flour", "1 tbsp. oil", "2 tsp. salt"],
        ["Yours sincerely,", "R. Boyd"],
        [
            "We walked along the harbour wall all the way to the lighthouse #harbour",
            "Tomorrow we sail",
        ],
    ],
)
def test_lines_of_logs_chats_transcripts_and_posts_are_apart(lines: list[str]) -> None:
    assert sentences("\n".join(lines)) == lines


def test_a_time_or_a_name_with_a_colon_at_a_line_start_may_be_prose() -> None:
    text = (
        "The last ferry to the islands leaves the old harbour every evening at about\n"
        "10:30 and comes back late. It has one rule for all who travel without a ticket on\n"
        "Sundays: they pay twice."
    )
    assert len(sentences(text)) == 2


COLUMNS = {
    "de": [
        "Die alte Mühle am Fluss wurde im Herbst an eine Gruppe von Bauern aus dem Tal verkauft.",
        "Niemand weiß, was der Müller Hansen und seine Frau Greta nun in der Stadt Kiel vorhaben.",
    ],
    "en": [
        "The old mill by the river was sold in October to farmers from Lower Kolby and the valley.",
        "Nobody knows what Peter Hansen and his wife Greta will do now that they live in Arden.",
    ],
    "pl": [
        "Stary młyn nad rzeką sprzedano jesienią rolnikom z Dolnego Kolna i z całej doliny Noteci.",
        "Nikt nie wie, co Piotr Hański i jego żona Greta zrobią teraz, gdy mieszkają w Toruniu.",
    ],
}


@pytest.mark.parametrize("language", sorted(COLUMNS))
@pytest.mark.parametrize("width", [28, 33, 38])
def test_sentences_go_on_over_the_lines_of_a_narrow_column(language: str, width: int) -> None:
    lines = textwrap.wrap(" ".join(COLUMNS[language]), width)
    assert is_column(lines, max(map(len, lines)))
    prose = lay_out("\n".join(lines), language).prose
    found = [prose[start:end] for start, end in sentence_spans(prose, language)]
    assert found == COLUMNS[language]


@pytest.mark.parametrize(
    "lines",
    [
        ["Ana Ito", "Harbour Road 4", "Kolby", "Telephone 20", "open on Mondays"],
        ["The boat goes out,", "the boat comes in,", "the gulls are loud", "the rope", "is thin"],
        ["Wash the old apples", "Peel every one of them", "Cut them", "Boil them", "Eat"],
    ],
)
def test_addresses_verse_and_lists_are_no_columns(lines: list[str]) -> None:
    assert not is_column(lines, max(map(len, lines)))
