"""`fanmill rules check` and `fanmill rules test`."""

from pathlib import Path
from typing import Annotated

import typer

from fanmill.cli.console import escaped, fail, guarded, line, stderr
from fanmill.cli.exits import EPILOG, Exit
from fanmill.core.rules.rule import RuleError
from fanmill.core.tagging.document_view import DocumentView
from fanmill.taggers.rules_file import RulesFile, read_rules

app = typer.Typer(no_args_is_help=True, help="Check and test a rules file.", epilog=EPILOG)

File = Annotated[Path, typer.Argument(help="Rules in YAML, or in TOML (.toml).")]


@app.command(epilog=EPILOG)
@guarded
def check(file: File) -> None:
    """Check a rules file; errors name file and line.

    Exit code 1 when something is wrong.

    Examples:

      fanmill rules check rules.yaml
    """
    found = _read(file)
    line(
        f"{file}: {found.rules.size} rules, {len(found.tests)} tests, version {found.rules.version}"
    )


@app.command(epilog=EPILOG)
@guarded
def test(file: File) -> None:
    """Run the tests that stand in a rules file.

    Exit code 1 when one fails or there is none.

    Examples:

      fanmill rules test rules.yaml
    """
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
    if failed or not found.tests:
        if not found.tests:
            stderr.print(escaped(f"{file} has no tests"))
        raise typer.Exit(Exit.FAILURE)


def _read(file: Path) -> RulesFile:
    try:
        return read_rules(file)
    except RuleError as error:
        fail(Exit.FAILURE, str(error))
