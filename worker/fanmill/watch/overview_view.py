"""The overview as widgets: six tiles, the stages, the course of events."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Grid, Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Sparkline, Static

from fanmill.screens.forms import written
from fanmill.screens.overview import Overview, Series, Span
from fanmill.screens.tables import Tile
from fanmill.watch.plain import stage_heading, stage_line

TILES = ("age", "waiting", "rates", "p95", "rejected", "memory")
COURSES = (("received", "in"), ("completed", "out"), ("rejected", "rejected"))


class Gauge(Widget):
    """The share of a limit as a line: `━━━━╌╌╌╌`; empty without a limit."""

    def __init__(self) -> None:
        super().__init__()
        self._share: float | None = None

    def show(self, share: float | None) -> None:
        """Show a share from 0 to 1; None for no limit."""
        self._share = share
        self.refresh()

    def render(self) -> Content:
        """Draw the line over the whole width."""
        if self._share is None:
            return Content("")
        filled = round(self.size.width * min(1.0, self._share))
        return Content("━" * filled + "╌" * (self.size.width - filled))


class TileView(Vertical):
    """A number with its name, its course or its share of the limit, and a remark."""

    def __init__(self, name: str) -> None:
        super().__init__(id=f"tile-{name}")

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with Horizontal():
            yield Static(classes="title", markup=False)
            yield Static(classes="value", markup=False)
        yield Sparkline([])
        yield Gauge()
        yield Static(classes="detail", markup=False)

    def show(self, tile: Tile) -> None:
        """Show a tile as of now."""
        value = "-" if tile.value is None else written(tile.value, tile.kind)
        sign = {"bad": "!! ", "warn": "! "}.get(tile.tone, "")
        self.query_one(".title", Static).update(tile.title)
        self.query_one(".value", Static).update(sign + value)
        self.query_one(".detail", Static).update(tile.detail)
        self.set_classes(tile.tone)
        spark, gauge = self.query_one(Sparkline), self.query_one(Gauge)
        spark.display = bool(tile.points)
        gauge.display = not tile.points
        spark.data = _known(tile.points)
        gauge.show(tile.value / tile.limit if tile.limit and tile.value is not None else None)


class CourseView(Horizontal):
    """The course of one number, with its name and its maximum."""

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
        lines = [Content.styled(stage_heading(), "bold")]
        lines += [
            Content.styled(stage_line(stage), "bold $warning" if stage.paused else "")
            for stage in seen.stages
        ]
        self.query_one(".stages", Static).update(Content("\n").join(lines))
        self.query_one(".heading", Static).update(
            f"Events per second, from {span} ago to now (s: other spans)"
        )
        for name, _ in COURSES:
            self.query_one(f"#course-{name}", CourseView).show(getattr(course, name))


def _known(points: Sequence[float | None]) -> list[float]:
    return [point or 0.0 for point in points]
