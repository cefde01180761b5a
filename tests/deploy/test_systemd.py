"""The units of `deploy/systemd` are valid, hardened, and run commands that exist."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from fanmill.cli.app import app
from linters import run, tool

UNITS = sorted((Path(__file__).parents[2] / "deploy" / "systemd").glob("*.service"))
PROGRAM = "/opt/fanmill/bin/fanmill"


@pytest.fixture(params=UNITS, ids=lambda path: path.name)
def unit(request: pytest.FixtureRequest) -> Path:
    """Each unit in turn."""
    path: Path = request.param
    return path


def test_there_is_a_template_for_every_role() -> None:
    roles = {re.sub(r"fanmill-(\w+)@", r"\1", path.stem) for path in UNITS}
    assert roles == {"intake", "worker", "sink", "metrics", "console"}


def test_the_unit_is_valid(unit: Path, tmp_path: Path) -> None:
    # The program is not installed here; another one takes its place.
    text = unit.read_text(encoding="utf-8")
    assert text.count(PROGRAM) == 1
    copy = tmp_path / unit.name
    copy.write_text(text.replace(PROGRAM, "/bin/true"), encoding="utf-8")
    assert run(tool("systemd-analyze"), "verify", "--man=no", copy) == ""


def test_the_unit_has_few_rights(unit: Path) -> None:
    """At most 1.5 of 10: `systemd-analyze security` calls that OK."""
    found = run(tool("systemd-analyze"), "security", "--offline=true", "--threshold=15", unit)
    assert re.search(r"Overall exposure level .*: [01]\.\d", found)


def test_the_command_of_the_unit_exists(unit: Path) -> None:
    command = re.search(rf"^ExecStart={PROGRAM} (\w+)$", unit.read_text("utf-8"), re.MULTILINE)
    assert command
    assert command[1] in getattr(get_command(app), "commands", {})
