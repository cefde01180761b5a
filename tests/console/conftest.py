"""A console in this process, on a real server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from starlette.testclient import TestClient

from fanmill.console.accounts import Accounts, Gate
from fanmill.console.app import Options, create_app
from fanmill.screens.reading import Reader
from fanmill.screens.tables import Role
from fanmill.settings import Settings

Opening = Callable[..., TestClient]


@pytest.fixture
def open_console(settings: Settings) -> Iterator[Opening]:
    """Return a client of a console for viewers with a role."""
    with ExitStack() as opened:

        def opening(
            role: Role = "reader",
            gate: Gate | None = None,
            settings: Settings = settings,
            **options: Any,
        ) -> TestClient:
            app = create_app(Reader(settings), gate or Gate(Accounts(), role), Options(**options))
            client = TestClient(app, base_url="http://localhost:9621", follow_redirects=False)
            return opened.enter_context(client)

        yield opening
