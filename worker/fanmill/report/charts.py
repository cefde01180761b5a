"""Charts as SVG inside the page, drawn by leather.

Colors are variables of the page's style sheet, so a chart follows the light and the dark theme and
the style of print. Labels are few: text in a chart shrinks with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

import leather

WIDTH: Final = 480
HEIGHT: Final = 200
_LABELLED: Final = 420
"""Width that the labels of the columns share."""
_CHARACTER: Final = 8
_GAP: Final = 12
_SVG: Final = "http://www.w3.org/2000/svg"

_THEME: Final = {
    "background_color": "none",
    "default_series_colors": ["var(--bar)"],
    "tick_color": "var(--rule)",
    "zero_color": "var(--muted)",
    "label_color": "var(--muted)",
    "axis_title_color": "var(--muted)",
    "tick_font_family": "inherit",
    "axis_title_font_family": "inherit",
    "axis_title_font_size": 13,
    "axis_title_gap": 6,
    "margin": 0.03,
}


def columns(rows: Sequence[tuple[str, int]], *, label: str, axis: str) -> str:
    """Return a chart of columns from zero as an SVG element; "" without rows.

    Args:
        rows: Distinct names of columns with their heights.
        label: Text for people who cannot see the chart.
        axis: Title of the horizontal axis.
    """
    if not rows:
        return ""
    for name, value in _THEME.items():
        setattr(leather.theme, name, value)
    chart = leather.Chart()
    chart.add_columns(list(rows))
    chart.add_x_axis(name=axis)
    highest = max(count for _, count in rows)
    ticks = _ticks(highest)
    chart.add_y_scale(0, ticks[-1])
    chart.add_y_axis(ticks=ticks, tick_formatter=lambda value, *_: f"{int(value):,}")
    ET.register_namespace("", _SVG)
    root = ET.fromstring(chart.to_svg(width=WIDTH, height=HEIGHT))  # noqa: S314  leather's own
    root.set("viewBox", f"0 0 {WIDTH} {HEIGHT}")
    root.set("role", "img")
    root.set("aria-label", label)
    longest = max(len(name) for name, _ in rows)
    _thin_labels(root, -(-len(rows) * (longest * _CHARACTER + _GAP) // _LABELLED))
    return ET.tostring(root, encoding="unicode")


def _ticks(highest: int) -> list[int]:
    """Return up to five round numbers from 0 to at least the highest count."""
    step = 1
    while step * 4 < highest:
        for factor in (2, 5, 10):
            if step * factor * 4 >= highest or factor == 10:  # noqa: PLR2004  powers of ten
                step *= factor
                break
    return list(range(0, -(-max(highest, 1) // step) * step + 1, step))


def _thin_labels(root: ET.Element, every: int) -> None:
    """Leave out the vertical lines, and all labels but one of so many: others would overlap."""
    for axis in root.iter(f"{{{_SVG}}}g"):
        if axis.get("class") != "axis bottom":
            continue
        ticks = axis.findall(f"{{{_SVG}}}g")
        for number, tick in enumerate(ticks):
            for line in tick.findall(f"{{{_SVG}}}line"):
                tick.remove(line)
            if number % every:
                axis.remove(tick)
