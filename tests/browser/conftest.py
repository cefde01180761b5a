"""A console with documents of every state, which all tests of a process share, and a browser."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from browser.installation import Installation, installed

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

Opening = Callable[..., Any]


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A console for an admin."""
    with installed(tmp_path_factory.mktemp("console"), hostile=True) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium; its tests are skipped where it is missing.

    Playwright runs an event loop in this thread: it must have ended before other tests run theirs.
    """
    if CHROMIUM is None:
        pytest.skip("NOT TESTED: no Chromium; make test-browser installs it")
    api = pytest.importorskip("playwright.sync_api", reason="NOT TESTED: make test-browser")
    with api.sync_playwright() as running:
        # Root has no sandbox of its own.
        options = ["--no-sandbox", "--force-color-profile=srgb"]
        launched = running.chromium.launch(executable_path=CHROMIUM, args=options)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def tab(browser: Any, installation: Installation) -> Iterator[tuple[Any, list[str]]]:
    """A page of a browser, with what went wrong in it."""
    context = browser.new_context(viewport={"width": 1600, "height": 900}, reduced_motion="reduce")
    page, troubles = context.new_page(), []
    page.set_default_timeout(60_000)

    def said(message: Any) -> None:
        # An act that is refused answers with 422, and Chromium tells that, too.
        if message.type in {"error", "warning"} and "status of 422" not in message.text:
            troubles.append(f"{page.url}: {message.text}")

    def sent(request: Any) -> None:
        if not request.url.startswith((installation.url, "data:")):
            troubles.append(f"a request to {request.url}")

    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    page.on("console", said)
    page.on("request", sent)
    yield page, troubles
    context.close()


@pytest.fixture
def open_page(tab: tuple[Any, list[str]], installation: Installation) -> Iterator[Opening]:
    """Open a page and collect what goes wrong in it, which must be nothing at the end."""
    page, troubles = tab
    troubles.clear()
    page.context.clear_cookies()

    def opening(path: str) -> Any:
        page.goto(installation.url + path, wait_until="load")
        return page

    yield opening
    page.set_viewport_size({"width": 1600, "height": 900})
    page.emulate_media(color_scheme="light")
    page.evaluate("sessionStorage.clear()")
    assert troubles == []
