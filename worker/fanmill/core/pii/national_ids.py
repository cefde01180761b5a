"""National numbers of persons, in the forms and with the check digits of their countries.

The data is `data/national_ids.toml`; python-stdnum has most check digits.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final

from fanmill.core.pii import own_checks
from fanmill.core.pii.contexts import alternatives, is_numbered, label_line
from fanmill.core.pii.items import Item
from fanmill.core.pii.letters import ALPHABETIC, SPACES

_FILE: Final = Path(__file__).with_name("data") / "national_ids.toml"
_UNCHECKED: Final = "own.several_digits"
_STRONG: Final = 1.0
_WEAK: Final = 0.9
_CLASSES: Final = {"9": r"\d", "X": r"[\dXx]", "A": "[A-Z]", "*": r"[\dA-Z]", " ": f"[{SPACES}]"}


@dataclass(frozen=True, slots=True)
class NationalId:
    """A national number.

    Attributes:
        country: ISO 3166 code of the country, such as `DE`.
        is_valid: Whether a number without separators has the right check digits.
        strong: Forms that need no label.
        weak: Forms that need a label.
        labels: Words near a number that name it.
        example: A valid number.
    """

    country: str
    is_valid: Callable[[str], bool]
    strong: tuple[str, ...]
    weak: tuple[str, ...]
    labels: tuple[str, ...]
    example: str

    @property
    def label(self) -> re.Pattern[str]:
        """Pattern of the labels, made at first use: most documents need few of them."""
        return _label(self.labels)


def national_ids(text: str, begin: int, behind: int) -> Iterator[Item]:
    """Yield national numbers with valid check digits, and a label if the form alone is weak."""
    for found in _pattern().finditer(text, begin, behind):
        number = found[0]
        compact = re.sub(r"[^0-9A-Z]", "", number.upper())
        start = found.start()
        before = label_line(text, start)
        is_numbered_solid = number.isdecimal() and is_numbered(text, start)
        for form, known in _forms().get(len(number), ()):
            if not _form_pattern(form).fullmatch(number):
                continue
            is_strong = form in known.strong and not is_numbered_solid
            if (is_strong or known.label.search(before)) and (
                known.is_valid(compact) or known.is_valid(number)
            ):
                score = _STRONG if is_strong else _WEAK
                yield Item("national-id", start, found.end(), compact, score)
                break


def known_ids() -> tuple[NationalId, ...]:
    """Return the national numbers that are known."""
    return _load()


@cache
def _load() -> tuple[NationalId, ...]:
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    general = data["any"]["labels"]
    return tuple(
        NationalId(
            entry["country"],
            _check(entry["check"]),
            tuple(entry["strong"]),
            tuple(entry["weak"]),
            # Without a check digit, `document 12345678` could be anything.
            (*entry["labels"], *(() if entry["check"] == _UNCHECKED else general)),
            entry["example"],
        )
        for entry in data["id"]
    )


def _check(name: str) -> Callable[[str], bool]:
    def is_valid(number: str) -> bool:
        try:
            return bool(_checking(name)(number))
        except (ValueError, IndexError):
            return False

    return is_valid


@cache
def _checking(name: str) -> Callable[[str], bool]:
    """Return a check; the modules of all of them would take 30 ms to load."""
    check: Callable[[str], bool] = (
        getattr(own_checks, name.removeprefix("own."))
        if name.startswith("own.")
        else import_module(f"stdnum.{name}").is_valid
    )
    return check


_MIN_LONG_LABEL: Final = 5


@cache
def _label(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for labels near a number, with no digit between.

    A short label, such as `PAN`, must be nearer than a long one: it may be another word.
    """
    ordered = sorted(words, key=lambda word: (-len(word), word))
    long = tuple(word for word in ordered if len(word) >= _MIN_LONG_LABEL)
    short = tuple(word for word in ordered if len(word) < _MIN_LONG_LABEL)
    patterns = []
    if long:
        patterns.append(rf"(?:{alternatives(long)})[^\d\n]{{0,30}}\Z")
    if short:
        whole = rf"(?<![{ALPHABETIC}])(?:{alternatives(short)})(?![{ALPHABETIC}])"
        patterns.append(rf"{whole}[^\d\n]{{0,14}}\Z")
    return re.compile("|".join(patterns), re.IGNORECASE)


@cache
def _pattern() -> re.Pattern[str]:
    """Return a pattern for all forms, longer ones first.

    Every form begins with a digit or a capital. The pattern begins with both, because `re` searches
    for a set in a tenth of the time in which it tries alternatives; then it looks back.
    """
    forms = {form for listed in _forms().values() for form, _ in listed}
    digits, capitals = (
        _tree({form[1:] for form in forms if form[0] == first}) for first in ("9", "A")
    )
    return re.compile(
        rf"[\dA-Z](?<![{ALPHABETIC}\d_@/.\-].)(?<!\d[ ,].)"
        rf"(?:(?<=\d)(?:{digits})|(?<=[A-Z])(?:{capitals}))"
        rf"(?![{ALPHABETIC}\d_@])(?![.,/\-]\d)(?!-[A-Za-z])"
    )


def _tree(forms: set[str]) -> str:
    """Return a pattern for forms that has their common beginnings once, which takes less time."""
    by_first: dict[str, set[str]] = {}
    for form in sorted(filter(None, forms)):
        by_first.setdefault(form[0], set()).add(form[1:])
    if not by_first:
        return ""
    branches = [
        _CLASSES.get(first, re.escape(first)) + _tree(rest) for first, rest in by_first.items()
    ]
    is_one = len(branches) == 1 and "" not in forms
    return branches[0] if is_one else f"(?:{'|'.join(branches)}){'?' if '' in forms else ''}"


@cache
def _form_pattern(form: str) -> re.Pattern[str]:
    return re.compile("".join(_CLASSES.get(each, re.escape(each)) for each in form))


@cache
def _forms() -> dict[int, list[tuple[str, NationalId]]]:
    """Return the forms with their national numbers, by length."""
    forms: dict[int, list[tuple[str, NationalId]]] = {}
    for known in _load():
        for form in dict.fromkeys((*known.strong, *known.weak)):
            forms.setdefault(len(form), []).append((form, known))
    return forms
