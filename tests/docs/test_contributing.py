"""Every path in the guides for maintainers exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_SUFFIXES = r"(?:py|lua|md|toml|json|yaml)"


def _paths(page: str) -> set[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    quoted = re.findall(rf"`([\w./-]+(?:/|\.{_SUFFIXES}))`", text)
    linked = re.findall(r"\]\(([\w./-]+)(?:#[\w-]+)?\)", text)
    return {*quoted, *linked}


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "worker/README.md", "worker/TAGGING.md"])
def test_every_path_on_a_page_exists(page: str) -> None:
    folders = [ROOT, (ROOT / page).parent, ROOT / "worker/fanmill", ROOT / "worker/fanmill/core"]
    scripts = ROOT / "worker/fanmill/stores/redis/scripts"
    for path in _paths(page):
        if path in {"invoice.py", "test_invoice.py"} or path.startswith("http"):
            continue
        places = [folder / path for folder in [*folders, scripts, ROOT / "contracts"]]
        assert any(place.exists() for place in places), f"{page} names {path}, which does not exist"


def test_every_recipe_names_files() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    recipes = re.split(r"^### ", text, flags=re.MULTILINE)[1:]
    titles = [recipe.partition("\n")[0] for recipe in recipes]
    assert titles == [
        "A tagger",
        "A statistic",
        "A quality filter",
        "A kind of tag rule",
        "A language",
        "A stage",
        "A store",
        "A reason for rejection",
    ]
    for recipe in recipes:
        assert len(re.findall(rf"`[\w./-]+\.{_SUFFIXES}`", recipe)) >= 3


def test_the_map_names_every_package_and_module() -> None:
    text = (ROOT / "worker/README.md").read_text(encoding="utf-8")
    package = ROOT / "worker/fanmill"
    names = {
        f"{path.name}/" if path.is_dir() else path.name
        for path in package.iterdir()
        if not path.name.startswith("__") and path.suffix in {"", ".py"}
    }
    assert {name for name in names if name not in text} == set()
    packages = {
        path.name for path in (package / "core").iterdir() if (path / "__init__.py").is_file()
    }
    assert {name for name in packages if f"`{name}/`" not in text} == set()


def test_the_glossary_is_sorted() -> None:
    text = (ROOT / "worker/README.md").read_text(encoding="utf-8")
    table = text.partition("## Glossary")[2].partition("\n## ")[0]
    words = [row.split("|")[1].strip().casefold() for row in table.splitlines() if row[:2] == "| "]
    assert words[2:] == sorted(words[2:])
    assert len(words) > 40
