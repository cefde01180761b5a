"""Tokens of the search index: values of keys, and words of texts. Pure.

All values of a record are tokens of one full-text index, so that SQLite intersects sorted lists of
positions, the newest first, whatever a filter combines. The first character tells their kinds
apart; tokens of texts begin with letters, digits or marks.
"""

import base64
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

from fanmill.core.filters.keys import Catalogue
from fanmill.core.filters.matching import Values
from fanmill.core.filters.record_values import record_passages, record_values
from fanmill.core.search_tokens import TOKENS_VERSION, index_tokens
from fanmill.stores.sqlite.number_codes import number_codes, time_codes

FACETS_VERSION: Final = f"1.{TOKENS_VERSION}"
"""Changes with the tokens of any record: the index is then made anew."""

EVERY: Final = "·"
"""Token of every record."""
_END: Final = "¬"
"""Token between passages: no phrase reaches over it."""
_TEXT, _NUMBER, _TIME = "§", "¤", "¶"


def record_tokens(record: Mapping[str, Any], known: Catalogue) -> str:
    """Return the tokens of a record with spaces between them.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: It is no record.
    """
    return tokens_of(record_values(record), known, record_passages(record))


def tokens_of(values: Values, known: Catalogue, passages: Iterable[str] = ()) -> str:
    """Return the tokens of values and passages with spaces between them.

    Args:
        values: Values of the keys.
        known: The keys that are indexed, with their kinds; durations and phrases are not.
        passages: Texts that are searched.
    """
    tokens = [EVERY]
    for key, value in values.items():
        if value is None or key not in known:
            continue
        kind = known[key].kind
        if kind == "number":
            prefix = _NUMBER + _short(key)
            tokens += [prefix + code for code in number_codes(value)]
        elif kind == "time":
            prefix = _TIME + _short(key)
            tokens += [prefix + code for code in time_codes(value)]  # type: ignore[arg-type]
        elif kind == "text":
            each = value if isinstance(value, tuple) else (value,)
            tokens += [text_token(key, str(one)) for one in each]
    for passage in passages:
        words = index_tokens(passage)
        if words:
            tokens.append(_END)
            tokens += words
    return " ".join(tokens)


@lru_cache(maxsize=1 << 15)
def text_token(key: str, value: str) -> str:
    """Return the token of a text value: 60 bits of a digest."""
    return _TEXT + _digest(f"{key}\0{value}", 12)


def number_token(key: str, code: str) -> str:
    """Return the token of a code of `number_codes`."""
    return _NUMBER + _short(key) + code


def time_token(key: str, code: str) -> str:
    """Return the token of a code of `time_codes`."""
    return _TIME + _short(key) + code


@lru_cache(maxsize=1024)
def _short(key: str) -> str:
    return _digest(key, 6)


def _digest(text: str, characters: int) -> str:
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).digest()
    return base64.b32encode(digest).decode("ascii")[:characters].lower()
