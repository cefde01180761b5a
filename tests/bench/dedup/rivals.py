"""The libraries we are measured against, used as their documentation says."""

from __future__ import annotations

import re
import unicodedata

import datasketch
import rensa

_SINGLE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(r"[^\W_]+")
_MIXED = re.compile(f"[{_SINGLE}]|[^\\W_{_SINGLE}]+")
_UNSEEN = dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F),
                         *range(0x2060, 0x2065), *range(0xFE00, 0xFE10), 0xFEFF])  # fmt: skip


def python_tokens(text: str, *, characters: bool) -> list[str]:
    """Return the words or characters of the normalised text, by the standard library.

    Soft hyphens and zero-width characters are removed, as no reader sees them.
    """
    text = unicodedata.normalize("NFKC", text.translate(_UNSEEN)).casefold()
    if characters:
        return _MIXED.findall(text)
    return _WORD.findall(text)


def python_shingles(text: str, *, characters: bool) -> list[str]:
    """Return the runs of five tokens as strings."""
    tokens = python_tokens(text, characters=characters)
    return [" ".join(tokens[i : i + 5]) for i in range(len(tokens) - 4)]


def datasketch_signature(text: str, *, characters: bool, slots: int = 128) -> datasketch.MinHash:
    """Return datasketch's MinHash, computed by its batch function."""
    made = datasketch.MinHash(num_perm=slots)
    made.update_batch([s.encode() for s in python_shingles(text, characters=characters)])
    return made


def rensa_signature(text: str, *, characters: bool, slots: int = 512) -> rensa.RMinHash:
    """Return rensa's R-MinHash of string shingles."""
    made = rensa.RMinHash(num_perm=slots, seed=42)
    made.update(python_shingles(text, characters=characters))
    return made
