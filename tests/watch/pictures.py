"""The pictures of `fanmill watch` in the documents, from a real run: make watch-pictures.

Intake, worker and sink process the samples for some minutes; then the terminal is drawn in both
themes. The pictures name no file of another host, and no font that must be loaded.
"""

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path
from time import monotonic

from fanmill.screens.acts import Viewer
from fanmill.screens.reading import Reader
from fanmill.settings import Settings
from fanmill.watch.app import WatchApp
from watch.scene import scene

FOLDER = Path(__file__).parents[2] / "deploy" / "watch"
VIEWS = ("overview", "failures")
THEMES = ("dark", "light")
SIZE = (100, 24)
MAX_BYTES = 150_000
_FACE = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
_FONTS = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
_DEADLINE_SECONDS = 120.0


def names() -> list[str]:
    """Return the names of all pictures."""
    return [f"{view}-{theme}.svg" for view in VIEWS for theme in THEMES]


def cleaned(svg: str) -> str:
    """Return a picture without fonts of other hosts."""
    return _FACE.sub("", svg).replace("Fira Code, monospace", _FONTS)


async def draw(settings: Settings, theme: str) -> dict[str, str]:
    """Return the pictures of a theme by name."""
    drawn = {}
    app = WatchApp(Reader(settings), Viewer("anna@mill1", "operator"), "staging", 60.0)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("s", "s", *("t" if theme == "light" else ""))
        for view in VIEWS:
            app.action_go(view)
            deadline = monotonic() + _DEADLINE_SECONDS
            while app.main.look is None or app.main.look.view != view:
                assert monotonic() < deadline, f"{view} is not shown"
                await pilot.pause(0.05)
            await pilot.pause(0.5)
            svg = app.export_screenshot(title="fanmill watch")
            drawn[f"{view}-{theme}.svg"] = cleaned(svg)
    return drawn


def main() -> None:
    """Write all pictures; minutes of the run are the only argument."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, scene(Path(folder), minutes) as environment:
        os.environ.update({name: environment[name] for name in environment if "FANMILL" in name})
        for theme in THEMES:
            for name, svg in asyncio.run(draw(Settings(), theme)).items():
                assert len(svg) < MAX_BYTES, f"{name} has {len(svg):,} bytes"
                (FOLDER / name).write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
