import pytest
import typer

from fanmill.cli.console import load_settings
from fanmill.cli.exits import Exit


def test_an_unknown_set_of_statistics_ends_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANMILL_STATISTICS", "quality,vowls")
    with pytest.raises(typer.Exit) as ended:
        load_settings()
    assert ended.value.exit_code == Exit.USAGE
    monkeypatch.setenv("FANMILL_STATISTICS", "quality, filters")
    assert load_settings().statistics == ("quality", "filters")
