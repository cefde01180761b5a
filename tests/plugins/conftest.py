"""Packages with plugins, installed as their authors' users do."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "deploy/examples"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with both examples, for `PYTHONPATH`; pip starts once for all tests."""
    folder = tmp_path_factory.mktemp("packages")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"),
            *("--no-build-isolation", "--disable-pip-version-check", "--target", str(folder)),
            *(
                str(EXAMPLES / "fanmill-tagger-invoice"),
                str(EXAMPLES / "fanmill-statistics-vowels"),
            ),
        ],
        check=True,
    )
    return folder
