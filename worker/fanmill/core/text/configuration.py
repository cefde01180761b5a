"""Configuration files that have few marks of code: YAML, XML, Apache's and tables of cron."""

import re
from typing import Final

_LOOKED_AT: Final = 20_000
_BEGINNING: Final = 2_000
_MIN_ROWS: Final = 5
_MIN_SHARE: Final = 0.8
"""Minimum number of lines, and minimum share of those that have the form."""
_MIN_NESTED: Final = 2
"""Minimum number of keys that others are nested in, and of keys with a value. Lists of items under
headings have none."""
_VALUE: Final = r"(?:[^\s#]\S*(?:\s\S+){0,5})"
_ROW: Final = re.compile(
    rf"(?P<indent>\s*)(?P<item>-\s+)?(?:[\"']?[A-Za-z_$/][\w.$/\-]{{0,60}}[\"']?:(?:\s+{_VALUE})?|{_VALUE})\s*$"
)
_KEY: Final = re.compile(r"\s*(?:-\s+)?[\"']?[A-Za-z_$/][\w.$/\-]{0,60}[\"']?:(?:\s|$)")
_TAG: Final = re.compile(r"\s*<[/?!\w][^<>]*>\s*(?:[^<>\s]{1,80}\s*</[\w:.\-]+>)?\s*$")
_APACHE: Final = re.compile(
    r"<(?:VirtualHost|Directory|Location|IfModule|IfDefine|Files|Proxy|Limit)(?:Match)?\b[^<>]*>$"
)
_CRON: Final = re.compile(
    r"\s*(?:(?:[\d*][\d*/,\-]*\s+){5}|@(?:reboot|daily|hourly|weekly)\s+)\S*[/.$]\S+"
    r"|(?:MAILTO|SHELL|PATH|HOME|CRON_TZ)=\S+$"
)


def is_configuration(text: str) -> bool:
    """Tell whether a text is nested YAML, XML without sentences, Apache's, or a table of cron.

    Lines of a name and a value, as in schedules and lists of members, are no YAML: they do not
    nest.
    """
    if not _begins(text):
        return False
    lines = _rows(text[:_LOOKED_AT])
    least = _MIN_SHARE * len(lines)
    if _APACHE.match(lines[0].strip()):
        return f"\n</{_first_name(lines[0])}>" in f"\n{text}"
    if lines[0].lstrip().startswith("<?xml"):
        return sum(1 for line in lines if _TAG.match(line)) >= least
    if _CRON.match(lines[-1]):
        return sum(1 for line in lines if _CRON.match(line)) >= least
    return len(lines) >= _MIN_ROWS and _is_yaml(lines, least)


def _begins(text: str) -> bool:
    """Tell whether the first line may be one of such a file; nearly no prose begins so."""
    first = next(iter(_rows(text[:_BEGINNING])), "").strip()
    return (
        first.startswith(("<?xml", "---", "- "))
        or _APACHE.match(first) is not None
        or _KEY.match(first) is not None
        or _CRON.match(first) is not None
    )


def _first_name(line: str) -> str:
    """Return the name of the tag that a line begins with."""
    return line.strip().lstrip("<").rstrip(">").split()[0]


def _rows(text: str) -> list[str]:
    """Return the lines of a text that are neither blank nor comments."""
    return [
        line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]


def _is_yaml(lines: list[str], least: float) -> bool:
    nested = pairs = 0
    for line, behind in zip(lines, [*lines[1:], ""], strict=True):
        if not _KEY.match(line):
            continue
        pairs += not line.rstrip().endswith(":")
        indent = len(line) - len(line.lstrip())
        next_indent = len(behind) - len(behind.lstrip())
        nested += line.rstrip().endswith(":") and (
            next_indent > indent or (next_indent == indent and behind.lstrip().startswith("- "))
        )
    if nested < _MIN_NESTED or pairs < _MIN_NESTED:
        return False
    items = sum(1 for line in lines if line.lstrip().startswith("- ") and _ROW.match(line))
    rows = sum(1 for line in lines if _KEY.match(line) and _ROW.match(line))
    both = sum(1 for line in lines if line.lstrip().startswith("- ") and _KEY.match(line))
    return rows + items - both >= least
