"""What makes two texts the same: the normal form and its digest.

Whether a digest was seen before is the index's to know. A change to the normal
form or the digest needs a new revision of the algorithm named in `verdict`.
"""

# ruff: noqa: RUF001 (marks that look like ASCII ones are what is looked for)

import re
import unicodedata
from hashlib import blake2b
from typing import Final

DIGEST_BYTES: Final = 16
"""Of a billion documents, two different ones share a digest with a chance of 1e-21."""

_INVISIBLE: Final = (
    # C0 and C1 controls, but for white space, which separates words
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
    # Soft hyphen, joiners, fillers, marks of direction, byte order mark, annotations
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    # Musical formatting, tags, variation selectors: the same character in another shape
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff\ufe00-\ufe0f"
)
_FOLDED: Final = {
    **dict.fromkeys("‘’‚‛‹›`´ʻʼʽ′‵", "'"),
    **dict.fromkeys("“”„‟«»″‶〝〞〟", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
}
_CHANGED: Final = re.compile(f"[{_INVISIBLE}{''.join(_FOLDED)}]")


def normalise(text: str) -> str:
    """Return the form in which equal texts are equal.

    Unicode NFKC and full case folding; invisible characters dropped (controls,
    zero width, direction, soft hyphens, variation selectors); typographic
    quotes and dashes as their ASCII forms; white space collapsed to one space,
    none at the ends. Normalising again changes nothing. The empty text, and one
    of nothing but white space and invisible characters, gives "".
    """
    form = _once(text)
    # NFKC yields what folds again (capitals from styled letters), and dropping a joiner
    # brings together what composes. Outside ASCII two rounds are the rule: the last one
    # changes nothing. Inside it, only capitals can be left.
    while not form.isascii():
        again = _once(form)
        if again == form:
            return form
        form = again
    return form.lower()


def digest(text: str) -> str:
    """Return the 32 hexadecimal digits of a text's normal form: equal for equal texts.

    All texts without visible characters share one digest.
    """
    form = normalise(text).encode("utf-8", "surrogatepass")
    return blake2b(form, digest_size=DIGEST_BYTES).hexdigest()


def _once(text: str) -> str:
    form = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text.casefold())
    form = _CHANGED.sub(lambda match: _FOLDED.get(match[0], ""), form)
    return " ".join(form.replace("''", '"').split())
