"""The page of a report: one HTML file with its style and charts inside, and no script."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from fanmill.core.text.escapes import escape_controls
from fanmill.report.charts import columns
from fanmill.report.view import BarView, MeasureView, ReportView

_MAX_TEXT: Final = 160
"""Code points of an id, a title or an error on the page."""
_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)


def page_of(view: ReportView) -> str:
    """Return the HTML page of a view; every text of a producer is escaped and cut."""
    return _environment().get_template("report.html").render(view=view)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("fanmill.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters |= {
        "shown": _shown,
        "number": _number,
        "percent": _percent,
        "lasting": _lasting,
        "moment": lambda moment: f"{moment:%Y-%m-%d %H:%M:%S} UTC",
    }
    environment.globals |= {"histogram": _histogram, "timeline": _timeline}
    return environment


def _finalize(value: Any) -> Any:
    """Show integers with separators, and control characters as escapes."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return escape_controls(value, keep_line_breaks=True) if isinstance(value, str) else value


def _shown(text: str, limit: int = _MAX_TEXT) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _number(value: float) -> str:
    """Return a number with three significant digits, and all digits of its whole part."""
    if abs(value) >= 100 or value == int(value):  # noqa: PLR2004  three digits
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _percent(share: float) -> str:
    """Return a share for people; one that is not zero is never shown as zero."""
    if 0 < share < 0.001:  # noqa: PLR2004  a tenth of a percent
        return "<0.1 %"
    return f"{share * 100:.1f} %" if share < 1 else "100 %"


def _lasting(width: timedelta) -> str:
    seconds = int(width.total_seconds())
    for unit, name in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= unit:
            number = seconds // unit
            return f"{number:,} {name}" + ("s" if number > 1 else "")
    return "0 seconds"


def _histogram(measure: MeasureView) -> Markup:
    label = f"{measure.title}: " + ", ".join(
        f"{row.count:,} from {row.name}" for row in measure.bins if row.count
    )
    rows = [(row.name, row.count) for row in measure.bins]
    # leather escapes what it draws.
    return Markup(columns(rows, label=label, axis="at least"))  # noqa: S704


def _timeline(bars: list[BarView], width: timedelta, kind: str) -> Markup:
    days = width >= _DAY
    one_day = bars[0].start.date() == bars[-1].start.date()
    layout = "%H:%M" if width >= _MINUTE else "%H:%M:%S"
    if not one_day:
        layout = "%Y-%m-%d" if days else "%m-%d %H:%M"
    rows = [(f"{each.start:{layout}}", int(getattr(each, kind))) for each in bars]
    total = sum(count for _, count in rows)
    first, last = bars[0].start, bars[-1].start
    label = f"{total:,} {kind} from {_clock(first)} to {_clock(last)}"
    return Markup(columns(rows, label=label, axis="UTC"))  # noqa: S704  as above


def _clock(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"
