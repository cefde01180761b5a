"""Fixtures of the steps."""

import pytest

from builders import Mill


@pytest.fixture
def mill() -> Mill:
    return Mill()
