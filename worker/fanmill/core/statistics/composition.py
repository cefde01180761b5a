"""Composition of a text: shares of scripts and kinds of characters, and damaged characters."""

from typing import Final

import numpy as np

from fanmill.core.analysis import Analysis
from fanmill.core.statistics.mojibake import mojibake
from fanmill.core.text.characters import (
    CONTROL,
    LETTER,
    MARK,
    NUMERIC,
    SCRIPTS,
    SPACE,
    UNASSIGNED,
    scripts_of,
)
from fanmill_contracts.statistics import Composition

_SHARES: Final = (LETTER | MARK, NUMERIC, SPACE, UNASSIGNED, CONTROL)
_REPLACEMENT: Final = "\ufffd"


def composition(analysis: Analysis) -> Composition:
    """Return the shares of scripts and kinds of characters; null for the empty text."""
    size = len(analysis.text)
    if not size:
        return Composition(
            scripts={},
            letters=None,
            digits=None,
            spaces=None,
            unassigned=None,
            replacement=None,
            control=None,
            mojibake=None,
        )
    distinct, counts = analysis.character_counts
    flags = analysis.character_flags
    by_script = np.bincount(scripts_of(distinct), weights=counts, minlength=len(SCRIPTS))
    by_script[0] = 0
    letters = by_script.sum()
    misread = mojibake(analysis.text, analysis.codes, distinct.tolist())
    shares = {
        SCRIPTS[number]: round(float(by_script[number] / letters), 8)
        for number in np.argsort(-by_script, kind="stable").tolist()
        if by_script[number]
    }

    letters, digits, spaces, unassigned, control = (
        round(int(counts @ (flags & flag != 0)) / size, 8) for flag in _SHARES
    )
    return Composition(
        scripts=shares,
        letters=letters,
        digits=digits,
        spaces=spaces,
        unassigned=unassigned,
        replacement=round(analysis.text.count(_REPLACEMENT) / size, 8),
        control=control,
        mojibake=round(misread / size, 8),
    )
