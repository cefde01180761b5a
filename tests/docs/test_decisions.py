"""The pages of decisions: each is in the index and has its four parts."""

import re

import pytest

from docs.generated import ROOT

FOLDER = ROOT / "worker" / "decisions"
PAGES = sorted(FOLDER.glob("0*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_has_context_figures_decision_and_cost(page):
    text = page.read_text(encoding="utf-8")
    number = page.name.partition("-")[0]
    assert text.startswith(f"# {number}. ")
    parts = re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE)
    assert sorted(parts) == ["Context", "Cost", "Decision", "Figures"]


def test_the_index_lists_each_page_by_its_title():
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d{4}) \| \[(.+)\]\((\S+)\) \|$", index, re.MULTILINE)
    titles = [page.read_text(encoding="utf-8").partition("\n")[0] for page in PAGES]
    assert [f"# {number}. {title}" for number, title, _ in rows] == titles
    assert [name for _, _, name in rows] == [page.name for page in PAGES]


@pytest.mark.parametrize("page", [*PAGES, FOLDER / "README.md", ROOT / "SECURITY.md"])
def test_files_that_a_page_names_exist(page):
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`((?:tests|deploy|contracts|worker)/[\w./-]+)`", text)
    for path in named:
        assert (ROOT / path).exists(), path
