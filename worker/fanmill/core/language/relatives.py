"""Close relatives of languages, and words that tell whether a text may be in a relative.

The words are looked up in sets, since nearly all texts in large languages have none of them.
"""

from typing import Final

_GALICIAN: Final = frozenset(
    {"unha", "unhas", "cos", "coas", "máis", "moi", "tamén", "dende", "ata", "dun", "dunha", "nun"}
    | {"nunha", "xente", "lle", "lles", "teñen", "onte", "hoxe", "mellor", "súa", "súas", "xa"}
    | {"non", "nin", "moito", "moita", "xuño", "xullo"}
)
_WESTERN: Final = frozenset({"os", "as", "da", "do", "das", "dos", "na", "ao", "é", "foi", "polo"})
_MIN_WESTERN: Final = 2
"""Words that Galician shares with Portuguese, and their minimum number in a text that is not
Spanish."""
_DUTCH: Final = frozenset({"de", "een", "niet", "zijn", "ik", "hij", "deze", "naar", "voor"})
"""Words of which nearly every Dutch sentence has one, and Afrikaans none."""
_AFRIKAANS: Final = frozenset({"nie", "hulle", "baie", "hy", "sy", "vir", "ek", "'n", "’n", "ŉ"})  # noqa: RUF001


def may_be_relative(code: str, text: str) -> bool:
    """Tell whether a text that was found to be in a language may be in a close relative.

    The relatives are Galician for Spanish and Portuguese, Afrikaans for Dutch, and Luxembourgish
    for German.
    """
    if code == "de":
        return "ë" in text
    if code not in {"es", "pt", "nl"}:
        return False
    words = set(text.lower().split())
    if code == "nl":
        return words.isdisjoint(_DUTCH) or not words.isdisjoint(_AFRIKAANS)
    if not words.isdisjoint(_GALICIAN):
        return True
    return "ñ" in text if code == "pt" else len(words & _WESTERN) >= _MIN_WESTERN


_GROUPS: Final = (
    "bs hr sr",
    "id ms",
    "da no",
    "cs sk",
    "af nl",
    "xh zu ss",
    "st tn nso",
    "mk bg",
    "hi mr ne",
    "jv su",
    "ceb tl",
    "fo is",
    "gl pt es ast",
    "ca oc",
    "de lb",
    "ba tt kk",
    "ky kk mn",
    "am ti",
    "he yi",
)
"""Languages that are written nearly alike."""
_ALTERNATIVES: Final = {
    code: tuple(
        dict.fromkeys(
            each
            for group in _GROUPS
            for each in group.split()
            if each != code and code in group.split()
        )
    )
    for code in " ".join(_GROUPS).split()
}
_CLEAR: Final = 0.9


def alternatives(code: str, confidence: float) -> tuple[str, ...]:
    """Return the close relatives of a language that a text may as well be in.

    The result is empty if the confidence is 0.9 or more, and for a language without close
    relatives.
    """
    return _ALTERNATIVES.get(code, ()) if confidence < _CLEAR else ()


_SAME_LETTERS: Final = (
    "ba be bg kk ky mk mn ru tg tt uk|ar fa ps sd ug ur|hi mr ne sa|he yi|am ti|as bn|ja zh|bo|dv|"
    "el|gu|hy|ka|km|kn|ko|lo|ml|my|or|pa|si|ta|te|th"
)
_SCRIPTS: Final = {code: group for group in _SAME_LETTERS.split("|") for code in group.split()}
"""Languages with the same letters, by language; others have Latin letters."""
_IN_TWO_SCRIPTS: Final = frozenset({"sr", "uz", "ku", "az"})


def differ_in_script(first: str, second: str) -> bool:
    """Tell whether two languages have no letters in common, so that no detector confuses them."""
    if not _IN_TWO_SCRIPTS.isdisjoint((first, second)):
        return False
    return _SCRIPTS.get(first, "") != _SCRIPTS.get(second, "")
