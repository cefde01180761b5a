"""The look of the terminal: two themes, and the rules of its one screen.

Rules that depend on the size of the terminal must be those of the screen: the rules of a widget
see only its own parts.
"""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    name="fanmill-dark", dark=True, primary="#57c4b8", background="#12161a", surface="#1a2026",
    panel="#252d35", foreground="#e4e8eb", success="#79d49b", warning="#f0c36a", error="#ff9d94",
    variables={"scrollbar": "#46525c", "scrollbar-background": "#12161a",
               "scrollbar-corner-color": "#12161a"},
)  # fmt: skip
LIGHT: Final = Theme(
    name="fanmill-light", dark=False, primary="#0b6e66", background="#fbfbfa", surface="#ffffff",
    panel="#e4e8e9", foreground="#1c2126", success="#17693c", warning="#7d4e00", error="#a8201a",
    variables={"scrollbar": "#a8b2b5", "scrollbar-background": "#fbfbfa",
               "scrollbar-corner-color": "#fbfbfa"},
)  # fmt: skip

WIDTHS: Final = [(0, "-narrow"), (110, "-middle"), (160, "-wide")]
"""Columns of a terminal from which on a rule holds."""
HEIGHTS: Final = [(0, "-low"), (30, "-tall"), (40, "-taller"), (56, "-tallest")]
"""Lines of a terminal from which on courses are drawn higher."""

SCREEN: Final = """
#nav { height: 1; padding: 0 0 0 1; background: $panel; }
#nav Tab { width: auto; padding: 0 1 0 0; }
MainScreen.-middle #nav Tab, MainScreen.-wide #nav Tab { padding: 0 1; }
#nav Tab.here { background: $primary; color: $background; text-style: bold; }
#attention { height: auto; max-height: 8; padding: 0 1; margin-bottom: 1; }
#body { height: 1fr; scrollbar-size: 1 1; }
#filter { display: none; height: 1; border: none; padding: 0 1; background: $panel; }
#filter.open { display: block; }
#foot { height: 1; background: $panel; padding: 0 1; }
#keys { width: 1fr; height: 1; color: $foreground 80%; }
#state { width: auto; text-style: bold; }

TileView { height: 3; padding: 0 1; border-left: outer $panel; }
TileView.good { border-left: outer $success; }
TileView.warn { border-left: outer $warning; }
TileView.bad { border-left: outer $error; }
TileView > Horizontal { height: 1; }
TileView .title { width: 1fr; height: 1; }
TileView .value { width: auto; height: 1; text-style: bold; }
TileView.warn .value { color: $warning; }
TileView.bad .value { color: $error; }
TileView .detail { color: $text-muted; height: 1; }
TileView Gauge { color: $primary; height: 1; }

OverviewView { height: auto; }
OverviewView > Grid { grid-size: 3; grid-gutter: 1 1; grid-rows: 3; height: auto; }
MainScreen.-wide OverviewView > Grid { grid-size: 6; }
OverviewView > .stages { margin-top: 1; padding: 0 1; height: auto; }
OverviewView > .heading { margin-top: 1; padding: 0 1; text-style: bold; color: $primary; }
CourseView { height: 1; padding: 0 1; }
CourseView .name { width: 10; }
CourseView Sparkline { width: 1fr; height: 1; }
CourseView .now { width: 14; text-align: right; color: $text-muted; }
MainScreen.-tall CourseView { height: 3; }
MainScreen.-tall CourseView Sparkline { height: 2; }
MainScreen.-taller CourseView { height: 6; }
MainScreen.-taller CourseView Sparkline { height: 5; }
MainScreen.-tallest CourseView { height: 10; }
MainScreen.-tallest CourseView Sparkline { height: 9; }

TableView { height: auto; margin-bottom: 1; }
TableView > .title { text-style: bold; color: $primary; padding: 0 1; }
TableView > .remark { color: $text-muted; padding: 0 1; }
TableView > Rows {
    height: 2; background: $background; background-tint: $background 0%; scrollbar-size: 1 1;
    & > .datatable--header { background: $panel; }
    & > .datatable--even-row { background: $background; }
    & > .datatable--hover { background: $background; }
    & > .datatable--cursor { background: $background; color: $foreground; text-style: none; }
    &:focus > .datatable--cursor {
        background: $primary; color: $background; text-style: bold;
    }
}
"""
