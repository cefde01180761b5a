"""Draws the pictures of the console's guide; run as a program, for `make console-pictures`.

    PYTHONPATH=tests python -m browser.pictures [FOLDER]

The pictures show the samples of this repository, and counts of a day that never was.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import structlog
from playwright.sync_api import sync_playwright

from browser.conftest import CHROMIUM
from browser.installation import Installation, installed

FOLDER: Final = Path(__file__).parents[2] / "deploy" / "console"
MAX_BYTES: Final = 150_000
"""Limit of a picture: whoever clones the repository loads all of them."""

WIDE: Final = (1200, 760)
PHONE: Final = (400, 760)


def pictures(running: Installation) -> dict[str, tuple[str, str, tuple[int, int]]]:
    """Return path, color scheme and size of each picture by its name."""
    edit = next(each for each in running.things() if each.endswith("/edit"))
    return {
        "overview": ("/", "light", (1200, 860)),
        "overview-phone": ("/", "dark", PHONE),
        "documents-phone": ("/documents?q=lang:en", "light", PHONE),
        "document": ("/documents/harbour-bridge", "light", WIDE),
        "failures": ("/failures", "dark", (1200, 480)),
        "dry-run": ("/actions/new?kind=replay&where=stage:tag", "light", (1200, 640)),
        "edit": (edit, "dark", WIDE),
    }


def draw(page: Any, folder: Path, running: Installation) -> None:
    """Draw all pictures into a folder."""
    for name, (path, scheme, (width, height)) in pictures(running).items():
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.goto(running.url + path, wait_until="load")
        if path == "/":
            # The chart is drawn after its data came.
            page.wait_for_selector(".u-over")
        drawn = page.screenshot(path=folder / f"{name}.png")
        if len(drawn) > MAX_BYTES:
            raise SystemExit(f"{name}.png has {len(drawn):,} bytes; the limit is {MAX_BYTES:,}")
        sys.stderr.write(f"{name}.png: {len(drawn):,} bytes\n")


def main() -> None:
    """Start a console and a browser, and draw."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(exist_ok=True)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with (
        TemporaryDirectory() as scratch,
        installed(Path(scratch), hostile=False) as running,
        sync_playwright() as api,
    ):
        options = ["--no-sandbox", "--force-color-profile=srgb"]
        browser = api.chromium.launch(executable_path=CHROMIUM, args=options)
        page = browser.new_page()
        page.set_default_timeout(60_000)
        draw(page, folder, running)
        browser.close()


if __name__ == "__main__":
    main()
