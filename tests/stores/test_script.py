"""A script has the definitions of the preludes that it uses, and no other."""

import re
from importlib.resources import files
from pathlib import Path

import pytest
from redis import Redis

from fanmill.stores.script import load

STORES = Path(str(files("fanmill.stores")))
SCRIPTS = sorted(
    (path.parts[-3], path.stem)
    for path in STORES.glob("*/scripts/*.lua")
    if "." not in path.stem and path.stem != "prelude"
)
NAMES = re.compile(r"^local (?:function )?([\w, ]+)", re.MULTILINE)


def preludes(folder: str) -> list[str]:
    return [path.read_text() for path in sorted(STORES.glob(f"{folder}/scripts/prelude*.lua"))]


def defined(source: str) -> set[str]:
    return {name.strip() for names in NAMES.findall(source) for name in names.split(",")}


@pytest.mark.parametrize(("folder", "name"), SCRIPTS)
def test_a_script_has_each_definition_that_it_uses_and_no_other(
    redis: Redis, folder: str, name: str
) -> None:
    source = load(folder, name).source
    used = set(re.findall(r"\w+", re.sub(r"--.*|'[^'\n]*'", "", source)))
    known = {each for prelude in preludes(folder) for each in defined(prelude)}
    assert used & known <= defined(source)
    assert redis.script_load(source) == load(folder, name).digest
    taken = {names for prelude in preludes(folder) for names in NAMES.findall(prelude)}
    for names in taken & set(NAMES.findall(source)):
        mentions = [source.count(name.strip()) for name in names.split(",")]
        assert max(mentions) > 1, names


@pytest.mark.parametrize("folder", ["redis", "index"])
def test_preludes_hold_definitions_alone(folder: str) -> None:
    for prelude in preludes(folder):
        outside = [line for line in prelude.splitlines() if re.match(r"\S", line)]
        others = [line for line in outside if not re.match(r"local |--|end$|\}|\)", line)]
        assert others == []
