"""Boilerplate and containment in every fingerprint index, on Redis and in memory."""

from __future__ import annotations

from dedup_judging import judge, verdicts
from dedup_texts import candidate, text


def test_lines_count_once_a_unique_document(index):
    header = "Home News Sport Weather Contact\n"
    assert header.strip()
    for i in range(2):
        judge(index, candidate(f"d{i}", header + text(i)))
    judge(index, candidate("copy", header + text(1)))
    parameters = candidate("x", header + text(9), index=index)
    assert parameters.fingerprint.full is None
    judge(index, candidate("d2", header + text(2)))
    assert candidate("x", header + text(9), index=index).fingerprint.full is not None


def test_a_reprint_under_a_known_header_is_found_by_its_content(index):
    headers = [
        "\n".join(text((site, line), 8).replace("\n", " ") for line in range(12)) for site in (1, 2)
    ]
    for site in (0, 1):
        for i in range(3):
            body = headers[site] + "\n" + text((site, i), 150)
            judge(index, candidate(f"s{site}-{i}", body, index=index))
    article = text("article", 150)
    (first,) = judge(index, candidate("first", headers[0] + "\n" + article, index=index))
    (reprint,) = judge(index, candidate("reprint", headers[1] + "\n" + article, index=index))
    assert first.verdict == "unique"
    assert (reprint.verdict, reprint.original_id, reprint.view) == ("near", "first", "content")
    assert reprint.jaccard > 0.95


def test_a_reprint_inside_a_longer_page_is_found_by_containment(make_index):
    article, rest = text("article", 300), text("rest", 150)
    index = make_index()
    first, page = judge(index, candidate("a", article), candidate("b", article + "\n" + rest))
    assert first.verdict == "unique"
    assert (page.verdict, page.decided_by, page.original_id) == ("near", "containment", "a")
    assert page.containment > 0.8
    assert page.jaccard < 0.75


def test_containment_can_be_switched_off(make_index):
    index = make_index(containment=False)
    article = text("article", 300)
    made = judge(
        index,
        candidate("a", article, parameters=index.parameters),
        candidate("b", article + text("rest", 150), parameters=index.parameters),
    )
    assert verdicts(made) == [("unique", None), ("unique", None)]


def _report(number: int) -> str:
    """Return a report from a template: each tenth word is a figure of its own."""
    words = text("template", 200).split()
    return " ".join(f"{number * 31 + i}" if i % 10 == 0 else w for i, w in enumerate(words))


def test_reports_from_one_template_are_not_near_and_copies_of_old_ones_are_exact(index):
    for start in range(0, 600, 50):
        made = judge(index, *(candidate(f"r{i}", _report(i)) for i in range(start, start + 50)))
        assert {j.verdict for j in made} == {"unique"}
    copies = judge(index, *(candidate(f"c{i}", _report(i)) for i in range(0, 600, 30)))
    assert [(j.verdict, j.original_id) for j in copies] == [
        ("exact", f"r{i}") for i in range(0, 600, 30)
    ]


def test_an_identical_page_is_exact_though_its_menu_became_known_in_between(index):
    menu = "\n".join(text(("menu", line), 6).replace("\n", " ") + "." for line in range(15))
    page = menu + "\n" + text("page", 100)
    judge(index, candidate("first", page, index=index))
    for i in range(3):
        judge(index, candidate(f"d{i}", menu + "\n" + text(i, 300), index=index))
    copy = candidate("copy", page, index=index)
    assert copy.fingerprint.full is not None
    assert verdicts(judge(index, copy)) == [("exact", "first")]


def test_light_edits_of_an_old_report_are_found_among_its_many_siblings(index):
    for start in range(0, 300, 50):
        judge(index, *(candidate(f"r{i}", _report(i)) for i in range(start, start + 50)))
    made = judge(
        index,
        *(candidate(f"e{i}", _report(i).replace(" ", "  ", 3) + " end") for i in range(0, 300, 30)),
    )
    assert [j.original_id for j in made] == [f"r{i}" for i in range(0, 300, 30)]
