"""`fanmill rules check` and `fanmill rules test`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fanmill.cli.console import counted, fail, guarded, line, remark
from fanmill.cli.exits import Exit
from fanmill.cli.help import Command, Group

if TYPE_CHECKING:
    from fanmill.taggers.rules_file import RulesFile

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Check and test a file of tag rules.

    Examples:

      fanmill rules check rules.yaml
    """,
)

File = Annotated[Path, typer.Argument(metavar="FILE", help="Rules in YAML, or in TOML (.toml).")]


@app.command(cls=Command)
@guarded
def check(file: File) -> None:
    """Check a rules file; errors name file and line.

    Exit code 1 if something is wrong.

    Examples:

      fanmill rules check rules.yaml
    """
    found = _read(file)
    rules, tests = counted(found.rules.size, "rule"), counted(len(found.tests), "test")
    line(f"{file}: {rules}, {tests}, version {found.rules.version}")


@app.command(cls=Command)
@guarded
def test(file: File) -> None:
    """Run the tests in a rules file.

    Exit code 1 if one fails or there is none.

    Examples:

      fanmill rules test rules.yaml
    """
    from fanmill.core.tagging.document_view import DocumentView

    found = _read(file)
    failed = 0
    for each in found.tests:
        tags = {tag.value for tag in found.rules.match(DocumentView(each.document))}
        lacking = [value for value in each.expect if value not in tags]
        unwanted = [value for value in each.expect_not if value in tags]
        if lacking or unwanted:
            failed += 1
            parts = [f"lacks {value!r}" for value in lacking]
            parts += [f"has {value!r}" for value in unwanted]
            line(
                f"{file}:{each.line}: {', '.join(parts)}; tags: {', '.join(sorted(tags)) or 'none'}"
            )
    line(f"{file}: {len(found.tests) - failed} passed, {failed} failed")
    if not found.tests:
        remark(f"{file} has no tests")
    if failed or not found.tests:
        raise typer.Exit(Exit.FAILURE)


def _read(file: Path) -> RulesFile:
    from fanmill.core.rules.rule import RuleError
    from fanmill.taggers.rules_file import read_rules

    try:
        return read_rules(file)
    except RuleError as error:
        fail(Exit.FAILURE, str(error))
