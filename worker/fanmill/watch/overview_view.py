"""The overview as widgets: six tiles, the stages, the course of events."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Grid, Horizontal, Vertical
from textual.widgets import Sparkline, Static

from fanmill.screens.forms import written
from fanmill.screens.overview import Overview, Series, Span
from fanmill.screens.tables import Tile
from fanmill.watch.plain import stage_heading, stage_line

TILES = ("age", "waiting", "rates", "p95", "rejected", "memory")
COURSES = (("received", "in"), ("completed", "out"), ("rejected", "rejected"))
_GAUGE = 22


class TileView(Vertical):
    """A number with its name, its course or its share of the limit, and a remark."""

    DEFAULT_CSS = """
    TileView { height: 3; padding: 0 1; border-left: outer $panel; }
    TileView.good { border-left: outer $success; }
    TileView.warn { border-left: outer $warning; }
    TileView.bad { border-left: outer $error; }
    TileView > Horizontal { height: 1; }
    TileView .title { width: 1fr; height: 1; }
    TileView .value { width: auto; height: 1; text-style: bold; }
    TileView .detail { color: $text-muted; height: 1; }
    TileView .gauge { color: $primary; height: 1; }
    TileView Sparkline { height: 1; }
    """

    def __init__(self, name: str) -> None:
        super().__init__(id=f"tile-{name}")

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with Horizontal():
            yield Static(classes="title", markup=False)
            yield Static(classes="value", markup=False)
        yield Sparkline([])
        yield Static(classes="gauge", markup=False)
        yield Static(classes="detail", markup=False)

    def show(self, tile: Tile) -> None:
        """Show a tile as of now."""
        value = "-" if tile.value is None else written(tile.value, tile.kind)
        self.query_one(".title", Static).update(tile.title)
        self.query_one(".value", Static).update(("! " if tile.tone == "bad" else "") + value)
        self.query_one(".detail", Static).update(tile.detail)
        self.set_classes(tile.tone)
        spark, gauge = self.query_one(Sparkline), self.query_one(".gauge", Static)
        spark.display = bool(tile.points)
        gauge.display = not tile.points
        spark.data = _known(tile.points)
        gauge.update(_gauge(tile))


class CourseView(Horizontal):
    """The course of one number, with its name and the number of now."""

    DEFAULT_CSS = """
    CourseView { height: 1; padding: 0 1; }
    CourseView .name { width: 10; }
    CourseView .now { width: 18; text-align: right; color: $text-muted; }
    CourseView Sparkline { width: 1fr; height: 1; }
    """

    def __init__(self, name: str, title: str) -> None:
        super().__init__(id=f"course-{name}")
        self._title = title

    def compose(self) -> ComposeResult:
        """Make the parts."""
        yield Static(self._title, classes="name", markup=False)
        yield Sparkline([])
        yield Static(classes="now", markup=False)

    def show(self, points: Sequence[float]) -> None:
        """Show a course; the number beside it is its maximum."""
        self.query_one(Sparkline).data = _known(points)
        self.query_one(".now", Static).update(f"max {written(max(points, default=0.0), 'rate')}")


class OverviewView(Vertical):
    """All of the overview but its attention lines."""

    DEFAULT_CSS = """
    OverviewView { height: auto; }
    OverviewView > Grid { grid-size: 3; grid-gutter: 1 1; grid-rows: 3; height: auto; }
    OverviewView > .stages { margin-top: 1; padding: 0 1; height: auto; }
    OverviewView > .heading { margin-top: 1; padding: 0 1; text-style: bold; color: $primary; }
    .-wide OverviewView > Grid { grid-size: 6; }
    .-wide OverviewView Sparkline { height: 1; }
    .-tall CourseView, .-tall CourseView Sparkline { height: 3; }
    """

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with Grid():
            for name in TILES:
                yield TileView(name)
        yield Static(classes="stages")
        yield Static(classes="heading", markup=False)
        for name, title in COURSES:
            yield CourseView(name, title)

    def show(self, seen: Overview, course: Series, span: Span) -> None:
        """Show the overview as of now."""
        for tile in seen.tiles:
            self.query_one(f"#tile-{tile.name}", TileView).show(tile)
        stages = Text(stage_heading(), style="bold")
        for stage in seen.stages:
            stages.append("\n")
            stages.append(stage_line(stage), style="reverse" if stage.paused else "not bold")
        self.query_one(".stages", Static).update(stages)
        self.query_one(".heading", Static).update(f"Events per second over {span} (s: other spans)")
        for name, _ in COURSES:
            self.query_one(f"#course-{name}", CourseView).show(getattr(course, name))


def _known(points: Sequence[float | None]) -> list[float]:
    return [point or 0.0 for point in points]


def _gauge(tile: Tile) -> str:
    """Return the share of the limit as a line: `━━━━────`; empty without a limit."""
    if not tile.limit or tile.value is None:
        return ""
    filled = round(_GAUGE * min(1.0, tile.value / tile.limit))
    return "━" * filled + "╌" * (_GAUGE - filled)
