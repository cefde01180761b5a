# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

import pytest

from fanmill.core.text.layout import lay_out
from fanmill.core.text.non_prose import crawl_header_length, is_non_prose


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
