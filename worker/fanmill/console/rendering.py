"""Templates: every value is escaped and shown in the form of its kind."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from fanmill.core.text.escapes import escape_controls
from fanmill.screens.forms import moment, written
from fanmill.screens.tables import Kind

_MAX_CELL: Final = 300
"""Code points of a value in a table; the whole value is in its title."""
_SPARK_WIDTH, _SPARK_HEIGHT = 160, 32


def render(template: str, **values: Any) -> str:
    """Return the HTML of a template."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("fanmill.console", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: (
            escape_controls(value, keep_line_breaks=True)
            if isinstance(value, str) and not isinstance(value, Markup)
            else value
        ),
    )
    environment.filters |= {"cell": cell, "code": code, "written": written, "moment": moment}
    environment.globals |= {"sparkline": sparkline, "gauge": gauge}
    return environment


def cell(value: Any, kind: Kind = "text", now_ms: int | None = None) -> Markup:
    """Return a value of a table: long ones cut, times as ages, the exact value in its title."""
    if value is None or value == "":
        return Markup("")
    if kind == "moment":
        exact = moment(int(value))
        shown = written(value, kind, now_ms=now_ms)
        return Markup('<time title="{}">{}</time>').format(exact, shown)
    if kind == "course":
        total = sum(value)
        return sparkline([float(point) for point in value], f"{total:,} in {len(value)} hours")
    if kind == "prose":
        return code(str(value))
    text = escape_controls(written(value, kind))
    if len(text) > _MAX_CELL:
        return Markup('<span title="{}">{}…</span>').format(text[:4000], text[: _MAX_CELL - 1])
    return escape(text)


def code(text: str) -> Markup:
    """Return a sentence of fanmill with what is between backticks as code."""
    parts = escape_controls(text).split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    )


def gauge(value: float | None, limit: float | None, label: str) -> Markup:
    """Return a number as a part of its limit, as inline SVG; empty without a limit."""
    if value is None or not limit:
        return Markup("")
    share = min(1.0, max(0.0, value / limit))
    return Markup(
        '<svg class="gauge" viewBox="0 0 100 4" role="img" aria-label="{}: {:.0f} % of {}" '
        'preserveAspectRatio="none"><rect class="whole" width="100" height="4"/>'
        '<rect width="{:.1f}" height="4"/></svg>'
    ).format(label, 100 * share, "the limit", 100 * share)


def sparkline(points: Sequence[float | None], label: str) -> Markup:
    """Return the course of a number as inline SVG; empty below two points."""
    known = [point for point in points if point is not None]
    if len(points) < 2 or not known:  # noqa: PLR2004
        return Markup("")
    top = max(known) or 1.0
    step = _SPARK_WIDTH / (len(points) - 1)
    runs: list[list[str]] = [[]]
    for at, point in enumerate(points):
        if point is None:
            runs.append([])
        else:
            y = _SPARK_HEIGHT - 2 - (_SPARK_HEIGHT - 4) * point / top
            runs[-1].append(f"{at * step:.1f},{y:.1f}")
    lines = "".join(f'<polyline points="{" ".join(run)}"/>' for run in runs if len(run) > 1)
    return Markup(
        '<svg class="spark" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        'aria-label="{label}" preserveAspectRatio="none">{lines}</svg>'
    ).format(w=_SPARK_WIDTH, h=_SPARK_HEIGHT, label=label, lines=Markup(lines))  # noqa: S704
