"""Views of the lines of a text, each computed at first use."""

import numpy as np

from fanmill.core.text.characters import OTHER_BREAKS, Integers
from fanmill.core.views import view_property


class LineViews:
    """Views of the lines of `text`, which a subclass sets with its `character_counts`."""

    text: str

    @property
    def character_counts(self) -> tuple[Integers, Integers]:
        """Distinct code points in rising order, and the count of each."""
        raise NotImplementedError

    @view_property
    def lines(self) -> list[str]:
        """Lines as by `str.splitlines`, without their breaks."""
        distinct, _ = self.character_counts
        if OTHER_BREAKS.isdisjoint(distinct.tolist()):
            return self.raw_lines
        return self.text.splitlines()

    @view_property
    def stripped_lines(self) -> list[str]:
        """`lines` without spaces around them."""
        return list(map(str.strip, self.lines))

    @view_property
    def line_ends(self) -> Integers:
        """Offsets behind the breaks of `lines`."""
        lines = self.lines
        if lines is self.raw_lines:
            ends = (np.fromiter(map(len, lines), np.int64, len(lines)) + 1).cumsum()
            ends[-1:] = len(self.text)
            return ends
        whole = self.text.splitlines(keepends=True)
        return np.fromiter(map(len, whole), np.int64, len(whole)).cumsum()

    @view_property
    def raw_lines(self) -> list[str]:
        """Texts between line feeds, without an empty last one."""
        lines = self.text.split("\n")
        return lines if lines[-1] else lines[:-1]

    @view_property
    def ellipses(self) -> int:
        """Number of ellipses, as three full stops or as one character."""
        return self.text.count("...") + self.text.count("…")
