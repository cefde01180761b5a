"""The documents against the code: commands, settings, dependencies, output, code samples."""

import re
import tomllib
from threading import Event

import pytest
from redis import Redis

from docs.generated import (
    COMMANDS,
    COMMANDS_PAGE,
    OUTPUT,
    README,
    ROOT,
    SETTINGS,
    SETTINGS_PAGE,
    between,
    commands,
    commands_table,
    excerpt,
    run_samples,
    settings_table,
)
from fanmill.cli.exits import Exit
from fanmill.local.server import EmbeddedServer
from fanmill.settings import Settings
from fanmill.wiring import Wiring
from fanmill_contracts import decode_ingested

DOCUMENTS = (
    "README.md",
    "contracts/README.md",
    "deploy/BACKFILL.md",
    "deploy/README.md",
    "deploy/commands.md",
    "deploy/dependencies.md",
    "deploy/settings.md",
    "worker/DUPLICATES.md",
)
TEXT = README.read_text(encoding="utf-8")
OF_ONE_MACHINE = re.compile(r"/(?:Users|builds|home|root|work|workspace)/")
"""Folders in which people and build machines keep their checkouts."""


def test_the_table_of_commands_is_what_the_code_says():
    page = COMMANDS_PAGE.read_text(encoding="utf-8")
    assert between(page, COMMANDS) == commands_table(), "run: make docs"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_command_line_in_the_documents_exists_with_its_options(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    known = commands()
    lines = re.findall(r"^\s*\$ (?:\w+=\S+ )*fanmill ([^\n`]+)$", text, re.MULTILINE)
    lines += re.findall(r"`fanmill ([^`]+)`", text)
    for line in lines:
        words = line.partition("|")[0].split("#")[0].split()
        if words[0] == "--partition":
            # An option of `fanmill` itself, before the command.
            words = words[2:] or ["status"]
        command = known.get(" ".join(words[:2])) or known.get(words[0])
        if words[0] == "rejected" and len(words) == 1:
            continue
        assert command is not None, line
        options = {option for each in command.params for option in each.opts}
        for word in words:
            if word.startswith("--"):
                assert word.partition("=")[0] in options | {"--help"}, line


def test_the_documents_list_each_exit_code():
    page = COMMANDS_PAGE.read_text(encoding="utf-8")
    for code in Exit:
        assert re.search(rf"(?m)^\|? ?`?{code.value}`?\b", page), code


def test_the_settings_table_is_what_the_code_says():
    page = SETTINGS_PAGE.read_text(encoding="utf-8")
    assert between(page, SETTINGS) == settings_table(), "run: make docs"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_setting_in_the_documents_exists(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    known = {f"FANMILL_{field.upper()}" for field in Settings.model_fields}
    assert set(re.findall(r"FANMILL_[A-Z_]+[A-Z]", text)) <= known


def test_each_dependency_has_its_row_and_each_row_a_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {(name_of(line), "") for line in project["project"]["dependencies"]}
    for extra, lines in project["project"]["optional-dependencies"].items():
        wanted |= {(name_of(line), extra) for line in lines if not line.startswith("fanmill")}
    wanted |= {(name_of(line), "dev") for line in project["dependency-groups"]["dev"]}
    page = (ROOT / "deploy" / "dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z0-9-]+) \| ([a-z]*) ?\| .{10,} \|$", page, re.MULTILINE)[1:]
    assert set(rows) == wanted
    assert len(rows) == len(wanted)


def name_of(requirement: str) -> str:
    return re.match(r"[A-Za-z0-9_.-]+", requirement)[0]


def test_the_output_in_the_readme_is_what_a_run_shows():
    """Rows, verdicts, sizes and keyphrases are the same in every run; only seconds differ."""
    table, talk = run_samples()
    shown = between(TEXT, OUTPUT).splitlines()[1:-1]
    # Documents run side by side: of a pair of copies either may come first.
    rows = {line.strip() for line in excerpt(table)}
    for line in shown[:-2]:
        if " exact of " not in line:
            assert line.strip() in rows, line
    assert shown[-1].split(" in ")[0] == talk.strip().splitlines()[-1].split(" in ")[0]
    assert shown[-1].partition(": ")[2] == talk.strip().splitlines()[-1].partition(": ")[2]


@pytest.mark.parametrize("name", ["README.md", "contracts/README.md"])
def test_the_python_in_the_documents_runs(name, server: EmbeddedServer):
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    # Examples that wait for results need workers; the tests of the contract run them.
    runnable = [block for block in blocks if "Publisher(" in block and "Results(" not in block]
    assert runnable
    stream = "fanmill:document.ingested"
    with Redis(port=server.port) as redis:
        for block in runnable:
            before = redis.xlen(stream)
            code = block.replace("redis://localhost:6379/0", server.url)
            exec(compile(code, name, "exec"), {})  # noqa: S102  our own document
            assert redis.xlen(stream) > before
        redis.delete(stream)


@pytest.mark.parametrize("name", ["README.md", "contracts/README.md"])
def test_the_plain_xadd_in_the_documents_is_taken(name, settings: Settings):
    text = (ROOT / name).read_text(encoding="utf-8")
    stream, body = re.search(
        r"redis-cli XADD (\S+) '\*' event '(\{.*?\})'$", text, re.MULTILINE
    ).groups()
    assert stream == Settings().streams.ingested
    if "..." not in body:
        assert decode_ingested(body).data.text
    wiring = Wiring(settings)
    wiring.redis.execute_command("XADD", wiring.keys.ingested, "*", "event", body)
    wiring.ledger.open()
    wiring.intake("plain").poll(Event(), wait_seconds=0)
    counted = wiring.redis.hgetall(wiring.keys.counters)
    assert counted == {b"admitted": b"1", b"received": b"1"}


def test_links_in_the_documents_lead_somewhere():
    for name in DOCUMENTS:
        path = ROOT / name
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{name}: {target}"


def test_no_file_speaks_of_a_path_of_one_machine():
    for path in ROOT.rglob("*.md"):
        if ".venv" not in path.parts:
            assert not OF_ONE_MACHINE.search(path.read_text(encoding="utf-8")), path
