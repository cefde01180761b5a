"""Short forms of ids for tables: two different ids are never shown alike."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from rich.cells import cell_len

from fanmill.core.text.escapes import escape_controls

_MARK: Final = "…"
_MIN_WIDTH: Final = 8
"""Columns of a short form; fewer would tell too little."""


def short_ids(ids: Iterable[str], width: int) -> dict[str, str]:
    """Return the form of each id for a table, at most `width` columns wide where possible.

    A long id keeps its end, since ids of files and pages have a common start. If two different
    ids would look alike then, both are given in full: the table folds them. Control characters
    are shown as escapes.
    """
    wanted = list(dict.fromkeys(ids))
    full = {each: escape_controls(each) for each in wanted}
    if len(set(full.values())) < len(wanted):
        # The characters of one id spell the escapes of another.
        full = {each: escape_controls(each.replace("\\", "\\\\")) for each in wanted}
    shown = {each: _end(form, max(width, _MIN_WIDTH)) for each, form in full.items()}
    while alike := {form for form, count in Counter(shown.values()).items() if count > 1}:
        shown = {each: full[each] if form in alike else form for each, form in shown.items()}
    return shown


def _end(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return text
    left = width - cell_len(_MARK)
    taken = len(text)
    while taken and cell_len(text[taken - 1]) <= left:
        taken -= 1
        left -= cell_len(text[taken])
    return _MARK + text[taken:]
