"""The mill that the tests of intake drive."""

import pytest

from builders import Mill


@pytest.fixture
def mill() -> Mill:
    return Mill()
