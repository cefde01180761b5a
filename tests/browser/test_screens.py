"""All screens in a real browser: both themes, narrow and wide, without a fault of accessibility."""

import os
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from browser.conftest import Opening
from browser.installation import HOSTILE, Installation
from fanmill.console.pages import PAGES

PATHS = [page.path for page in PAGES if "{" not in page.path]
PICTURES = os.environ.get("FANMILL_PICTURES", "")
"""Folder for pictures of the screens; empty for none."""

_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}


def violations(page: Any) -> list[str]:
    """Return what axe-core objects to."""
    import axe_playwright_python

    source = Path(axe_playwright_python.__file__).with_name("axe.min.js")
    page.evaluate(source.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, rules)", _RULES)["violations"]
    return [
        f"{each['id']}: {node['html'][:120]} {node.get('failureSummary', '')[:200]}"
        for each in found
        for node in each["nodes"][:3]
    ]


def background(page: Any) -> tuple[int, int, int]:
    """Return the color of a pixel beside the contents, as it was drawn."""
    png = page.screenshot(clip={"x": 2, "y": 700, "width": 1, "height": 1})
    return _pixel(png)


def _pixel(png: bytes) -> tuple[int, int, int]:
    """Return the only pixel of a PNG picture of 8 bits."""
    import struct
    import zlib

    stream, data = BytesIO(png[8:]), b""
    while head := stream.read(8):
        size, kind = struct.unpack(">I4s", head)
        body = stream.read(size)
        stream.read(4)
        data += body if kind == b"IDAT" else b""
    red, green, blue = zlib.decompress(data)[1:4]
    return red, green, blue


def look(page: Any, path: str, scheme: str, width: int) -> None:
    """Check a screen as it is now."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    assert violations(page) == []
    light = sum(background(page)) / 3
    assert light > 230 if scheme == "light" else light < 40
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if PICTURES:
        name = re.sub(r"[^a-z0-9]+", "-", path).strip("-")[:40] or "overview"
        page.wait_for_timeout(800)
        page.screenshot(path=f"{PICTURES}/{name}-{scheme}-{width}.png", full_page=True)


def visit(open_page: Opening, path: str) -> None:
    """Look at a screen in light and wide, then in dark and narrow; nothing of it is executed."""
    page = open_page(path)
    assert page.locator("h1").count() == 1
    look(page, path, "light", 1600)
    look(page, path, "dark", 400)
    if PICTURES:
        look(page, path, "light", 400)
        look(page, path, "dark", 1600)
    assert "owned" not in page.title()
    assert HOSTILE not in page.content()


@pytest.mark.parametrize("path", PATHS)
def test_a_screen_is_accessible_and_fits(open_page: Opening, path: str) -> None:
    visit(open_page, path)


def test_the_screens_of_things_are_accessible_and_fit(
    open_page: Opening, installation: Installation
) -> None:
    for path in installation.things():
        visit(open_page, path)
