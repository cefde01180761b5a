"""Help pages: grouped, readable at any width, with commands to paste at the end."""

import re
import shlex

import pytest
from typer.main import get_command

from cli_runner import CliRunner
from fanmill.cli.app import app
from fanmill.cli.exits import Exit, exit_of
from fanmill.cli.help import examples_of
from fanmill.core.text.escapes import escape_controls

ROOT = get_command(app)


def pages() -> dict[str, object]:
    """Return each command and group by its full name; the empty name is `fanmill` itself."""
    found = {"": ROOT}
    for name, command in ROOT.commands.items():
        found[name] = command
        for below, inner in getattr(command, "commands", {}).items():
            found[f"{name} {below}"] = inner
    return found


def page(name: str, option: str = "--help", columns: int = 80) -> str:
    runner = CliRunner(env={"COLUMNS": str(columns), "TERMINAL_WIDTH": str(columns)})
    done = runner.invoke(app, [*name.split(), option], prog_name="fanmill")
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("name", pages())
def test_a_page_fits_the_terminal_and_ends_in_its_examples(name):
    text = page(name, columns=80)
    body, _, examples = text.rpartition("Examples:\n")
    assert [line.strip() for line in examples.splitlines()] == examples_of(pages()[name].help)
    assert max(map(len, body.splitlines())) <= 80
    assert not re.search(r"<(bool|str|int|list)", text), "types say nothing to an operator"
    assert "{" not in body.partition("\n")[0]
    assert text == escape_controls(text, keep_line_breaks=True)


@pytest.mark.parametrize("name", pages())
def test_h_is_short_for_help_and_each_example_is_a_command_that_parses(name):
    assert page(name, "-h") == page(name)
    examples = examples_of(pages()[name].help)
    own = [line for line in examples if re.search(rf"\bfanmill {name}(?:\b|$)", line)]
    assert own, "at least one example is of this command"
    for line in examples:
        for part in line.split("|"):
            words = [word for word in shlex.split(part) if not re.fullmatch(r"[A-Z_]+=\S+", word)]
            if words[:1] != ["fanmill"]:
                continue
            parse(words[1:])


def parse(words):
    """Parse a command line as `fanmill` does, and run nothing."""
    if words[-1] in {"-h", "--help"}:
        words = words[:-1]
    command, name = ROOT, "fanmill"
    while hasattr(command, "commands") and words:
        name, *words = words
        command = command.commands[name]
    if not hasattr(command, "commands"):
        command.make_context(name, list(words))


def test_the_commands_are_grouped_and_the_exit_codes_are_said_once():
    text = page("", columns=120)
    titles = re.findall(r"^(\w[\w ]+):$", text, re.MULTILINE)
    assert titles == [
        "Options",
        "Service",
        "Documents",
        "Duplicates",
        "Tagging",
        "Operations",
        "Exit codes",
        "Examples",
    ]
    for code in Exit:
        assert re.search(rf"^  {code.value}\s", text, re.MULTILINE), code
    for name in filter(None, pages()):
        assert "Exit codes" not in page(name)


def test_completion_can_be_installed():
    assert "--install-completion" in page("")


def test_each_error_class_with_an_exit_code_exists():
    from importlib import import_module

    from fanmill.cli import exits

    for name, code in exits._EXITS.items():
        module, _, kind = name.rpartition(".")
        assert (
            exit_of(
                getattr(import_module(module), kind).__new__(getattr(import_module(module), kind))
            )
            is code
        )
