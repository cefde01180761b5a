"""The generated parts of the documents; run as a program, this file writes them.

Settings come from `fanmill.settings`, commands from the command line's own help, and the output
from a real run over the samples.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from typer.main import get_command

from docs.run_book import keys_table
from fanmill.cli.app import app
from fanmill.setting_meanings import setting_meanings
from fanmill.setting_values import setting_text
from fanmill.settings import Settings

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
SETTINGS_PAGE = ROOT / "deploy" / "settings.md"
COMMANDS_PAGE = ROOT / "deploy" / "commands.md"
RUN_BOOK = ROOT / "deploy" / "README.md"
SAMPLES = ("news.jsonl", "languages.jsonl.gz", "articles", "reprints.jsonl", "edge-cases.jsonl")

SETTINGS = ("<!-- settings: begin (make docs) -->", "<!-- settings: end -->")
COMMANDS = ("<!-- commands: begin (make docs) -->", "<!-- commands: end -->")
KEYS = ("<!-- keys: begin (make docs) -->", "<!-- keys: end -->")
OUTPUT = ("<!-- output of make run: begin -->", "<!-- output of make run: end -->")

# Shown in the README: something of each kind, in the order of the table.
SHOWN = (
    "harbour-bridge",
    "zh-tea-market",
    "ar-suq-al-fakhkhar",
    "ja-engawa-no-neko",
    "der-letzte-schluesselmacher.md",
    "muehlenfest-exact-copy",
    "harbour-bridge-reprint-edited",
    "empty-text",
    "emoji-rich",
)


def settings_table() -> str:
    """Return the settings as a Markdown table."""
    rows = ["| variable | default | meaning |", "| --- | --- | --- |"]
    meanings = setting_meanings()
    for name, field in Settings.model_fields.items():
        shown = setting_text(field.default)
        meaning = meanings[name]
        rows.append(f"| `FANMILL_{name.upper()}` | {f'`{shown}`' if shown else ''} | {meaning} |")
    return "\n".join(rows)


def commands() -> dict[str, Any]:
    """Return all commands by full name, such as `rejected list`, in the order of the help."""
    found: dict[str, Any] = {}
    for name, command in get_command(app).commands.items():
        inner = getattr(command, "commands", None)
        if inner is None:
            found[name] = command
        else:
            if command.invoke_without_command:
                found[name] = command
            found.update({f"{name} {below}": each for below, each in inner.items()})
    return found


def _argument(parameter: Any) -> str:
    name = (parameter.metavar or parameter.name.upper()).strip("[].")
    shown = f"{name}..." if parameter.nargs == -1 else name
    return shown if parameter.required else f"[{shown}]"


def commands_table() -> str:
    """Return the commands with the first sentence of their help as a Markdown table."""
    rows = ["| command | purpose |", "| --- | --- |"]
    for name, command in commands().items():
        arguments = "".join(
            f" {_argument(each)}" for each in command.params if each.param_type_name == "argument"
        )
        purpose = " ".join(command.help.partition("\n\n")[0].split())
        rows.append(f"| `fanmill {name}{arguments}` | {purpose} |")
    return "\n".join(rows)


def run_samples() -> tuple[str, str]:
    """Run fanmill over all samples and return what it wrote to stdout and stderr."""
    done = subprocess.run(
        [
            # A single process always judges the copies in the order of the files.
            *(sys.executable, "-m", "fanmill", "run", "--rows", "200", "--processes", "1"),
            *(f"deploy/samples/{name}" for name in SAMPLES),
        ],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout, done.stderr


def excerpt(table: str) -> list[str]:
    """Return the table's head and the rows that the README shows."""
    lines = [line.rstrip() for line in table.splitlines() if line.strip()]
    chosen = [line for line in lines[2:] if line.strip().startswith(tuple(f"{s} " for s in SHOWN))]
    return [*lines[:2], *chosen]


def between(text: str, marks: tuple[str, str]) -> str:
    """Return the text between two marks."""
    return text.partition(marks[0])[2].partition(marks[1])[0].strip("\n")


def put(text: str, marks: tuple[str, str], content: str) -> str:
    """Return the text with something else between two marks."""
    before, _, rest = text.partition(marks[0])
    after = rest.partition(marks[1])[2]
    return f"{before}{marks[0]}\n{content}\n{marks[1]}{after}"


def main() -> None:
    """Write the generated parts into README.md and the pages of `deploy/`."""
    for page, marks, content in (
        (SETTINGS_PAGE, SETTINGS, settings_table()),
        (COMMANDS_PAGE, COMMANDS, commands_table()),
        (RUN_BOOK, KEYS, keys_table()),
    ):
        page.write_text(put(page.read_text(encoding="utf-8"), marks, content), encoding="utf-8")
    table, talk = run_samples()
    shown = "\n".join([*excerpt(table), " ...", talk.strip().splitlines()[-1]])
    text = put(README.read_text(encoding="utf-8"), OUTPUT, f"```text\n{shown}\n```")
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
