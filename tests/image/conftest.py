"""Tests of the image take minutes, root and debootstrap: they run when asked for by their mark."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark of this folder."""
    config.addinivalue_line("markers", "image: builds the image; run with make test-image")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests out unless they are asked for."""
    if "image" in config.option.markexpr:
        return
    for item in items:
        if item.get_closest_marker("image"):
            item.add_marker(pytest.mark.skip(reason="builds the image; run with make test-image"))
