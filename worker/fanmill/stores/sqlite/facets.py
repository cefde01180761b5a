"""Tokens of the search index: values of keys, and words of texts. Pure.

All values of a record are tokens of one full-text index, so that SQLite intersects sorted lists of
positions, the newest first, whatever a filter combines. The first character tells their kinds
apart; tokens of texts begin with letters, digits or marks.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

from fanmill.core.filters.keys import Catalogue
from fanmill.core.filters.matching import Values
from fanmill.core.filters.record_keys import RECORD_KEYS
from fanmill.core.filters.record_values import record_passages, record_values
from fanmill.core.filters.rejection_keys import REJECTION_KEYS
from fanmill.core.search_tokens import TOKENS_VERSION, index_tokens, passage_tokens
from fanmill.stores.sqlite.number_codes import TIME_STEP, codes_above, finest_code, time_codes

FACETS_VERSION: Final = f"1.{TOKENS_VERSION}"
"""Changes with the tokens of any record: the index is then made anew."""

EVERY: Final = "·"
"""Token of every record."""
END: Final = "¬"
"""Token before and after each passage: no phrase reaches over it."""
KEYPHRASE: Final = "keyphrase"
"""Namespace of the tags that are passages, too, and have no tokens of their own."""
_UNIQUE: Final = frozenset({"document", "event", "digest", "url", "title"})
"""Keys whose values are rarely seen again: a cache would only lose others to them."""
_MAX_CODES: Final = 2048
"""Number of codes of a key whose tokens are kept."""
_TEXT, _NUMBER, _TIME = "§", "¤", "¶"


def record_tokens(record: Mapping[str, Any]) -> str:
    """Return the tokens of a record with spaces between them.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: It is no record.
    """
    values = record_values(record, tags=False)
    values["tag"] = tuple(_indexed_tags((record.get("tagging") or {}).get("tags") or {}))
    tokens = _value_tokens(values, RECORD_KEYS)
    tokens.append(passage_tokens(record_passages(record), END))
    return " ".join(tokens)


def _indexed_tags(tags: Mapping[str, Any]) -> Iterator[str]:
    for namespace, listed in tags.items():
        for each in listed:
            value = each["value"]
            if namespace != KEYPHRASE or not has_tokens(value):
                yield value
                yield f"{namespace}/{value}"


def has_tokens(text: str) -> bool:
    """Return whether a text has letters or digits to search for."""
    first = text[:1]
    # The letters that nearly all texts begin with need no tokens to tell.
    known = first.isascii() or "\u0400" <= first <= "\u045f" or "\u4e00" <= first <= "\u9fff"
    return (known and first.isalnum()) or bool(index_tokens(text))


def rejection_tokens(values: Values) -> str:
    """Return the tokens of a rejection, by its values, with spaces between them."""
    return " ".join(_value_tokens(values, REJECTION_KEYS))


def _value_tokens(values: Values, known: Catalogue) -> list[str]:
    tokens = [EVERY]
    for key, value in values.items():
        if value is None:
            continue
        kind = known[key].kind
        if kind == "number":
            code = finest_code(value)
            tokens.append(_NUMBERS[key].get(code) or _number_tokens(key, code))
        elif isinstance(value, tuple):
            tokens += [text_token(key, each) for each in value]
        elif kind == "text":
            tokens.append((_text_token if key in _UNIQUE else text_token)(key, str(value)))
        else:
            tokens.append(_time_tokens(key, value // TIME_STEP))  # type: ignore[operator]
    return tokens


# By code, not by value: nearly every number of a record has a code that was seen before. A key has
# up to 10,500 codes, and far fewer in use.
_NUMBERS: Final[defaultdict[str, dict[str, str]]] = defaultdict(dict)


def _number_tokens(key: str, finest: str) -> str:
    made = " ".join([number_token(key, code) for code in codes_above(finest)])
    if len(_NUMBERS[key]) < _MAX_CODES:
        _NUMBERS[key][finest] = made
    return made


@lru_cache(maxsize=1024)
def _time_tokens(key: str, step: int) -> str:
    return " ".join([time_token(key, code) for code in time_codes(step * TIME_STEP)])


@lru_cache(maxsize=1 << 15)
def text_token(key: str, value: str) -> str:
    """Return the token of a text value: 56 bits of a digest."""
    return _text_token(key, value)


def _text_token(key: str, value: str) -> str:
    return _TEXT + _digest(f"{key}\0{value}", 14)


def number_token(key: str, code: str) -> str:
    """Return the token of a code of a number."""
    return _NUMBER + short(key) + code


def time_token(key: str, code: str) -> str:
    """Return the token of a code of a time."""
    return _TIME + short(key) + code


@lru_cache(maxsize=1024)
def short(key: str) -> str:
    """Return four characters for a key; a test asserts that no two keys share them."""
    return _digest(key, 4)


def _digest(text: str, characters: int) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=7).hexdigest()[:characters]
