"""Chinese words by jieba's dictionary, with the extra `chinese`.

ICU's dictionary has shorter words than the lists of word frequencies that weigh keyphrases. On
CSL's abstracts, jieba's words raise F1 by 40 %.
"""

from collections.abc import Callable
from functools import cache, cached_property
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from typing import Final

from fanmill.core.analysis import Analysis
from fanmill.core.text.segmentation import well_formed
from fanmill.core.text.token_strings import lengths_of

Cut = Callable[[str], list[str]]
"""Function that cuts a text into tokens; joined, they are the text."""

LANGUAGE: Final = "zh"


@cache
def jieba() -> Cut | None:
    """Return the function that cuts a text into jieba's words; None without the extra.

    The dictionary takes 30 MB, so it is read at the first call.
    """
    if find_spec("rjieba") is None:
        return None
    from rjieba import cut  # noqa: PLC0415  see above

    found: Cut = cut
    return found


class ChineseWords(Analysis):
    """An analysis with other tokens than ICU's; all other views are those of a given analysis."""

    def __init__(self, analysis: Analysis, cut: Cut) -> None:
        """Take the computed views of another analysis."""
        super().__init__(analysis.document)
        self.__dict__["language"] = analysis.language
        self.__dict__["layout"] = analysis.layout
        self.__dict__["plain_tokens"] = None
        self._cut = cut
        # Those that a stage keeps with the document are of ICU's tokens.
        self.__dict__["_token_lengths"] = lengths_of(self.tokens)

    @cached_property
    def tokens(self) -> list[str]:
        """Words and separators of `layout.prose`, in order; joined, they are the prose."""
        return self._cut(well_formed(self.layout.prose))


def in_words_of(cut: Cut | None, analysis: Analysis) -> Analysis:
    """Return an analysis with other words for a Chinese text; the given analysis for others."""
    if cut is None or analysis.language.code != LANGUAGE:
        return analysis
    return ChineseWords(analysis, cut)


def dictionary_hash() -> str:
    """Return 12 hexadecimal digits that identify jieba's dictionary, which the library has."""
    return sha256(f"rjieba {version('rjieba')}".encode()).hexdigest()[:12]
