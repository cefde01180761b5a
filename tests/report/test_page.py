"""The page of a report: valid, small, for itself, and nothing of a producer acts in it."""

import itertools
import re
from html.parser import HTMLParser

import pytest

from fanmill.report.charts import WIDTH, _ticks, columns
from fanmill.report.page import page_of
from report_records import HOSTILE, analysed, record, rejection, report_of

VOID = {"meta", "br", "hr", "img", "link", "input"}


class Balance(HTMLParser):
    """Checks that elements are closed in order; collects elements, attributes and text."""

    def __init__(self, page) -> None:
        super().__init__()
        self.open, self.found, self.attributes, self.text = [], [], [], []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.found.append(tag)
        self.attributes += [(tag, *each) for each in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append(tag)
        self.attributes += [(tag, *each) for each in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def full_view(name="harbour"):
    records = [analysed(f"d{n}", words=n * 7, title=name, after=n * 60) for n in range(60)]
    records += [record(f"{name}-{n}", original="d1", title=name) for n in range(12)]
    texts = {
        "d1": f"It rains. The {name} is closed. The ferry leaves.",
        f"{name}-0": f"It rains. Nobody came. The {name} is closed.",
    }
    return report_of(*records, rejections=[rejection(error=name)] * 1234, texts=texts)


@pytest.mark.parametrize(
    "view",
    [report_of(), report_of(record("only")), report_of(analysed("only", 0)), full_view()],
    ids=["empty", "one", "one with statistics", "full"],
)
def test_a_page_is_balanced_and_loads_nothing(view):
    page = page_of(view)
    parsed = Balance(page)
    assert page.startswith("<!doctype html>")
    assert {"script", "link", "img", "iframe", "object"}.isdisjoint(parsed.found)
    places = [value for _, name, value in parsed.attributes if name in {"src", "href", "action"}]
    assert all(value.startswith("#") for value in places)
    ids = {value for _, name, value in parsed.attributes if name == "id"}
    assert {value[1:] for value in places} <= ids
    urls = set(re.findall(r"https?://[^\"' <]+", page)) - {"http://www.w3.org/2000/svg"}
    assert urls == set()
    assert "url(" not in page
    assert "@import" not in page


def test_an_empty_corpus_says_what_to_do():
    page = page_of(report_of())
    assert "fanmill run FILES --output results.jsonl" in page
    assert "fanmill report results.jsonl" in page


def test_numbers_are_those_of_the_view():
    text = " ".join(" ".join(Balance(page_of(full_view())).text).split())
    for shown in ("1,234", "Documents 72", "Unique 60", "Duplicates 12", "and 2 more"):
        assert shown in text, shown
    assert "shares 2 of 3 sentences" in text


def test_hostile_texts_are_shown_and_do_nothing():
    plain, hostile = full_view(), full_view(HOSTILE)
    page = page_of(hostile)
    parsed = Balance(page)
    assert sorted(set(parsed.found)) == sorted(set(Balance(page_of(plain)).found))
    assert not any(name.startswith("on") for _, name, _ in parsed.attributes)
    assert "\x1b" not in page
    assert "\u202e" not in page
    shown = "".join(parsed.text)
    assert "</title><script>alert(1)</script>" in shown
    assert "{{ 7 * 7 }}" in shown


def test_tables_say_what_they_are():
    page = page_of(full_view())
    tables = re.findall(r"<table.*?</table>", page, re.DOTALL)
    assert len(tables) > 10
    for table in tables:
        assert "<caption>" in table
        assert '<th scope="col"' in table
        assert not re.search(r"<th(?! scope=)[ >]", table)
    charts = re.findall(r"<svg [^>]*>", page)
    assert charts
    for chart in charts:
        assert 'role="img"' in chart
        assert "aria-label=" in chart
        assert "viewBox=" in chart


def test_a_large_corpus_makes_a_small_page():
    long = "x" * 5_000
    records = [
        analysed(
            f"{long}{n}",
            words=n,
            language=f"l{n % 300}",
            title=long,
            problems=[{"producer": f"{long}{n}", "stage": "tag"}],
        )
        for n in range(400)
    ]
    records += [record(f"{n}{long}", original=f"{long}{n % 40}", title=long) for n in range(400)]
    rejections = [{**rejection(error=long), "exception": f"E{n}"} for n in range(300)]
    texts = {each["document_id"]: long for each in records}
    page = page_of(report_of(*records, rejections=rejections, texts=texts))
    Balance(page)
    assert len(page.encode()) < 400_000


def test_the_page_follows_the_theme_and_has_a_style_for_print():
    page = page_of(full_view())
    assert "color-scheme: light dark" in page
    assert "@media (prefers-color-scheme: dark)" in page
    assert "@media print" in page
    style = page.partition("<style>")[2].partition("</style>")[0]
    body = page.replace(style, "")
    assert re.findall(r"(?:fill|stroke)=\"#", body) == [], "colors come from the style sheet"
    used = set(re.findall(r"var\((--[a-z]+)\)", page))
    assert used <= set(re.findall(r"(--[a-z]+):", style))


@pytest.mark.parametrize("highest", [0, 1, 2, 3, 4, 5, 7, 99, 100, 101, 8_000, 1_000_001])
def test_the_vertical_axis_has_few_round_numbers_up_to_the_highest(highest):
    ticks = _ticks(highest)
    assert ticks[0] == 0
    assert ticks[-1] >= highest
    assert 2 <= len(ticks) <= 6
    assert len({b - a for a, b in itertools.pairwise(ticks)}) == 1


@pytest.mark.parametrize(("length", "number"), [(2, 12), (8, 12), (10, 48), (99, 1)])
def test_labels_of_columns_do_not_overlap(length, number):
    chart = columns([(f"{n:0{length}d}", n) for n in range(number)], label="", axis="")
    shown = re.findall(r'text-anchor="middle"[^>]*>(\d+)</text>', chart)
    assert shown
    assert number == 1 or len(shown) * length * 8 <= WIDTH


def test_a_chart_without_rows_is_nothing():
    assert columns([], label="", axis="") == ""
    assert "&lt;b&gt;" in columns([("<b>", 1)], label="<b>", axis="<b>")
