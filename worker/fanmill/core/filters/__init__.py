"""The filter language: `key:value` terms over rejections and other listings. Pure."""

from fanmill.core.filters.errors import FilterError
from fanmill.core.filters.keys import Key
from fanmill.core.filters.matching import matches
from fanmill.core.filters.parser import parse_filter
from fanmill.core.filters.terms import Filter, Term, equal_to

__all__ = ["Filter", "FilterError", "Key", "Term", "equal_to", "matches", "parse_filter"]
