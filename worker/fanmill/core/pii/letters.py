"""Classes of characters that the patterns of personal data share."""

from typing import Final

ALPHABETIC: Final = (
    "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0300-\u036f"
    "\u0370-\u037d\u037f-\u0386\u0388-\u0481\u048a-\u052f\u0531-\u0556\u0561-\u0587"
    "\u05d0-\u05ea\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u0900-\u0963\u0971-\u0dff"
    "\u10a0-\u10ff\u1e00-\u1fff"
)
"""Letters and vowel signs of scripts that put spaces between words, for a character class.

Chinese, Japanese, Korean, Thai, Lao, Khmer and Burmese are left out: they write a word directly
beside an address or a number.
"""
SPACES: Final = " \u00a0\u2007\u2009\u202f"
"""Spaces inside numbers: the ordinary one, and the narrow and no-break ones of typesetting."""
HYPHENS: Final = "\\-\u2010\u2011\uff0d"
"""Hyphens, for a character class."""
UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3130-\u318f"
    "\u3400-\u9fff\uac00-\ud7af"
)
"""Letters of scripts that are written directly beside an address."""
