"""Authors of plugins import from `fanmill.plugins` alone; every guide and scaffold shows that."""

import re
from pathlib import Path

import pytest

import fanmill.plugins
from fanmill.cli.commands.tagging import scaffold

ROOT = Path(__file__).parents[2]
_IMPORT = re.compile(
    r"^\s*(?:from (fanmill(?:\.\w+)*) import ([\w, ()]+)|import (fanmill(?:\.\w+)*)\b)",
    re.MULTILINE,
)

EXAMPLES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "deploy/examples").rglob("*.py"))
}
PAGES = {
    str(path.relative_to(ROOT)): "\n".join(
        re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
    )
    for path in (ROOT / "worker/TAGGING.md", ROOT / "worker/README.md", ROOT / "CONTRIBUTING.md")
    if path.is_file()
}
SCAFFOLDS = {"scaffold.MODULE": scaffold.MODULE, "scaffold.TEST": scaffold.TEST}


@pytest.mark.parametrize(
    "source",
    [*EXAMPLES.values(), *PAGES.values(), *SCAFFOLDS.values()],
    ids=[*EXAMPLES, *PAGES, *SCAFFOLDS],
)
def test_authors_import_from_the_public_module_alone(source: str) -> None:
    for module, names, plain in _IMPORT.findall(source):
        assert (module or plain) == "fanmill.plugins"
        for name in re.findall(r"\w+", names):
            assert name in fanmill.plugins.__all__


def test_examples_and_pages_show_the_module() -> None:
    assert sum("fanmill.plugins" in source for source in EXAMPLES.values()) >= 4
    assert all("fanmill.plugins" in source for source in SCAFFOLDS.values())
    assert "fanmill.plugins" in PAGES["worker/TAGGING.md"]


def test_every_public_name_is_there() -> None:
    assert sorted(fanmill.plugins.__all__) == fanmill.plugins.__all__
    for name in fanmill.plugins.__all__:
        assert getattr(fanmill.plugins, name).__doc__
