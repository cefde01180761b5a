"""Languages that are told by parts of their words: those that the detector lacks.

`profiles.tsv` says how typical a part is of each language: whole words, their first and last three
or four letters, and three letters in a row. It was counted in public texts that no test contains.
"""

# ruff: noqa: RUF001 (letters of other languages look like signs of ASCII; they are not)

import re
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from fanmill.core.language.relatives import alternatives

_FILE: Final = Path(__file__).with_name("profiles.tsv")
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_MAX_WORDS: Final = 80
_MIN_WORDS: Final = 3
_KNOWN: Final = frozenset({"nl", "id", "tl", "is", "ca", "az", "de"})
"""Languages of the table that the detector has; they are here to be told from their relatives."""
_MIN_TYPICAL: Final = 0.45
"""Minimum mean of a text's parts, above the one of other languages; 19 of 20 sentences in other
languages have less, and 19 of 20 sentences in the languages of the table have more."""
_MORE_IF_SHORT: Final = 1.2
"""The same for a text of a word; it falls with the number of words."""
_CONFIDENCES: Final = ((0.5, 0.97), (0.3, 0.93), (0.2, 0.85), (0.1, 0.7), (0.05, 0.6), (0.0, 0.45))
"""Lead over the second language, in the same unit, and the confidence: the share of right answers
in sentences that the table was not counted in."""
_LETTERS: Final = {
    "af": "áäèéêëíîïóôöúûŉ", "cy": "áàâäéèêëíìîïóòôöúùûüẁẃŵẅýỳŷÿ", "eo": "ĉĝĥĵŝŭ", "ga": "áéíóú",
    "gd": "àáèéìíòóùú", "la": "āăēĕīĭōŏūŭȳæœëï", "lg": "ŋ", "mi": "āēīōū", "st": "šôê", "tn": "šôê",
    "nso": "šôê", "yo": "àáâèéêìíòóôùúẹọṣńǹḿ\u0300\u0301\u0323\u0329", "ha": "ɓɗƙƴāàáèìòù",
    "ig": "àáèéìíịòóọùúụṅǹń\u0300\u0301\u0323", "ny": "ŵ",
    "ln": "ɛɔáâéêíîóôúûǎěǐǒǔ\u0301\u0302\u030c",
    "jv": "éèêåâìò", "su": "éèê", "mg": "àâéèêëìîïñòôùû", "ceb": "áàâéèêíìîñóòôúùû",
    "ilo": "áàâéèêíìîñóòôúùû", "ht": "àèòé", "uz": "ʻʼ", "mt": "ċġħżàèéìíîòóùú",
    "lb": "äâàéèêëïîöôüûç", "fo": "áðíóúýæøäöé", **dict.fromkeys(
        ("om", "sn", "so", "sw", "ts", "xh", "zu", "rw", "ss"), ""),
}  # fmt: skip
"""Letters of each language beyond the 26 of ASCII."""
_MANY_FOREIGN: Final = 2
"""Number of letters that a language lacks from which a text hardly is in it; fewer are a name."""
_FEW_WORDS: Final = 9
_DISTINCT_LEAD: Final = 0.28
_VAGUE: Final = 0.7
"""Number of words of a text that is not short, and the lead and confidence of a shorter one."""
_DECLARED_LEAD: Final = 0.15
"""Lead up to which the declared language is preferred."""


class Profile(NamedTuple):
    """A language of the table, and the confidence in it."""

    code: str
    confidence: float


class _Table(NamedTuple):
    codes: list[str]
    rows: dict[str, int]
    typical: npt.NDArray[np.float32]
    """For each part and language."""
    elsewhere: npt.NDArray[np.float32]
    """For each part: how typical it is of other languages."""


def profiled_language(text: str, hint: str = "") -> Profile | None:
    """Return the language whose parts of words a text has; None for a language outside the table.

    Args:
        text: A text in Latin letters; 80 words decide.
        hint: Declared language, preferred if it is about as likely.
    """
    words = _WORD.findall(text.lower().replace("’", "'"))[:_MAX_WORDS]
    if len(words) < _MIN_WORDS:
        return None
    table = _table()
    parts = [part for word in words for part in _parts(word)]
    found = [row for row in map(table.rows.get, parts) if row is not None]
    means = table.typical[found].sum(axis=0) / len(parts)
    best, second = np.argsort(-means)[:2].tolist()
    if hint in table.codes:
        declared = table.codes.index(hint)
        if declared != best and means[best] - means[declared] < _DECLARED_LEAD:
            best, second = declared, best
    typical = float(means[best] - table.elsewhere[found].sum() / len(parts))
    if typical < _MIN_TYPICAL + _MORE_IF_SHORT / len(words) or table.codes[best] in _KNOWN:
        return None
    if len(words) < _FEW_WORDS and not _is_distinct(table.codes, means, best):
        return None
    lead = max(0.0, float(means[best] - means[second]))
    confidence = next(sure for least, sure in _CONFIDENCES if lead >= least)
    code = table.codes[best]
    is_vague = len(words) < _FEW_WORDS or _is_strange(code, words)
    return Profile(code, min(confidence, _VAGUE) if is_vague else confidence)


def _is_strange(code: str, words: list[str]) -> bool:
    """Tell whether words have letters that a language lacks."""
    foreign = [letter for letter in "".join(words) if letter > "z"]
    return sum(letter not in _LETTERS[code] for letter in foreign) >= _MANY_FOREIGN


def _is_distinct(codes: list[str], means: npt.NDArray[np.float32], best: int) -> bool:
    """Tell whether a language leads all but its close relatives clearly, as short texts need."""
    alike = {codes[best], *alternatives(codes[best], 0.0)}
    others = [mean for code, mean in zip(codes, means.tolist(), strict=True) if code not in alike]
    return bool(float(means[best]) - max(others) >= _DISTINCT_LEAD)


def _parts(word: str) -> list[str]:
    framed = f"_{word}_"
    size = len(framed)
    parts = [framed, *[framed[at : at + 3] for at in range(1, size - 3)]]
    if size > 4:  # noqa: PLR2004
        parts += (framed[:4], framed[-4:])
    if size > 5:  # noqa: PLR2004
        parts += (framed[:5], framed[-5:])
    return parts


@cache
def _table() -> _Table:
    _, codes, *lines = _FILE.read_text(encoding="utf-8").splitlines()
    rows: dict[str, int] = {}
    typical: list[list[int]] = []
    elsewhere: list[int] = []
    for line in lines:
        part, levels, other = line.split("\t")
        rows[part] = len(typical)
        typical.append([0 if level == "." else int(level) for level in levels])
        elsewhere.append(int(other))
    return _Table(
        codes.split()[1:],
        rows,
        np.array(typical, np.float32),
        np.array(elsewhere, np.float32),
    )
